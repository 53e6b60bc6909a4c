import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { createContext, type InvocationContext } from "../context.ts";
import { type AnyFunction, defineFunction } from "../define.ts";
import type { Middleware } from "../middleware.ts";
import { direct } from "../triggers/direct.ts";
import { queue } from "../triggers/queue.ts";
import { compileDirect } from "./direct.ts";

function contextOf(deadline?: number): InvocationContext {
  const sink = (): void => {};
  return createContext({
    provider: "test",
    functionName: "fn",
    invocationId: "1",
    deadline,
    sink,
    env: {},
    raw: undefined,
  });
}

function call(definition: AnyFunction, input: unknown, ctx = contextOf()): Promise<unknown> {
  return compileDirect(definition).handle({ input, raw: "native" }, ctx);
}

const Sum = z.object({ sum: z.number() });
const add = defineFunction({
  trigger: direct({ input: z.object({ a: z.coerce.number(), b: z.coerce.number() }), output: Sum }),
  handler: ({ input, raw }) => ({ sum: raw === "native" ? input.a + input.b : Number.NaN }),
});

describe("a direct call", () => {
  test("gives the output for the validated input", async () => {
    expect(await call(add, { a: "1", b: 2 })).toEqual({ sum: 3 });
    expect(await call(defineFunction({ trigger: direct(), handler: ({ input }) => input }), [1])).toEqual([
      1,
    ]);
  });

  test("output is what the schema makes of it", async () => {
    const output = z.object({ n: z.string().transform(Number) });
    const definition = defineFunction({
      trigger: direct({ output }),
      handler: async () => ({ n: "5", secret: 1 }),
    });
    expect(await call(definition, undefined)).toEqual({ n: 5 });
  });

  test("tells invalid input from invalid output", async () => {
    await expect(call(add, { a: "x" })).rejects.toMatchObject({
      code: "invalid-message",
      message: expect.stringContaining("a: "),
    });
    const broken = defineFunction({
      trigger: direct({ output: Sum }),
      handler: () => ({ sum: "3" as never }),
    });
    await expect(call(broken, 1)).rejects.toMatchObject({ code: "invalid-output" });
  });

  test("fails as the handler fails", async () => {
    const error = new Error("no");
    const handler = (): never => {
      throw error;
    };
    await expect(call(defineFunction({ trigger: direct(), handler }), 1)).rejects.toBe(error);
  });

  test("goes through middleware, before validation", async () => {
    const seen: unknown[] = [];
    const noting: Middleware<"direct"> = async (event, _ctx, next) => {
      seen.push(event.input);
      return { ...((await next()) as object), sum: 7 };
    };
    const definition = defineFunction({ ...add, name: "add", use: [noting] });
    expect(await call(definition, { a: "1", b: "2" })).toEqual({ sum: 7 });
    expect(seen).toEqual([{ a: "1", b: "2" }]);
  });

  test("is for direct functions", () => {
    expect(() => compileDirect(defineFunction({ trigger: queue("q"), handler: () => {} }))).toThrow(
      'A function with a "queue" trigger cannot be called directly.',
    );
  });
});

describe("the deadline", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("a handler that is not done is given up", async () => {
    const hanging = defineFunction({ trigger: direct(), handler: () => new Promise(() => {}) });
    const failed = expect(call(hanging, 1, contextOf(Date.now() + 5000))).rejects.toMatchObject({
      code: "timeout",
    });
    await vi.advanceTimersByTimeAsync(4750);
    await failed;
    expect(vi.getTimerCount()).toBe(0);
  });
});

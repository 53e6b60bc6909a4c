import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { contexts } from "../../../../test/support/contexts.ts";
import { byKey, handle, kinds, messages } from "../../../../test/support/messages.ts";
import { type AnyFunction, defineFunction } from "../define.ts";
import { DeadLetter, Retry } from "../errors.ts";
import { type Message, type QueueTrigger, queue } from "../triggers/queue.ts";
import { topic } from "../triggers/topic.ts";
import type { GroupOf } from "./groups.ts";
import type { Outcome } from "./outcome.ts";
import { preparePayload } from "./prepare.ts";
import { compileEvents } from "./run.ts";

const { logged, contextOf } = contexts();
afterEach(() => {
  logged.length = 0;
});

function run(
  definition: AnyFunction,
  events: readonly (Message | Error)[],
  groupOf?: GroupOf<Message>,
  ctx = contextOf(),
): Promise<Outcome[]> {
  return handle(definition, events, ctx, groupOf);
}

describe("one message at a time", () => {
  const fated = (fate: unknown): unknown => {
    if (fate === "throw") throw new Error("thrown");
    if (fate === "reject") return Promise.reject(new Error("rejected"));
    if (fate === "retry") throw new Retry("later", { after: 5 });
    if (fate === "dead") throw new DeadLetter("never");
    if (fate === "return-retry") return new Retry("later", { after: 7 });
    if (fate === "return-dead") return Promise.resolve(new DeadLetter("never"));
    if (fate === "return-error") return new Error("returned and meant all the same");
    if (fate === "foreign") throw Object.assign(new Error("of another copy"), { code: "dead-letter" });
    if (fate === "odd-after") throw new Retry("later", { after: Number.POSITIVE_INFINITY });
    if (fate === "text") throw "text";
    return "anything";
  };
  const definition = defineFunction({ trigger: queue("jobs"), handler: ({ data }) => fated(data) });

  test.each<[string, string, number | undefined]>([
    ["done", "done", undefined],
    ["throw", "retry", undefined],
    ["reject", "retry", undefined],
    ["retry", "retry", 5],
    ["dead", "dead-letter", undefined],
    ["return-retry", "retry", 7],
    ["return-dead", "dead-letter", undefined],
    ["return-error", "retry", undefined],
    ["foreign", "dead-letter", undefined],
    ["odd-after", "retry", undefined],
    ["text", "retry", undefined],
  ])("%s → %s", async (fate, kind, after) => {
    const [outcome] = await run(definition, messages(fate));
    expect(outcome?.kind ?? "done").toBe(kind);
    expect(outcome?.after).toBe(after);
    expect(logged).toMatchObject(
      kind === "done"
        ? []
        : [{ level: "error", fields: { id: "m-0", outcome: kind, error: expect.any(Error) } }],
    );
  });

  test("every subset of failing messages fails, and no other", async () => {
    for (let size = 0; size <= 5; size++) {
      for (let subset = 0; subset < 2 ** size; subset++) {
        const fates = Array.from({ length: size }, (_, index) => ((subset >> index) & 1 ? "throw" : "done"));
        const expected = fates.map((fate) => (fate === "throw" ? "retry" : "done")).join(" ");
        expect(kinds(await run(definition, messages(...fates)))).toBe(expected);
      }
    }
  });

  test("a thenable is waited for as a promise is", async () => {
    const fated = (data: unknown): unknown =>
      data === "fails" ? Promise.reject(new Error("no")) : Promise.resolve();
    // Calls back at once, with a promise; an object with a literal `then` is refused by the linter.
    const handler = ({ data }: Message): unknown =>
      new Proxy(
        {},
        {
          get: (_, name) =>
            name === "then" ? (resolve: (value: unknown) => void) => resolve(fated(data)) : undefined,
        },
      );
    for (const concurrency of [1, 10]) {
      const lazy = defineFunction({ trigger: queue("jobs"), concurrency, handler });
      expect(kinds(await run(lazy, messages("fails", "ends", "fails")))).toBe("retry done retry");
    }
  });

  test("a message that could not be decoded fails alone", async () => {
    const [first, last] = messages("done", "done") as [Message, Message];
    expect(kinds(await run(definition, [first, new DeadLetter("undecodable"), last]))).toBe(
      "done dead-letter done",
    );
  });

  test("an invalid message is dead, and the handler sees only validated data", async () => {
    const seen: unknown[] = [];
    const strict = defineFunction({
      trigger: queue("jobs", { message: z.object({ n: z.coerce.number() }) }),
      handler: ({ data }) => void seen.push(data),
    });
    expect(kinds(await run(strict, messages('{"n":"5"}', "{}", "no json")))).toBe(
      "done dead-letter dead-letter",
    );
    expect(seen).toEqual([{ n: 5 }]);
  });

  test("an asynchronous schema is waited for, one that throws is tried again", async () => {
    const slow = defineFunction({
      trigger: queue("jobs", { message: z.string().refine(async (text) => text === "ok") }),
      handler: () => {},
    });
    expect(kinds(await run(slow, messages("ok", "no")))).toBe("done dead-letter");
    const broken = z.string().transform((): string => {
      throw new Error("schema bug");
    });
    const failing = defineFunction({ trigger: queue("jobs", { message: broken }), handler: () => {} });
    expect(kinds(await run(failing, messages("x")))).toBe("retry");
  });

  test("another trigger's function is refused", () => {
    const other = defineFunction({ trigger: topic("jobs"), handler: () => {} });
    expect(() => compileEvents<QueueTrigger, Message>(other, "queue", preparePayload)).toThrow(
      'A function with a "topic" trigger was given where a "queue" trigger is needed.',
    );
  });
});

describe("at once", () => {
  test.each([
    [undefined, 6],
    [1, 1],
    [2, 2],
    [2.9, 2],
    [100, 6],
  ])("with a concurrency of %s, %i run", async (concurrency, most) => {
    let running = 0;
    let peak = 0;
    const definition = defineFunction({
      trigger: queue("jobs"),
      ...(concurrency === undefined ? {} : { concurrency }),
      handler: async () => {
        running++;
        peak = Math.max(peak, running);
        await Promise.resolve();
        running--;
      },
    });
    expect(kinds(await run(definition, messages("a", "b", "c", "d", "e", "f")))).toBe(
      "done done done done done done",
    );
    expect(peak).toBe(most);
  });
});

describe("in order", () => {
  const order: string[] = [];
  beforeEach(() => {
    order.length = 0;
  });
  const definition = defineFunction({
    trigger: queue("jobs"),
    handler: async (message) => {
      order.push(message.id);
      await Promise.resolve();
      if (message.text().startsWith("throw")) throw new Error("no");
      if (message.text().startsWith("dead")) throw new DeadLetter("never");
    },
  });

  test("a group stops at its first failure, others and those without a group go on", async () => {
    const events = messages("ok-a", "throw-a", "ok-b", "ok-a", "ok", "throw", "ok", "dead-b", "ok-b");
    expect(kinds(await run(definition, events, byKey))).toBe(
      "done retry done not-run done retry done dead-letter not-run",
    );
    expect(order).not.toContain("m-3");
    expect(order.indexOf("m-0")).toBeLessThan(order.indexOf("m-1"));
    expect(logged.filter(({ level }) => level === "warn")).toHaveLength(2);
  });

  test("a group's messages do not overlap", async () => {
    let running = 0;
    const careful = defineFunction({
      trigger: queue("jobs"),
      handler: async () => {
        expect(++running).toBe(1);
        await Promise.resolve();
        running--;
      },
    });
    expect(kinds(await run(careful, messages("1-a", "2-a", "3-a"), byKey))).toBe("done done done");
  });

  test("a message that could not be decoded stops its group", async () => {
    const [first, last] = messages("ok-a", "ok-a") as [Message, Message];
    const outcomes = await run(definition, [first, new Error("undecodable"), last], () => "one");
    expect(kinds(outcomes)).toBe("done retry not-run");
  });
});

describe("the deadline", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const never = new Promise(() => {});

  test("what is done is done, what runs or waits is tried again, and nothing starts any more", async () => {
    const started: string[] = [];
    const definition = defineFunction({
      trigger: queue("jobs"),
      concurrency: 2,
      handler: async ({ id, data }) => {
        started.push(id);
        if (data === "hang") await never;
      },
    });
    const outcomes = run(
      definition,
      messages("ok", "hang", "hang", "ok"),
      undefined,
      contextOf({ deadline: Date.now() + 5000 }),
    );
    await vi.advanceTimersByTimeAsync(4750);
    expect(kinds(await outcomes)).toBe("done retry retry retry");
    expect((await outcomes)[1]?.error).toMatchObject({ code: "timeout" });
    expect(started).toEqual(["m-0", "m-1", "m-2"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("what waits for its validation at the deadline is not started", async () => {
    const started: string[] = [];
    const definition = defineFunction({
      trigger: queue("jobs", { message: z.string().refine(() => validated.promise) }),
      handler: ({ id }) => void started.push(id),
    });
    const validated = Promise.withResolvers<boolean>();
    const outcomes = run(definition, messages("a"), undefined, contextOf({ deadline: Date.now() + 5000 }));
    await vi.advanceTimersByTimeAsync(4750);
    expect(kinds(await outcomes)).toBe("retry");
    validated.resolve(true);
    await vi.advanceTimersByTimeAsync(10);
    expect(started).toEqual([]);
  });

  test("a late end changes nothing", async () => {
    const late = Promise.withResolvers<void>();
    const definition = defineFunction({ trigger: queue("jobs"), handler: () => late.promise });
    const outcomes = run(
      definition,
      messages("a-g", "b-g"),
      byKey,
      contextOf({ deadline: Date.now() + 5000 }),
    );
    await vi.advanceTimersByTimeAsync(4750);
    const given = kinds(await outcomes);
    late.resolve();
    await vi.advanceTimersByTimeAsync(1000);
    expect([given, kinds(await outcomes)]).toEqual(["retry retry", "retry retry"]);
  });

  test("a batch that is not done is tried again as a whole", async () => {
    const definition = defineFunction({
      trigger: queue("jobs", { batch: true }),
      handler: () => never as never,
    });
    const outcomes = run(
      definition,
      messages("a", "b"),
      undefined,
      contextOf({ deadline: Date.now() + 5000 }),
    );
    await vi.advanceTimersByTimeAsync(4750);
    expect(kinds(await outcomes)).toBe("retry retry");
  });
});

import { setImmediate } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { contexts } from "../../../../test/support/contexts.ts";
import { byKey, handle, kinds, messages } from "../../../../test/support/messages.ts";
import { type AnyFunction, defineFunction } from "../define.ts";
import { DeadLetter, Retry } from "../errors.ts";
import type { Middleware } from "../middleware.ts";
import { type BatchOutcome, type Message, queue } from "../triggers/queue.ts";
import type { GroupOf } from "./groups.ts";
import type { Outcome } from "./outcome.ts";

const { contextOf } = contexts();

function run(
  definition: AnyFunction,
  events: readonly (Message | Error)[],
  groupOf?: GroupOf<Message>,
  ctx = contextOf(),
): Promise<Outcome[]> {
  return handle(definition, events, ctx, groupOf);
}

describe("the whole batch", () => {
  const batch = (
    handler: (batch: readonly Message[]) => unknown,
    use: readonly Middleware<"queue">[] = [],
  ): AnyFunction =>
    defineFunction({
      trigger: queue("jobs", { batch: true }),
      use,
      handler: handler as (batch: readonly Message[]) => readonly BatchOutcome[],
    });
  const three = messages("a", "b", "c");

  test.each<[string, unknown, string]>([
    ["nothing", undefined, "done done done"],
    ["nothing for each", [undefined, null, undefined], "done done done"],
    [
      "an outcome for each",
      [undefined, new Retry("r", { after: 3 }), new DeadLetter("d")],
      "done retry dead-letter",
    ],
    ["a plain error", [undefined, new Error("e"), undefined], "done retry done"],
    ["too few", [undefined], "retry retry retry"],
    ["too many", [undefined, undefined, undefined, undefined], "retry retry retry"],
    ["something else for one", [undefined, "failed", undefined], "retry retry retry"],
    ["something else", { batchItemFailures: [] }, "retry retry retry"],
    ["null", null, "retry retry retry"],
    ["a number", 3, "retry retry retry"],
  ])("%s", async (_name, result, expected) => {
    expect(
      kinds(
        await run(
          batch(() => result),
          three,
        ),
      ),
    ).toBe(expected);
    expect(
      kinds(
        await run(
          batch(async () => result),
          three,
        ),
      ),
    ).toBe(expected);
  });

  test("every subset of failing messages fails, and no other", async () => {
    for (let size = 1; size <= 5; size++) {
      for (let subset = 0; subset < 2 ** size; subset++) {
        const fails = Array.from({ length: size }, (_, index) => ((subset >> index) & 1) === 1);
        const definition = batch((all) =>
          all.map((_, index) => (fails[index] ? new Error("no") : undefined)),
        );
        const expected = fails.map((failed) => (failed ? "retry" : "done")).join(" ");
        expect(kinds(await run(definition, messages(...fails.map(String))))).toBe(expected);
      }
    }
  });

  test("a throw fails all, an empty batch runs nothing", async () => {
    const handler = vi.fn(() => {
      throw new DeadLetter("all");
    });
    expect(kinds(await run(batch(handler), three))).toBe("dead-letter dead-letter dead-letter");
    handler.mockClear();
    expect(await run(batch(handler), [])).toEqual([]);
    expect(handler).not.toHaveBeenCalled();
  });

  test("the handler gets the valid messages, and its outcomes are of those", async () => {
    const seen: unknown[] = [];
    const definition = defineFunction({
      trigger: queue("jobs", { batch: true, message: z.number() }),
      handler: (all) => {
        seen.push(...all.map(({ data }) => data));
        return all.map(({ data }) => (data === 2 ? new Error("no") : undefined));
      },
    });
    const events = messages("1", "invalid", "2", "3");
    expect(kinds(await run(definition, events))).toBe("done dead-letter retry done");
    expect(seen).toEqual([1, 2, 3]);
    seen.length = 0;
    expect(kinds(await run(definition, [...messages("2"), new Error("undecodable"), ...messages("3")]))).toBe(
      "retry retry done",
    );
    expect(kinds(await run(definition, messages("x", "y")))).toBe("dead-letter dead-letter");
    expect(seen).toEqual([2, 3]);
  });

  test("in an ordered source the handler gets nothing that lies behind a failure", async () => {
    const seen: unknown[] = [];
    const definition = defineFunction({
      trigger: queue("jobs", { batch: true, message: z.number() }),
      handler: (all) => {
        seen.push(...all.map(({ id }) => id));
        return all.map(({ data }) => (data === 9 ? new Error("no") : undefined));
      },
    });
    const groups = ["a", "b", "c", "b", "c", "a", "a"];
    const events = [...messages("1", "x", "1", "1"), new Error("undecodable"), ...messages("9", "1")];
    const groupOf: GroupOf<Message> = (_message, index) => groups[index];
    expect(kinds(await run(definition, events, groupOf))).toBe(
      "done dead-letter done not-run retry retry not-run",
    );
    expect(seen).toEqual(["m-0", "m-2", "m-0", "m-1"]);
    seen.length = 0;
    const behind = [new Error("undecodable"), ...messages("1", "2")];
    expect(kinds(await run(definition, behind, () => "a"))).toBe("retry not-run not-run");
    expect(seen).toEqual([]);
  });

  test("in an ordered source nothing behind a failure counts as done", async () => {
    const definition = batch((all) =>
      all.map((message) => (message.text().startsWith("no") ? new Error("no") : undefined)),
    );
    const events = messages("ok-a", "no-a", "ok-b", "ok-a", "ok", "no-a");
    expect(kinds(await run(definition, events, byKey))).toBe("done retry done not-run done retry");
  });
});

describe("middleware", () => {
  const forgetful: Middleware<"queue"> = async (_event, _ctx, next) => {
    await next();
  };
  const swallowing: Middleware<"queue"> = async (_event, _ctx, next) => {
    try {
      await next();
    } catch {}
  };

  test("that returns nothing loses no failure", async () => {
    const fate = (text: string): unknown => {
      if (text === "throw") throw new Error("no");
      return text === "retry" ? new Retry() : undefined;
    };
    const one = defineFunction({
      trigger: queue("jobs"),
      use: [forgetful],
      handler: (message) => fate(message.text()),
    });
    expect(kinds(await run(one, messages("throw", "retry", "done")))).toBe("retry retry done");
    const all = defineFunction({
      trigger: queue("jobs", { batch: true }),
      use: [forgetful],
      handler: (list) => list.map((message) => (message.text() === "retry" ? new Retry() : undefined)),
    });
    expect(kinds(await run(all, messages("retry", "done")))).toBe("retry done");
  });

  test("that does not wait for next() does not answer in its place", async () => {
    const hasty: Middleware<"queue"> = (_event, _ctx, next) => {
      next();
    };
    const hastyToo: Middleware<"queue"> = async (_event, _ctx, next) => {
      next();
    };
    const fail = async (): Promise<never> => {
      await setImmediate();
      throw new Error("no");
    };
    for (const use of [[hasty], [hastyToo], [hasty, hastyToo, hasty]]) {
      const one = defineFunction({ trigger: queue("jobs"), use, handler: fail });
      expect(kinds(await run(one, messages("a", "b")))).toBe("retry retry");
      const all = defineFunction({ trigger: queue("jobs", { batch: true }), use, handler: fail });
      expect(kinds(await run(all, messages("a", "b")))).toBe("retry retry");
    }
  });

  test("that answers a whole batch without its handler must make sense", async () => {
    const handler = vi.fn(() => []);
    const trigger = queue("jobs", { batch: true });
    for (const answer of [null, "done", [undefined]]) {
      const instead = defineFunction({ trigger, use: [() => answer], handler });
      expect(kinds(await run(instead, messages("a", "b")))).toBe("retry retry");
    }
    const done = defineFunction({ trigger, use: [() => undefined], handler });
    expect(kinds(await run(done, messages("a", "b")))).toBe("done done");
    expect(handler).not.toHaveBeenCalled();
  });

  test("may decide otherwise", async () => {
    const handler = (): never => {
      throw new Error("no");
    };
    const swallowed = defineFunction({ trigger: queue("jobs"), use: [swallowing], handler });
    expect(kinds(await run(swallowed, messages("a")))).toBe("done");
    const deciding: Middleware<"queue"> = () => new DeadLetter("not here");
    const refused = defineFunction({ trigger: queue("jobs"), use: [deciding], handler });
    expect(kinds(await run(refused, messages("a")))).toBe("dead-letter");
    const listing: Middleware<"queue"> = () => [new Retry(), undefined];
    const listed = defineFunction({ trigger: queue("jobs", { batch: true }), use: [listing], handler });
    expect(kinds(await run(listed, messages("a", "b")))).toBe("retry done");
  });

  test("that calls next() twice fails the message", async () => {
    const handler = vi.fn();
    const twice: Middleware<"queue"> = async (_event, _ctx, next) => {
      await next();
      await next();
    };
    const definition = defineFunction({ trigger: queue("jobs"), use: [twice], handler });
    expect(kinds(await run(definition, messages("a")))).toBe("retry");
    expect(handler).toHaveBeenCalledOnce();
  });

  test("sees the event before validation, the first outermost", async () => {
    const seen: unknown[] = [];
    const noting =
      (name: string): Middleware<"queue"> =>
      async (event, _ctx, next) => {
        seen.push(name, (event as Message).text());
        return next();
      };
    const definition = defineFunction({
      trigger: queue("jobs", { message: z.number() }),
      use: [noting("a"), noting("b")],
      handler: () => {},
    });
    expect(kinds(await run(definition, messages("invalid")))).toBe("dead-letter");
    expect(seen).toEqual(["a", "invalid", "b", "invalid"]);
  });
});

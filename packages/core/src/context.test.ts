import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  beforeDeadline,
  type ContextInit,
  createContext,
  type InvocationContext,
  inTime,
  LATE,
} from "./context.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const entries: { readonly level: string; readonly message: string; readonly fields: unknown }[] = [];
afterEach(() => {
  entries.length = 0;
});

function contextOf(init: Partial<ContextInit> = {}): InvocationContext {
  return createContext({
    provider: "test",
    functionName: "fn",
    invocationId: "i-1",
    sink: (level, message, fields) => void entries.push({ level, message, fields }),
    env: {},
    raw: undefined,
    ...init,
  });
}

describe("the deadline", () => {
  test("without one there is all the time", () => {
    const ctx = contextOf();
    expect([ctx.deadline, ctx.remainingMs(), ctx.giveUpAt]).toEqual([
      undefined,
      Number.POSITIVE_INFINITY,
      undefined,
    ]);
    expect(ctx.signal.aborted).toBe(false);
  });

  test("time runs down to 0", () => {
    const { deadline, remainingMs } = contextOf({ deadline: Date.now() + 5000 });
    expect(deadline).toEqual(new Date(1_005_000));
    vi.advanceTimersByTime(2000);
    expect(remainingMs()).toBe(3000);
    vi.advanceTimersByTime(9000);
    expect(remainingMs()).toBe(0);
  });

  test.each([
    [60_000, 59_000, 59_500],
    [5000, 4500, 4750],
    [100, 80, 90],
  ])(
    "of %i ms, the signal aborts after %i and the work is given up after %i",
    (time, abortsAt, givesUpAt) => {
      const ctx = contextOf({ deadline: Date.now() + time });
      const { signal } = ctx;
      expect(ctx.giveUpAt).toBe(1_000_000 + givesUpAt);
      vi.advanceTimersByTime(abortsAt - 1);
      expect(signal.aborted).toBe(false);
      vi.advanceTimersByTime(1);
      expect(signal.aborted).toBe(true);
      expect(signal.reason).toMatchObject({ name: "TimeoutError" });
    },
  );

  test("a very long one does not abort at once", () => {
    const ctx = contextOf({ deadline: Date.now() + 1e12 });
    void ctx.signal;
    vi.advanceTimersByTime(1000);
    expect(ctx.signal.aborted).toBe(false);
  });

  test("finishing ends the watch over it", () => {
    const ctx = contextOf({ deadline: Date.now() + 5000 });
    const { signal } = ctx;
    expect(ctx.finish()).toBeUndefined();
    vi.advanceTimersByTime(5000);
    expect(signal.aborted).toBe(false);
  });
});

describe("the signal", () => {
  test("is one", () => {
    const ctx = contextOf();
    expect(ctx.signal).toBe(ctx.signal);
  });

  test("follows the platform's, before and after it is asked for", () => {
    const outer = new AbortController();
    const early = contextOf({ signal: outer.signal });
    const { signal } = early;
    outer.abort(new Error("gone"));
    expect(signal.reason).toMatchObject({ message: "gone" });
    expect(contextOf({ signal: outer.signal }).signal.reason).toMatchObject({ message: "gone" });
  });
});

describe("work before the deadline", () => {
  const never = new Promise<string>(() => {});

  test("gives what it gives, or its error", async () => {
    const ctx = contextOf({ deadline: Date.now() + 5000 });
    expect(await beforeDeadline(Promise.resolve("done"), ctx)).toBe("done");
    await expect(beforeDeadline(Promise.reject(new Error("no")), ctx)).rejects.toThrow("no");
  });

  test("is late when the time to give up comes first", async () => {
    const result = beforeDeadline(never, contextOf({ deadline: Date.now() + 5000 }));
    vi.advanceTimersByTime(4749);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await result).toBe(LATE);
  });

  test("is an error then where the caller wants one", async () => {
    const result = inTime(never, contextOf({ deadline: Date.now() }));
    vi.advanceTimersByTime(0);
    await expect(result).rejects.toMatchObject({ code: "timeout" });
    expect(await inTime(Promise.resolve("done"), contextOf())).toBe("done");
  });

  test("fails unheard once it is late", async () => {
    let fail = (_error: Error): void => {};
    const work = new Promise<string>((_resolve, reject) => {
      fail = reject;
    });
    const result = beforeDeadline(work, contextOf({ deadline: Date.now() }));
    vi.advanceTimersByTime(0);
    fail(new Error("too late"));
    expect(await result).toBe(LATE);
  });

  test("without a deadline has no timer", async () => {
    expect(await beforeDeadline(Promise.resolve(1), contextOf())).toBe(1);
  });
});

describe("background work", () => {
  test("is waited for, with the work that it adds", async () => {
    const ctx = contextOf();
    const order: string[] = [];
    ctx.waitUntil(
      Promise.resolve().then(() => {
        order.push("first");
        ctx.waitUntil(Promise.resolve().then(() => void order.push("second")));
      }),
    );
    await ctx.finish();
    expect(order).toEqual(["first", "second"]);
  });

  test("that fails is logged, and the rest is waited for", async () => {
    const ctx = contextOf();
    const error = new Error("no");
    const done = vi.fn();
    // What a library has in the place of a promise: it returns nothing, and calls back with one.
    const lazy = new Proxy({} as PromiseLike<never>, {
      get: (_, name) =>
        name === "then" ? (resolve: (value: unknown) => void) => resolve(Promise.reject(error)) : undefined,
    });
    ctx.waitUntil(Promise.reject(error));
    ctx.waitUntil(lazy);
    ctx.waitUntil(Promise.resolve().then(done));
    await ctx.finish();
    expect(done).toHaveBeenCalledOnce();
    const entry = { level: "error", message: "Background work failed.", fields: { error } };
    expect(entries).toEqual([entry, entry]);
  });

  test("still hears the signal, and is given up at the deadline", async () => {
    const ctx = contextOf({ deadline: Date.now() + 5000 });
    const { signal } = ctx;
    ctx.waitUntil(new Promise(() => {}));
    const finished = ctx.finish();
    await vi.advanceTimersByTimeAsync(4500);
    expect(signal.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(250);
    await finished;
    expect(entries).toEqual([
      {
        level: "error",
        message: "Background work ran past the deadline.",
        fields: undefined,
      },
    ]);
  });
});

test("ids, trace and log are those of the invocation", () => {
  const trace = vi.fn(() => undefined);
  const one = contextOf({ requestId: "r-1", trace });
  const other = contextOf({ invocationId: "i-2" });
  expect([one.requestId, other.requestId]).toEqual(["r-1", "i-2"]);
  expect([one.trace, one.trace]).toEqual([undefined, undefined]);
  expect(trace).toHaveBeenCalledOnce();
  expect(one.log).toBe(one.log);
  expect(one.log).not.toBe(other.log);
});

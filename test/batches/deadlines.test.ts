import { setImmediate } from "node:timers/promises";
import type { Context } from "@anyfn/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { setUp } from "../support/serve-cloud-function.ts";
import type { Fate } from "./fates.ts";
import { type LabOptions, openLab } from "./lab.ts";
import { specify } from "./oracle.ts";
import type { Answer, Sent, Source } from "./source.ts";
import { closeAll, sources, takesBatches } from "./sources/index.ts";

setUp();
beforeEach(() => {
  // The clock is ours, so that the deadline comes when a test says; sockets have their own.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
});
afterEach(async () => {
  vi.useRealTimers();
  await closeAll();
});

/** Of ten seconds a tenth is kept back: the signal comes a second before the deadline, the answer half a second. */
const TIMEOUT = 10;
const ABORT = 9000;
const GIVE_UP = 9500;

function messagesOf(source: Source, fates: readonly Fate[]): Sent[] {
  const list = source.size === 1 ? fates.slice(-1) : fates;
  return list.map((fate, index) => ({ key: `m${index}`, group: "a", fate }));
}

/** Hangs on the messages that are to be cut off, whatever the signal says, and notes when it came. */
async function openHanging(source: Source, messages: readonly Sent[], options: LabOptions = {}) {
  const hanging = Promise.withResolvers<void>();
  const late = Promise.withResolvers<void>();
  const aborted: unknown[] = [];
  const remaining: (() => number)[] = [];
  const deadlines: unknown[] = [];
  const react = (keys: readonly string[], ctx: Context): unknown => {
    const isHung = messages.some(({ key, fate }) => keys.includes(key) && fate === "is cut off");
    if (!isHung) return undefined;
    deadlines.push(ctx.deadline?.getTime());
    remaining.push(ctx.remainingMs);
    ctx.signal.addEventListener("abort", () => aborted.push([Date.now(), ctx.signal.reason.name]));
    hanging.resolve();
    return late.promise;
  };
  const lab = await openLab(source, react, { timeout: TIMEOUT, ...options });
  return { lab, hanging: hanging.promise, resolveLate: late.resolve, aborted, remaining, deadlines };
}

/** Lets sockets and microtasks do what they have to do. */
async function settleDown(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await setImmediate();
}

describe("a handler that does not end", () => {
  test.each(sources)("$adapter: $name", async (source) => {
    const messages = messagesOf(source, ["done", "done", "is cut off"]);
    const started = Date.now();
    const { lab, hanging, resolveLate, ...seen } = await openHanging(source, messages);
    let answer: Answer | undefined;
    const answered = lab.deliver(messages).then((given) => {
      answer = given;
    });
    await hanging;
    expect(seen.deadlines).toEqual([started + TIMEOUT * 1000]);
    expect(seen.remaining[0]?.()).toBe(TIMEOUT * 1000);
    await vi.advanceTimersByTimeAsync(ABORT - 1);
    expect([seen.remaining[0]?.(), seen.aborted]).toEqual([1001, []]);
    await vi.advanceTimersByTimeAsync(1);
    expect(seen.aborted).toEqual([[started + ABORT, "TimeoutError"]]);
    await vi.advanceTimersByTimeAsync(GIVE_UP - ABORT - 1);
    await settleDown();
    expect(answer).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    await answered;
    const right = specify(messages, source);
    expect(answer).toEqual(source.expected(right.states, messages));
    const keysSeen = [...lab.seen];
    expect(keysSeen.sort()).toEqual(right.seen);
    // What ends after the answer neither changes it nor goes on with what is behind.
    const before = JSON.stringify(answer);
    resolveLate();
    await vi.advanceTimersByTimeAsync(5000);
    await settleDown();
    expect([JSON.stringify(answer), lab.seen.length]).toEqual([before, keysSeen.length]);
    expect(seen.remaining[0]?.()).toBe(0);
  });
});

describe("what waits behind a handler that does not end is not started", () => {
  const several = sources.filter(({ size }) => size > 1);

  test.each(several)("$adapter: $name", async (source) => {
    const fates: Fate[] = ["done", "is cut off", "done", "done"];
    const messages = messagesOf(source, fates);
    const { lab, hanging, resolveLate } = await openHanging(source, messages, { concurrency: 1 });
    const answered = lab.deliver(messages);
    await hanging;
    await vi.advanceTimersByTimeAsync(GIVE_UP);
    // With one at a time, an unordered source is like an ordered one.
    const { states } = specify(messages, { ...source, ordering: "partition" });
    expect(await answered).toEqual(source.expected(states, messages));
    resolveLate();
    await settleDown();
    expect(lab.seen).toEqual(["m0", "m1"]);
  });

  test.each(several)("nor where handlers never let go of the processor: $adapter: $name", async (source) => {
    const messages = messagesOf(source, ["done", "done", "done", "is cut off"]);
    // Four seconds of work for each, in which no timer can fire.
    const work = (): void => void vi.setSystemTime(Date.now() + 4000);
    const lab = await openLab(source, work, { timeout: TIMEOUT });
    const { states } = specify(messages, { ...source, ordering: "partition" });
    expect(await lab.deliver(messages)).toEqual(source.expected(states, messages));
    expect(lab.seen).toEqual(["m0", "m1", "m2"]);
  });
});

describe("a batch handler that does not end fails all of its messages", () => {
  test.each(sources.filter(takesBatches))("$adapter: $name", async (source) => {
    const messages = messagesOf(source, ["is cut off", "is cut off", "is cut off"]);
    const { lab, hanging, aborted, resolveLate } = await openHanging(source, messages, { batch: true });
    const answered = lab.deliver(messages);
    await hanging;
    await vi.advanceTimersByTimeAsync(GIVE_UP);
    const { states } = specify(messages, source, true);
    expect(await answered).toEqual(source.expected(states, messages));
    expect(aborted).toHaveLength(1);
    resolveLate();
    await settleDown();
  });
});

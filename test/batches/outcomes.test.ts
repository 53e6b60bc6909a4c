import { DeadLetter } from "@anyfn/core";
import * as fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { setUp } from "../support/serve-cloud-function.ts";
import { openFated } from "./fated.ts";
import { ENDS, type Fate, failuresOn } from "./fates.ts";
import { openLab } from "./lab.ts";
import { specify } from "./oracle.ts";
import type { Sent, Source } from "./source.ts";
import { closeAll, sources, takesBatches } from "./sources/index.ts";

setUp();
afterEach(closeAll);

/** Groups that take turns, so that there is something before, between and behind. */
const GROUPS = ["a", "b", "a", "c", "b", "a"];

/** Every subset of a batch, as messages that fail; of several failures and ends, each in its turn. */
function* subsets(size: number, failures: readonly Fate[], ends: readonly Fate[]): Generator<Sent[]> {
  for (let subset = 0; subset < 2 ** size; subset++) {
    yield GROUPS.slice(0, size).map((group, index) => {
      const list = (subset >> index) & 1 ? failures : ends;
      return { key: `m${index}`, group, fate: list[(index + subset) % list.length] ?? "done" };
    });
  }
}

/** Sizes 1 to 6 with failures of every kind; while that is quick, which HTTP is not, also each kind by itself. */
function* deliveries(
  { adapter, size: most }: Source,
  failures: readonly Fate[],
  ends: readonly Fate[],
): Generator<Sent[]> {
  const quick = adapter === "aws" || adapter === "azure" ? 2 : 1;
  for (let size = 1; size <= Math.min(6, most); size++) {
    yield* subsets(size, failures, ends);
    if (size <= quick) for (const failure of failures) yield* subsets(size, [failure], ends);
  }
}

describe("every subset of failing messages fails, and no other", () => {
  test.each(sources)("$adapter: $name", async (source) => {
    const check = await openFated(source);
    for (const messages of deliveries(source, failuresOn(source), ENDS)) await check(messages);
  });

  test.each(sources.filter(takesBatches))("$adapter: $name, whole batches", async (source) => {
    const check = await openFated(source, { batch: true });
    const failures = failuresOn(source, true);
    for (const messages of deliveries(source, failures, ["done", "done with null"])) await check(messages);
  });
});

/** Batches of any length, in any mixture of groups and fates. */
function batchesOf({ size }: Source, ends: readonly Fate[], failures: readonly Fate[]): fc.Arbitrary<Sent[]> {
  const fate = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...ends) },
    { weight: 1, arbitrary: fc.constantFrom(...failures) },
  );
  const message = fc.record({ group: fc.constantFrom("a", "b", "c", "d", "e"), fate });
  const list = fc.array(message, { minLength: 1, maxLength: Math.min(size, 40), size: "max" });
  return list.map((drawn) => drawn.map((rest, index) => ({ key: `m${index}`, ...rest })));
}

const batched = sources.filter(({ size }) => size > 1);

describe.each([undefined, 1, 3])("random batches with a concurrency of %s", (concurrency) => {
  test.each(batched)("$adapter: $name", async (source) => {
    const check = await openFated(source, concurrency === undefined ? {} : { concurrency });
    const batches = batchesOf(source, ENDS, failuresOn(source));
    await fc.assert(fc.asyncProperty(batches, check), { seed: 31, numRuns: 12 });
  });
});

describe("random whole batches", () => {
  test.each(batched.filter(takesBatches))("$adapter: $name", async (source) => {
    const check = await openFated(source, { batch: true });
    const batches = batchesOf(source, ["done", "done with null"], failuresOn(source, true));
    await fc.assert(fc.asyncProperty(batches, check), { seed: 32, numRuns: 12 });
  });
});

const SENSELESS: readonly unknown[] = [
  null,
  false,
  0,
  "done",
  "",
  {},
  { batchItemFailures: [] },
  { batchItemFailures: [{ itemIdentifier: "m0" }] },
  new Map(),
  Symbol("done"),
  () => undefined,
  [],
  [undefined],
  [undefined, undefined, undefined, undefined],
  [undefined, undefined, false],
  [undefined, undefined, "failed"],
  [undefined, { kind: "retry", error: new Error("no") }, undefined],
  [undefined, [undefined], undefined],
  [undefined, Promise.resolve(), undefined],
  [{ status: "fulfilled" }, { status: "fulfilled" }, { status: "fulfilled" }],
  new Set([undefined]),
  { length: 3, 0: undefined, 1: undefined, 2: undefined },
  new Error("returned for all of them"),
];

describe("an answer of a batch handler that makes no sense", () => {
  test.each(sources.filter((source) => takesBatches(source) && source.size > 1))(
    "fails all messages: $adapter: $name",
    async (source) => {
      let answer: unknown;
      const lab = await openLab(source, () => answer, { batch: true });
      const messages = ["m0", "m1", "m2"].map(
        (key): Sent => ({ key, group: "a", fate: "gets a senseless answer" }),
      );
      const expected = source.expected(specify(messages, source, true).states, messages);
      for (const senseless of SENSELESS) {
        for (const given of [senseless, Promise.resolve(senseless)]) {
          answer = given;
          expect(await lab.deliver(messages)).toEqual(expected);
        }
      }
    },
  );
});

describe("what a batch handler throws", () => {
  const thrown: [Fate, unknown][] = [
    ["throws", new Error("no")],
    ["throws text", "no"],
    ["throws nothing", undefined],
    ["throws DeadLetter", new DeadLetter("never")],
  ];

  test.each(sources.filter(takesBatches))("fails all messages: $adapter: $name", async (source) => {
    let error: unknown;
    const lab = await openLab(
      source,
      () => {
        throw error;
      },
      { batch: true },
    );
    for (const [fate, value] of thrown) {
      error = value;
      const keys = source.size === 1 ? ["m0"] : ["m0", "m1", "m2"];
      const messages = keys.map((key): Sent => ({ key, group: key, fate }));
      const { states } = specify(messages, source, true);
      expect(await lab.deliver(messages)).toEqual(source.expected(states, messages));
    }
  });
});

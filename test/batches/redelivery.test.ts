import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { setUp } from "../support/serve-cloud-function.ts";
import { type Fate, failuresOn } from "./fates.ts";
import { drain, type Flaky, isPrecise, type Polls } from "./redelivery.ts";
import type { Source } from "./source.ts";
import { closeAll, sources, takesBatches } from "./sources/index.ts";

setUp();
beforeEach(() => {
  // Time stands still until a handler that never ends lets it run out; sockets do not care.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
});
afterEach(async () => {
  vi.useRealTimers();
  await closeAll();
});

const expire = (): void => void vi.advanceTimersByTime(30_000);
const polls: fc.Arbitrary<Polls> = fc.record({
  sizes: fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 }),
  groups: fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 }),
});

function queueOf(failures: readonly Fate[], poison: boolean, most: number): fc.Arbitrary<Flaky[]> {
  const message = fc.record({
    group: fc.constantFrom("a", "b", "c"),
    failures: fc.array(fc.constantFrom(...failures), { maxLength: 3 }),
    isPoison: poison ? fc.integer({ min: 0, max: 5 }).map((drawn) => drawn === 0) : fc.constant(false),
  });
  return fc.array(message, { minLength: 1, maxLength: most, size: "max" });
}

/** What a handler can do to a message, its deadline included. */
function troublesOf(source: Source, batch: boolean): Fate[] {
  const final: Fate[] = ["is invalid", "cannot be decoded"];
  // A sender gives up when nothing but dead letters is left of its request.
  if (source.adapter === "node") final.push("throws DeadLetter");
  const troubles = failuresOn(source, batch).filter((fate) => !final.includes(fate));
  return batch ? troubles : [...troubles, "is cut off"];
}

/** The first successes of the messages that are ordered with one another. */
function byOrder(successes: readonly string[], flaky: readonly Flaky[], { ordering }: Source): string[][] {
  const first = [...new Set(successes)];
  if (ordering === "partition") return [first];
  const groups = Object.groupBy(first, (key) => flaky[Number(key.slice(1))]?.group ?? "");
  return Object.values(groups).filter((keys) => keys !== undefined);
}

const ascending = (keys: readonly string[]): string[] =>
  [...keys].sort((one, other) => Number(one.slice(1)) - Number(other.slice(1)));

async function proveAll(source: Source, batch: boolean): Promise<void> {
  const poison = isPrecise(source) && source.adapter !== "node";
  const messages = queueOf(troublesOf(source, batch), poison, source.size === 1 ? 4 : 20);
  const property = fc.asyncProperty(messages, polls, async (flaky, drawn) => {
    const { successes, dead } = await drain(source, flaky, drawn, { batch, expire });
    const keysOf = (isPoison: boolean): string[] =>
      flaky.flatMap((one, index) => ((one.isPoison ?? false) === isPoison ? [`m${index}`] : []));
    expect(ascending([...new Set(successes)]), "handled at least once").toEqual(keysOf(false));
    expect(ascending(dead), "dead letters").toEqual(keysOf(true));
    if (isPrecise(source)) expect(successes, "handled once").toHaveLength(new Set(successes).size);
    if (source.ordering === "none") return;
    for (const keys of byOrder(successes, flaky, source)) expect(keys, "in order").toEqual(ascending(keys));
  });
  const numRuns = source.adapter === "aws" ? 12 : source.adapter === "azure" ? 6 : 3;
  await fc.assert(property, { seed: 33, numRuns });
}

describe("redelivered until nothing is left", () => {
  test.each(sources)("$adapter: $name", (source) => proveAll(source, false));

  // In an ordered source it is for a batch handler itself to stop at a failure.
  const unordered = sources.filter((source) => takesBatches(source) && source.ordering === "none");
  test.each(unordered)("$adapter: $name, whole batches", (source) => proveAll(source, true));
});

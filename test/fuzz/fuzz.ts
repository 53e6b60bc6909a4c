import fc from "fast-check";
import { describeDifference } from "./difference.ts";
import { DRAWN } from "./mutate.ts";
import { closeTree } from "./tree.ts";
import { type Case, payloadOf, startWatch, type Target, type Watch } from "./trial.ts";
import { REACTIONS } from "./witness.ts";

/** How many payloads, and from which seed: the same seed gives the same payloads. */
export interface FuzzOptions {
  readonly runs: number;
  readonly seed: number;
  /** The number of a payload, to have that one alone. */
  readonly only?: number | undefined;
}

/** Something that went wrong, with the least payload that shows it. */
export interface Finding {
  readonly problem: string;
  /** The number of the first payload that showed it, for `only`. */
  readonly index: number;
  /** The payload that it came from, the function and what its handler did. */
  readonly from: string;
  /** What was changed in it, at the least. */
  readonly changes: readonly string[];
}

/** What came of a run. */
export interface Report {
  readonly target: string;
  readonly payloads: number;
  /** Those that reached the handler; the others were refused. */
  readonly handled: number;
  readonly seconds: number;
  readonly findings: readonly Finding[];
}

const number = fc.noBias(fc.nat({ max: 0x3fffffff }));
const cases: fc.Arbitrary<Case> = fc.record({
  seed: fc.noShrink(number),
  reaction: fc.constantFrom(...REACTIONS),
  mutations: fc.array(fc.record({ op: fc.constantFrom(...DRAWN), at: number, by: number }), { maxLength: 4 }),
});

/** Problems to shrink; those that follow are mostly the same ones in other words. */
const MOST_SHRUNK = 20;

/** A problem, and the number of the first payload that showed it. */
type Found = Pick<Finding, "problem" | "index">;

/** Sends mutated payloads to an adapter and gathers all that goes wrong, each with its least payload. */
export async function fuzz(target: Target, { runs, seed, only }: FuzzOptions): Promise<Report> {
  const watch = startWatch();
  const started = performance.now();
  const found = new Map<string, Found>();
  const first = only ?? 0;
  let index = first;
  let handled = 0;
  const all = fc.asyncProperty(cases, async (one) => {
    for (const problem of await watch.run(target, one)) {
      const key = keyOf(problem);
      if (!found.has(key)) found.set(key, { problem, index });
    }
    if (target.witness.started > 0) handled++;
    index++;
  });
  try {
    await fc.assert(all, { seed, path: String(first), numRuns: only === undefined ? runs : 1 });
    const seconds = (performance.now() - started) / 1000;
    const findings: Finding[] = [];
    for (const [key, each] of [...found].slice(0, MOST_SHRUNK))
      findings.push(describeFinding(target, each, await shrink(target, watch, seed, key, each.index)));
    return { target: target.name, payloads: index - first, handled, seconds, findings };
  } finally {
    watch.stop();
  }
}

/** The least case that shows a problem, from the one at a number; undefined when it does not show it again. */
async function shrink(
  target: Target,
  watch: Watch,
  seed: number,
  key: string,
  at: number,
): Promise<Case | undefined> {
  let least: Case | undefined;
  const shows = fc.asyncProperty(cases, async (one) => {
    if (!(await watch.run(target, one)).some((problem) => keyOf(problem) === key)) return true;
    least = one;
    return false;
  });
  await fc.check(shows, { seed, path: String(at), numRuns: 1 });
  return least;
}

function describeFinding(target: Target, found: Found, least: Case | undefined): Finding {
  if (least === undefined) return { ...found, from: "a payload that did not show it again", changes: [] };
  const { seed, payload } = payloadOf(target, least);
  return {
    ...found,
    from: `${seed.name} to ${seed.fn}, handler: ${least.reaction}`,
    changes: describeDifference(closeTree(seed.tree), payload),
  };
}

/** The same problem with other numbers and texts is the same. */
function keyOf(problem: string): string {
  return problem.replace(/"(?:[^"\\]|\\.)*"|\d+/g, "_").slice(0, 100);
}

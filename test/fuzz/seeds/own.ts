import { openTree } from "../tree.ts";
import type { Seed } from "../trial.ts";
import type { OwnSeeds } from "./aws.ts";

/** Seeds in groups by function, so that a function with few of them is not forgotten. */
export function groupSeeds(seeds: readonly Seed[]): Seed[][] {
  const groups = new Map<string, Seed[]>();
  for (const seed of seeds) groups.set(seed.fn, [...(groups.get(seed.fn) ?? []), seed]);
  return [...groups.values()];
}

/** Payloads of our own as seeds, one for each function that they reach. */
export function ownSeeds(own: OwnSeeds): Seed[] {
  return Object.entries(own).flatMap(([name, [functions, payload]]) => {
    const tree = openTree(payload);
    return functions.map((fn) => ({ name, fn, tree }));
  });
}

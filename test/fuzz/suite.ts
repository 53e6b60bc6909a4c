import { expect, test } from "vitest";
import { type Finding, fuzz } from "./fuzz.ts";
import type { Target } from "./trial.ts";

/** As `npm run fuzz` sets them; by default a short run that is always the same. */
const { ANYFN_FUZZ_RUNS: runs, ANYFN_FUZZ_SEED: seed = "42", ANYFN_FUZZ_ONLY: only } = process.env;
const SHORT = 1500;

/** Declares the test of one adapter: nothing hostile gets more out of it than a refusal. */
export function testTarget(make: () => Target): void {
  const target = make();
  const count = Number(runs ?? SHORT);
  test(`${target.name}: ${count} payloads of seed ${seed}`, { timeout: 60_000 + count * 60 }, async () => {
    const options = { runs: count, seed: Number(seed), only: only === undefined ? undefined : Number(only) };
    const { payloads, handled, seconds, findings } = await fuzz(target, options);
    await target.close?.();
    if (runs !== undefined) {
      const share = `${Math.round((100 * handled) / payloads)} % handled`;
      console.log(
        `${target.name.padEnd(6)}${payloads} payloads, ${share}, ${seconds.toFixed(0)} s, ${findings.length} findings`,
      );
    }
    expect(findings.map(describe).join("\n\n")).toBe("");
    // Were nothing handled, nothing would be tested.
    if (only === undefined) expect(handled / payloads).toBeGreaterThan(0.3);
  });
}

function describe({ problem, index, from, changes }: Finding): string {
  return [
    problem,
    `  from ${from}`,
    ...changes.map((change) => `    ${change}`),
    `  again: npm run fuzz -- --seed ${seed} --only ${index}`,
  ].join("\n");
}

/**
 * `npm run fuzz`: sends at least 100,000 hostile payloads to each adapter.
 *
 *     npm run fuzz -- --runs 1000000 --seed 7     # more of them, others
 *     npm run fuzz -- aws                         # one adapter
 *     npm run fuzz -- aws --seed 42 --only 1234   # one payload again
 */
import { parseArgs } from "node:util";
import { startVitest } from "vitest/node";
import { createReporter, print, type Tally } from "../reporter.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "100000" },
    seed: { type: "string", default: String(Date.now() % 0x7fffffff) },
    only: { type: "string" },
  },
});
const { runs, seed, only } = values;
Object.assign(process.env, { ANYFN_FUZZ_RUNS: runs, ANYFN_FUZZ_SEED: seed });
if (only !== undefined) process.env.ANYFN_FUZZ_ONLY = only;
print(`seed ${seed}`);

const tally: Tally = { passed: 0, failed: 0 };
const files = (positionals.length > 0 ? positionals : ["aws", "azure", "gcp", "node"]).map(
  (name) => `test/fuzz/${name}.test.ts`,
);
const vitest = await startVitest("test", files, {
  watch: false,
  project: ["unit"],
  reporters: [createReporter(tally)],
});
await vitest.close();
print(`${tally.passed} passed, ${tally.failed} failed`);
if (tally.failed > 0 || tally.passed === 0) process.exitCode = 1;

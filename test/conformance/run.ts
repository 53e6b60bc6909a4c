/**
 * `npm run conformance`: runs the suite, prints how each adapter does in each section, and writes every case's result to
 * `test/conformance/results.json` and, when all is well, the table into the README. The exit code is 1 when a case fails.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startVitest } from "vitest/node";
import { createReporter, print, type Tally } from "../reporter.ts";
import { writeSection } from "../support/readme.ts";
import { conformanceTable, type Result } from "./table.ts";

const results: Result[] = [];
const tally: Tally = { passed: 0, failed: 0 };
const vitest = await startVitest("test", ["test/conformance"], {
  watch: false,
  project: ["unit"],
  reporters: [
    createReporter(tally),
    {
      onTestCaseResult(test) {
        const { adapter, id, applicable } = test.meta() as Partial<Result & { applicable: boolean }>;
        if (adapter === undefined || id === undefined) return;
        const passed = test.result().state === "passed";
        const state = !passed ? "failed" : applicable ? "passed" : "not applicable";
        results.push({ adapter, id, title: test.name, state });
      },
    },
  ],
});
await vitest.close();
writeFileSync(join(import.meta.dirname, "results.json"), `${JSON.stringify(results, undefined, 2)}\n`);
const table = conformanceTable(results);
print(table);
if (tally.failed === 0) writeSection("conformance", table);
print(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed > 0 ? 1 : 0;

/**
 * `npm test`: builds, lints and type-checks, then runs the tests. A failed check counts as one failed test, and the
 * last line on stdout is always `N passed, N failed`, whatever happens.
 *
 * Arguments are vitest's file filters: `npm test -- queue`.
 */
import { execFile } from "node:child_process";
import { parseArgs, promisify } from "node:util";
import { startVitest } from "vitest/node";
import { createReporter, print, type Tally } from "./reporter.ts";

const checks = [
  ["tsup"],
  ["tsc", "-b"],
  ["biome", "check", "--error-on-warnings", "--colors=off", "."],
  ["knip"],
];
const tally: Tally = { passed: 0, failed: 0 };

process.on("exit", (code) => {
  const nothingRan = tally.passed === 0;
  if (tally.failed === 0 && (code !== 0 || nothingRan)) tally.failed = 1;
  process.exitCode = tally.failed > 0 ? 1 : 0;
  print(`${tally.passed} passed, ${tally.failed} failed`);
});

const { positionals } = parseArgs({ allowPositionals: true });
await Promise.all(checks.map(runCheck));
const vitest = await startVitest("test", positionals, {
  watch: false,
  project: ["unit", "built"],
  reporters: [createReporter(tally)],
});
await vitest.close();

async function runCheck([command = "", ...args]: string[]): Promise<void> {
  try {
    await promisify(execFile)(command, args);
  } catch (error) {
    tally.failed++;
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    print(`FAIL ${command}\n${stdout}${stderr}` || String(error));
  }
}

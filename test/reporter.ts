import { writeSync } from "node:fs";
import type { Reporter, SerializedError, TestCase, TestModule } from "vitest/node";

/** Counts of everything that ran: tests, files that could not be loaded, lint and type checks. */
export interface Tally {
  passed: number;
  failed: number;
}

/**
 * Prints each failure and nothing else while the tests run.
 *
 * @param tally - Receives the counts; whoever made it prints the closing line.
 */
export function createReporter(tally: Tally): Reporter {
  return {
    onTestCaseResult(test) {
      const { state } = test.result();
      if (state === "passed") tally.passed++;
      if (state === "failed") tally.failed++;
      if (state === "failed") print(`FAIL ${describeTest(test)}\n${describeErrors(test.result().errors)}`);
    },
    onTestModuleEnd(module) {
      const errors = collectErrors(module);
      if (errors.length === 0) return;
      tally.failed++;
      print(`FAIL ${module.relativeModuleId}\n${describeErrors(errors)}`);
    },
    onTestRunEnd(_modules, unhandled) {
      if (unhandled.length === 0) return;
      tally.failed += unhandled.length;
      print(`FAIL outside of any test\n${describeErrors(unhandled)}`);
    },
    onUserConsoleLog: (log) => print(log.content.trimEnd()),
  };
}

/** Written synchronously: the closing line must leave even when the process is exiting. */
export function print(text: string): void {
  writeSync(1, `${text}\n`);
}

function collectErrors(module: TestModule): readonly SerializedError[] {
  const suites = [...module.children.allSuites()];
  return [...module.errors(), ...suites.flatMap((suite) => suite.errors())];
}

function describeTest(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}

function describeErrors(errors: readonly SerializedError[] = []): string {
  return errors
    .map((error) => [trimStack(error.stack ?? error.message), error.diff].filter(Boolean).join("\n"))
    .join("\n\n");
}

/** Drops the frames of the test runner. */
function trimStack(stack: string): string {
  const frames = stack
    .split("\n")
    .filter((line) => !/^\s+at .*(\/node_modules\/|node:internal\/)/.test(line));
  return frames.join("\n");
}

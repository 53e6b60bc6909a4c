import type { Terminal } from "./terminal.ts";

/** A command of the command line. */
export interface Command {
  readonly name: string;
  /** One sentence for the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Runs the command; `args` are the words after its name. */
  run(args: readonly string[], terminal: Terminal): Promise<void>;
}

/** A mistake in how the command was called: exit code 2. */
export interface UsageError extends Error {
  readonly code: "usage";
}

/** Makes the error for a call that the command line does not understand. */
export function usageError(message: string): UsageError {
  return Object.assign(new Error(message), { code: "usage" as const });
}

/** The names of `--target`, which takes several and may stand more than once; undefined without it. */
export function parseTargets(values: readonly string[] | undefined): readonly string[] | undefined {
  const targets = values?.flatMap((names) => names.split(",")).map((name) => name.trim());
  if (targets?.includes("")) throw usageError("--target needs names, separated by commas: --target aws,node");
  return targets;
}

/** The candidate nearest to a mistyped word; undefined when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate) }))
    .sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.ceil(word.length / 3) ? best.candidate : undefined;
}

/** Letters to insert, remove or replace to make one word of the other (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1];
    for (const [index, other] of [...to].entries()) {
      const replaced = (row[index] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

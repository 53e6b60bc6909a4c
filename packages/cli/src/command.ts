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

/** An end that was asked for, as Ctrl-C does: exit code 130. */
export interface InterruptedError extends Error {
  readonly code: "interrupted";
}

/** Makes the error for a command that was ended from outside. */
export function interruptedError(message: string): InterruptedError {
  return Object.assign(new Error(message), { code: "interrupted" as const });
}

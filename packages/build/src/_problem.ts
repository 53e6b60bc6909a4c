import { relative, sep } from "node:path";
import { AnyfnError } from "@anyfn/core";

/** A place in a source file; line and column from 1. */
export interface Place {
  /** Absolute path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The one error of the build: the message says where, what happened and what to do. */
export function buildError(message: string, cause?: unknown): AnyfnError {
  return new AnyfnError("build", message, { cause });
}

/** The one error of a deployment: the message says what happened and what to do. */
export function deployError(message: string, cause?: unknown): AnyfnError {
  return new AnyfnError("deploy", message, { cause });
}

/** A path as users read it: from the project, with forward slashes. */
export function showPath(cwd: string, file: string): string {
  const path = relative(cwd, file).split(sep).join("/");
  return path === "" ? "." : path;
}

/** `src/functions.ts:12:14` */
export function showPlace(cwd: string, place: Place): string {
  return `${showPath(cwd, place.file)}:${place.line}:${place.column}`;
}

/** `"aws", "gcp"`, or "none". */
export function quoteList(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.map((name) => `"${name}"`).join(", ");
}

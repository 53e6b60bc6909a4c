import { isBuiltin } from "node:module";
import { isAbsolute } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { AnyfnError } from "@anyfn/core";
import type { BundleError, RolldownLog } from "rolldown";
import { buildError, type Place, showPlace } from "./_problem.ts";

/** Turns what rolldown throws into one error of ours; anything else stays what it is. */
export function fromBundleError(thrown: unknown, cwd: string): unknown {
  const { errors } = thrown as BundleError;
  if (errors === undefined || errors.length === 0) return thrown;
  return diagnose(errors, cwd, thrown);
}

/** One error that shows every diagnostic with its code frame. */
export function diagnose(logs: readonly RolldownLog[], cwd: string, cause?: unknown): AnyfnError {
  return buildError(logs.map((log) => describe(log, cwd)).join("\n\n"), cause);
}

/** Where a diagnostic points to, when it points into a file. */
export function placeOf(log: RolldownLog): Place | undefined {
  const { loc } = log;
  if (loc?.file === undefined || !isAbsolute(loc.file)) return undefined;
  return { file: loc.file, line: loc.line, column: loc.column + 1 };
}

function describe(log: RolldownLog, cwd: string): string {
  const [summary = "", ...frame] = stripVTControlCharacters(log.message).trimEnd().split("\n");
  const place = placeOf(log);
  const where = place === undefined ? "" : `${showPlace(cwd, place)}  `;
  const explained = explain(log, summary.replace(/^\[[A-Z_]+\] /, ""));
  return [`${where}${explained}`, ...(isForeign(log) ? [] : shorten(frame))].join("\n").trimEnd();
}

/** Whether a file was parsed that is no source at all: its text is no help, and may upset a terminal. */
function isForeign(log: RolldownLog): boolean {
  return log.code === "PARSE_ERROR" && !/\.(?:[cm]?[jt]sx?|json)$/.test(placeOf(log)?.file ?? ".js");
}

/** A code frame without the advice below it: that is about bundlers, and ours stands above. */
function shorten(frame: readonly string[]): readonly string[] {
  const advice = frame.findIndex((line) => /│ (?:Help|Note): /.test(line));
  const kept = advice === -1 ? frame : [...frame.slice(0, advice - 1), "───╯"];
  return kept.map((line) => line.replace(", treating it as an external dependency", ".").trimEnd());
}

function explain(log: RolldownLog, summary: string): string {
  switch (log.code) {
    case "PARSE_ERROR":
      if (isForeign(log)) return "The file cannot be bundled: JavaScript, TypeScript, JSON and text can.";
      return `The file has a syntax error: ${summary.replace(/\.$/, "")}.`;
    case "UNRESOLVED_IMPORT":
      return explainUnresolved(/Could not resolve '([^']+)'/.exec(summary)?.[1] ?? "");
    case "MISSING_EXPORT":
      return explainMissingExport(summary);
    case "UNLOADABLE_DEPENDENCY":
      return `${summary}. It is no file that can be bundled: native add-ons and binary files cannot.`;
    default:
      if (!summary.includes("top-level await")) return summary;
      return "This target loads CommonJS, which cannot wait at the top level. Move the `await` into the handler.";
  }
}

/** A file of a package is not the user's to edit, and its path says little. */
function explainMissingExport(summary: string): string {
  const inPackage = summary.replace(/"[^"]*\bnode_modules\/((?:@[^/"]+\/)?[^/"]+)[^"]*"/, '"$1"');
  return inPackage === summary
    ? `${summary} Export it there, or correct the name.`
    : `${inPackage} Correct the name, or install another version.`;
}

function explainUnresolved(specifier: string): string {
  if (specifier.startsWith(".") || isAbsolute(specifier)) {
    return `There is no file "${specifier}". Create it, or correct the path.`;
  }
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  if (isBuiltin(name)) return `"${specifier}" is no module of Node.js. Correct the name.`;
  return `The package "${specifier}" cannot be found. Install it: npm install ${name}`;
}

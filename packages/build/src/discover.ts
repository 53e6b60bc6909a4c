import { globSync, statSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import { isFunctionDefinition, kebabCase, NAME } from "@anyfn/core/adapter";
import { findDeclarations } from "./_declarations.ts";
import { type Evaluated, evaluate } from "./_evaluate.ts";
import { isFileAt } from "./_paths.ts";
import { buildError, type Place, showPath, showPlace } from "./_problem.ts";
import { collectPureCalls } from "./_pure.ts";
import type { PureCalls } from "./_syntax.ts";
import type { DiscoveredFunction } from "./model.ts";

/** A function and the place where it is declared, which is another file than `file` when that re-exports it. */
export interface FoundFunction extends DiscoveredFunction {
  readonly place: Place;
}

/** What discovery found. */
export interface Discovery {
  /** In the order of files and lines. */
  readonly functions: readonly FoundFunction[];
  readonly pureCalls: PureCalls;
}

const PATTERN = /[*?{}[\]]/;
const SOURCE = /\.[cm]?[jt]sx?$/;
/** What a glob finds and nobody means: declarations and tests. */
const SKIPPED = /\.d\.[cm]?ts$|\.(?:test|spec)\.[cm]?[jt]sx?$/;

/**
 * Finds the functions that the project's files export, by loading them.
 *
 * @param patterns - File paths and globs, from `cwd`.
 * @param outDir - Absolute path of the folder for artifacts, which no glob looks into: to load a server starts it.
 * @throws AnyfnError `build` when a file is missing, cannot be loaded, exports no function, or two share a name.
 */
export async function discover(cwd: string, patterns: readonly string[], outDir: string): Promise<Discovery> {
  const files = findFiles(cwd, patterns, outDir);
  const pureCalls = new Map<string, readonly number[]>();
  const evaluated = await evaluate({
    cwd,
    entry: files.map((file, index) => `export * as f${index} from ${JSON.stringify(file)};`).join("\n"),
    title: titleOf(files.map((file) => showPath(cwd, file))),
    plugins: [collectPureCalls(pureCalls)],
  });
  const exported = readFunctions(cwd, files, evaluated);
  assertEachFileHasOne(cwd, patterns, exported);
  const functions = distinct(exported).sort(byPlace);
  assertNames(cwd, functions);
  return { functions, pureCalls };
}

/** Some of many, for an error that does not tell its place. */
function titleOf(files: readonly string[]): string {
  const rest = files.length - 3;
  return rest > 0 ? `${files.slice(0, 3).join(", ")} or ${rest} more` : files.join(", ");
}

/** The files that the patterns name, each once. */
function findFiles(cwd: string, patterns: readonly string[], outDir: string): readonly string[] {
  const files = patterns.flatMap((pattern) => {
    if (!PATTERN.test(pattern) || isFileAt(resolve(cwd, pattern))) return [requireFile(cwd, pattern)];
    const exclude = (path: string) => basename(path) === "node_modules" || resolve(cwd, path) === outDir;
    const found = globSync(pattern, { cwd, exclude }).filter(
      (path) => SOURCE.test(path) && !SKIPPED.test(path),
    );
    if (found.length > 0) return found.sort().map((path) => resolve(cwd, path));
    throw buildError(
      `No file matches "${pattern}". Create one, or correct \`functions\` in anyfn.config.ts.`,
    );
  });
  return [...new Set(files)];
}

function requireFile(cwd: string, path: string): string {
  const file = resolve(cwd, path);
  if (isFileAt(file)) return file;
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) {
    const folder = path.replace(/\/+$/, "");
    throw buildError(`${path} is a folder. Name files in \`functions\`, or a glob: ["${folder}/**/*.ts"].`);
  }
  const hint = path.includes("\\") ? ' Write "/" between folders.' : "";
  throw buildError(
    `There is no file ${showPath(cwd, file)}. Create it, or name the files that export your functions in ` +
      `\`functions\` of anyfn.config.ts: ["src/functions.ts"].${hint}`,
  );
}

function readFunctions(cwd: string, files: readonly string[], evaluated: Evaluated): FoundFunction[] {
  const declarations = findDeclarations(evaluated.code);
  return files.flatMap((file, index) => {
    const namespace = evaluated.exports[`f${index}`] as Readonly<Record<string, unknown>>;
    return Object.entries(namespace).flatMap(([exportName, definition]) => {
      if (!isFunctionDefinition(definition)) return [];
      const at = declarations.get(`f${index}.${exportName}`);
      const located = at === undefined ? undefined : evaluated.locate(at.line, at.column);
      const place = located ?? { file, line: 1, column: 1 };
      const name = definition.name ?? defaultName(file, exportName);
      if (!NAME.test(name)) throw unusableName(cwd, place, exportName);
      return [{ name, exportName, file, line: place.line, column: place.column, definition, place }];
    });
  });
}

/** An export's own name; for a default export the file's. */
function defaultName(file: string, exportName: string): string {
  if (exportName !== "default") return kebabCase(exportName);
  const name = basename(file, extname(file));
  return kebabCase(name === "index" ? basename(dirname(file)) : name);
}

/** One entry for a definition that is exported more than once: where it is declared, under a name of its own. */
function distinct(functions: readonly FoundFunction[]): FoundFunction[] {
  const best = new Map<unknown, FoundFunction>();
  const rank = ({ file, place, exportName }: FoundFunction) =>
    (file === place.file ? 0 : 2) + (exportName === "default" ? 1 : 0);
  for (const found of functions) {
    const other = best.get(found.definition);
    if (other === undefined || rank(found) < rank(other)) best.set(found.definition, found);
  }
  return [...best.values()];
}

function assertEachFileHasOne(
  cwd: string,
  patterns: readonly string[],
  functions: readonly FoundFunction[],
): void {
  const named = patterns.filter((pattern) => !PATTERN.test(pattern)).map((path) => resolve(cwd, path));
  const empty = named.find((file) => !functions.some((found) => found.file === file));
  if (empty === undefined && functions.length > 0) return;
  const where = empty === undefined ? patterns.join(", ") : showPath(cwd, empty);
  throw buildError(
    `${where} exports no function. Export one: export const hello = defineFunction({ trigger, handler });`,
  );
}

function assertNames(cwd: string, functions: readonly FoundFunction[]): void {
  const byName = Map.groupBy(functions, ({ name }) => name);
  const problems = [...byName].flatMap(([name, same]) => {
    if (same.length === 1) return [];
    const places = same.map(({ place }) => showPlace(cwd, place)).join(" and ");
    return [
      `${same.length} functions are called "${name}": ${places}. Rename an export, or give it another \`name\`.`,
    ];
  });
  if (problems.length > 0) throw buildError(problems.join("\n"));
}

function unusableName(cwd: string, place: Place, exportName: string): Error {
  return buildError(
    `${showPlace(cwd, place)}  The export "${exportName}" gives no name for a function. Names are lower-case letters, ` +
      "digits and dashes, start with a letter and have at most 60. Rename it, or set `name`.",
  );
}

function byPlace(a: FoundFunction, b: FoundFunction): number {
  if (a.place.file !== b.place.file) return a.place.file < b.place.file ? -1 : 1;
  return a.place.line - b.place.line || a.place.column - b.place.column || (a.name < b.name ? -1 : 1);
}

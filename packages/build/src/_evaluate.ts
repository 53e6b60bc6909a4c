import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, realpathSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { SourceMap } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { AnyfnError } from "@anyfn/core";
import { toError } from "@anyfn/core/adapter";
import type { Plugin } from "rolldown";
import { keepSourcePlaces } from "./_assets.ts";
import { importGuarded } from "./_import.ts";
import { isPackageFile, type Linked, link } from "./_link.ts";
import { refuseNativeFiles } from "./_native.ts";
import { buildError, type Place, showPlace } from "./_problem.ts";

/** Source modules to load now, in this process. */
export interface EvaluateOptions {
  /** Absolute path of the project. */
  readonly cwd: string;
  /** Source text of a module that imports what is to be loaded, and exports it. */
  readonly entry: string;
  /** What is loaded, for messages: `"src/functions.ts"`. */
  readonly title: string;
  readonly plugins?: readonly Plugin[];
}

/** A module that was loaded. */
export interface Evaluated {
  readonly exports: Readonly<Record<string, unknown>>;
  /** What was evaluated: the user's modules in one, packages outside. */
  readonly code: string;
  /** Where a position of `code` stands in the user's source; line and column from 1. */
  locate(line: number, column: number): Place | undefined;
}

/**
 * Bundles source modules into one temporary file and imports it, so that TypeScript, path aliases and imports
 * without extension work as they do in the artifacts. Packages stay outside: they are not what is built here.
 *
 * @throws AnyfnError `build` for what cannot be bundled, and for what the modules throw while loading.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluated> {
  try {
    return await run(options, [externalPackages()]);
  } catch (error) {
    // Node cannot import every CommonJS package by names; a bundle can. Rare, so it may take its time.
    if (isMissingName(error)) return run(options, []);
    throw error;
  }
}

async function run(options: EvaluateOptions, externals: readonly Plugin[]): Promise<Evaluated> {
  const { cwd, entry, title, plugins = [] } = options;
  const file = join(cacheFolder(cwd), `${randomUUID()}.mjs`);
  const linked = await link({
    cwd,
    entry,
    input: {},
    plugins: [...externals, ...plugins, keepSourcePlaces(), refuseNativeFiles(cwd)],
    output: {
      file,
      format: "esm",
      sourcemap: "hidden",
      sourcemapExcludeSources: true,
      sourcemapPathTransform: (source, map) => resolve(dirname(map), source),
    },
  });
  const locate = locator(linked);
  try {
    await writeFile(file, linked.code);
    return { exports: await importGuarded(file), code: linked.code, locate };
  } catch (thrown) {
    if (isMissingName(thrown)) throw thrown;
    throw loadError(thrown, title, cwd, originOf(thrown, file, locate));
  } finally {
    await rm(file, { force: true });
  }
}

/** Makes the folder for temporary modules, from which bare imports resolve as they do from the project. */
function cacheFolder(cwd: string): string {
  const cache = join(nearestModules(cwd) ?? join(cwd, "node_modules"), ".cache", "anyfn");
  mkdirSync(cache, { recursive: true });
  // Stack traces have the real path, and are searched for it.
  return realpathSync(cache);
}

function nearestModules(folder: string): string | undefined {
  const modules = join(folder, "node_modules");
  if (existsSync(modules)) return modules;
  return folder === dirname(folder) ? undefined : nearestModules(dirname(folder));
}

/** Keeps packages outside, by the URL to which they resolve from the file that imports them. */
function externalPackages(): Plugin {
  return {
    name: "anyfn:external-packages",
    resolveId: {
      filter: { id: /^[^./\0]/ },
      async handler(source, importer, extra) {
        if (isAbsolute(source)) return null;
        const resolved = await this.resolve(source, importer, { ...extra, skipSelf: true });
        if (resolved === null || resolved.external) return resolved;
        const isPackage = isPackageFile(resolved.id) || source.startsWith("@anyfn/");
        // Node loads JavaScript only; JSON, TypeScript and the rest of a package are bundled.
        if (!isPackage || !/\.[cm]?js$/.test(resolved.id)) return resolved;
        // A call of require() takes paths, and an import takes URLs.
        return {
          id: extra.kind === "require-call" ? resolved.id : pathToFileURL(resolved.id).href,
          external: true,
        };
      },
    },
  };
}

function locator({ map }: Linked): Evaluated["locate"] {
  let parsed: SourceMap | undefined;
  return (line, column) => {
    parsed ??= new SourceMap(JSON.parse(map));
    const entry = parsed.findEntry(line - 1, column - 1);
    if (!("originalSource" in entry) || !isAbsolute(entry.originalSource)) return undefined;
    return {
      file: entry.originalSource,
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1,
    };
  };
}

/** The topmost frame of an error that lies in the user's own source. */
function originOf(thrown: unknown, file: string, locate: Evaluated["locate"]): Place | undefined {
  const stack = thrown instanceof Error ? (thrown.stack ?? "") : "";
  const url = pathToFileURL(file).href;
  for (const line of stack.split("\n")) {
    const start = line.indexOf(url);
    const match = start === -1 ? null : /^:(\d+):(\d+)/.exec(line.slice(start + url.length));
    if (match !== null) return locate(Number(match[1]), Number(match[2]));
  }
  return undefined;
}

function loadError(thrown: unknown, title: string, cwd: string, origin: Place | undefined): unknown {
  const where = origin === undefined ? title : showPlace(cwd, origin);
  const { name, message, code } = toError(thrown) as AnyfnError;
  if (code === "invalid-definition") return buildError(`${where}  ${message}`, thrown);
  const advice =
    thrown instanceof SyntaxError && origin === undefined
      ? "Node.js does not know its syntax. If that is a decorator, set `experimentalDecorators` in tsconfig.json."
      : "Functions are found by loading their files, so what stands outside of handlers runs during the build.";
  const problem = thrown instanceof Error ? `${name}: ${message}` : message;
  return buildError(`${where}  The file cannot be loaded: ${problem}\n${advice}`, thrown);
}

function isMissingName(thrown: unknown): boolean {
  return (
    thrown instanceof SyntaxError &&
    / does not provide an export named | not found. The requested module /.test(thrown.message)
  );
}

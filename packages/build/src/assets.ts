import { globSync, lstatSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { findAsset } from "./_asset-file.ts";
import { type Asset, assetName } from "./_assets.ts";
import { isFileAt } from "./_paths.ts";
import { buildError, showPath } from "./_problem.ts";

const PATTERN = /[*?{}[\]]/;
/** What a glob finds and nobody means to ship. */
const SKIPPED = /^(?:node_modules|\.git|\.env(?:\..*)?|\.DS_Store)$/;

/**
 * Finds the files that the configuration declares as assets; they keep their paths from the project.
 *
 * @param patterns - File paths and globs, from `cwd`.
 * @param outDir - Absolute path of the folder for artifacts, which no glob looks into.
 * @throws AnyfnError `build` when a pattern finds nothing, or something that is no file of the project.
 */
export function declaredAssets(cwd: string, patterns: readonly string[], outDir: string): readonly Asset[] {
  const paths = patterns.flatMap((pattern) => expand(cwd, pattern, outDir));
  return [...new Set(paths)].sort().map((path) => ({
    name: showPath(cwd, path),
    file: findAsset(cwd, path, undefined),
  }));
}

function expand(cwd: string, pattern: string, outDir: string): readonly string[] {
  const literal = resolve(cwd, pattern);
  if (!PATTERN.test(pattern) || isFileAt(literal)) return [requireFile(cwd, literal)];
  const exclude = (path: string) => SKIPPED.test(basename(path)) || resolve(cwd, path) === outDir;
  const found = globSync(pattern, { cwd, exclude })
    .map((path) => resolve(cwd, path))
    .filter((path) => !SKIPPED.test(basename(path)) && !path.startsWith(outDir + sep));
  const files = found.filter((path) => !lstatSync(path).isDirectory());
  if (files.length > 0) return files.map((path) => requireFile(cwd, path));
  throw buildError(`No file matches "${pattern}". Create one, or correct \`assets\` in anyfn.config.ts.`);
}

function requireFile(cwd: string, path: string): string {
  const shown = showPath(cwd, path);
  const inside = path.startsWith(cwd + sep);
  if (!inside) throw buildError(`The asset ${shown} is outside of the project. Put a copy into the project.`);
  if (isFileAt(path)) return path;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    const isLink = lstatSync(path).isSymbolicLink();
    throw buildError(
      isLink
        ? `The asset ${shown} is a link to a folder, which is not followed. Name the files of that folder in \`assets\`.`
        : `The asset ${shown} is a folder. Name its files in \`assets\`: ["${shown}/**"].`,
    );
  }
  const what =
    stat !== undefined ? "is no regular file" : existsAsLink(path) ? "is a link to nothing" : "is not there";
  throw buildError(`The asset ${shown} ${what}. Correct it, or \`assets\` in anyfn.config.ts.`);
}

function existsAsLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

const PROTO_IMPORT = /^\s*import\s+(?:public\s+|weak\s+)?["']([^"']+)["']\s*;/gm;

/** Adds what `.proto` files import: beside them, or from the folder that their own path starts in. */
export function withProtoImports(
  cwd: string,
  assets: readonly Asset[],
  nameModule: (file: string) => string,
): readonly Asset[] {
  const all = new Map(assets.map((asset) => [asset.name, asset]));
  for (const { name, file } of all.values()) {
    if (!name.endsWith(".proto")) continue;
    for (const [, path = ""] of readFileSync(file, "utf8").matchAll(PROTO_IMPORT)) {
      const found = foldersFrom(dirname(file), cwd)
        .map((folder) => join(folder, path))
        .find(isFileAt);
      if (found === undefined) continue;
      const imported = {
        name: assetName(nameModule(found)),
        file: findAsset(cwd, found, { file, line: 1, column: 1 }),
      };
      if (!all.has(imported.name)) all.set(imported.name, imported);
    }
  }
  return [...all.values()];
}

/** A folder and those above it, up to the project's. */
function foldersFrom(folder: string, cwd: string): readonly string[] {
  if (folder === cwd || !folder.startsWith(cwd + sep)) return [folder];
  return [folder, ...foldersFrom(dirname(folder), cwd)];
}

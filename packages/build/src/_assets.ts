import { dirname, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { type Plugin, RolldownMagicString } from "rolldown";
import { findAsset } from "./_asset-file.ts";
import { isPackageFile } from "./_link.ts";
import { isFileAt } from "./_paths.ts";
import { buildError, type Place, showPath, showPlace } from "./_problem.ts";
import { type Base, findPlaces, MENTIONS_PLACE, type Reference } from "./_references.ts";

/** A file that goes into an artifact as it is. */
export interface Asset {
  /** Path in the artifact. */
  readonly name: string;
  /** Absolute real path. */
  readonly file: string;
}

/** A file that a module reads; it is an asset when the module is in the bundle, and the reference still in its code. */
export interface FoundAsset extends Asset {
  readonly importer: string;
  readonly needle: string;
}

/** What the modules of a bundle read. */
export interface AssetPlugin extends Plugin {
  readonly found: () => readonly FoundAsset[];
  readonly warnings: () => readonly string[];
}

/** What the plugin needs to know. */
export interface AssetOptions {
  readonly cwd: string;
  readonly nameModule: (file: string) => string;
}

/** Modules that have a place: rolldown's own, which is in every bundle and mentions `import.meta.url`, has none. */
const MODULE_FILES = { include: /\.[cm]?[jt]sx?$/, exclude: /^\0/ };

/**
 * Makes every module of a bundle see its own place: below the artifact's folder, at its path from the project. Files that
 * it reads beside itself are found there when they have been copied under their paths.
 */
export function keepPlaces({ cwd, nameModule }: AssetOptions): AssetPlugin {
  const found: FoundAsset[] = [];
  const warnings: string[] = [];
  return {
    name: "anyfn:assets",
    found: () => found,
    warnings: () => warnings,
    transform: {
      filter: { code: MENTIONS_PLACE, id: MODULE_FILES },
      handler(code, id) {
        const isOwn = !isPackageFile(id);
        const { bases, references } = findPlaces(id, code, isOwn ? cwd : undefined);
        const text = new RolldownMagicString(code);
        const urls = new Set<number>();
        for (const reference of references) {
          const place = placeAt(id, code, reference.start);
          const path = reference.paths.find(isFileAt);
          if (path === undefined) {
            if (isOwn && reference.isExplicit) warnings.push(missing(cwd, place, reference));
            continue;
          }
          const file = findAsset(cwd, path, place);
          const name = assetName(nameModule(path));
          const { url } = reference;
          const needle = url === undefined ? reference.needle : `./${encodePath(name)}`;
          found.push({ name, file, importer: id, needle });
          if (url === undefined) continue;
          text.overwrite(url.start, url.end, JSON.stringify(needle + url.suffix));
          text.prependLeft(reference.start, "/* @__PURE__ */ ");
          urls.add(url.end);
        }
        const own = bases.filter(({ start }) => ![...urls].some((end) => isArgumentAfter(code, end, start)));
        for (const base of own) rewrite(text, base, artifactPlace(base, assetName(nameModule(id))));
        if (own.length === 0 && urls.size === 0) return null;
        return { code: text.toString(), map: text.generateMap({ hires: "boundary" }).toString() };
      },
    },
  };
}

/** Makes the modules that are loaded during the build see the places that they have in the project. */
export function keepSourcePlaces(): Plugin {
  return {
    name: "anyfn:source-places",
    transform: {
      filter: { code: MENTIONS_PLACE, id: MODULE_FILES },
      handler(code, id) {
        const { bases } = findPlaces(id, code, undefined);
        if (bases.length === 0) return null;
        const text = new RolldownMagicString(code);
        const places = { url: pathToFileURL(id).href, dirname: dirname(id), filename: id };
        for (const base of bases) rewrite(text, base, JSON.stringify(places[base.kind]));
        return { code: text.toString(), map: text.generateMap({ hires: "boundary" }).toString() };
      },
    },
  };
}

/** Packages' files stand in a folder that no installer takes for its own. */
export function assetName(module: string): string {
  return module.replace(/^node_modules\//, "_modules/");
}

/** Whether nothing but a comma stands between the text of a URL and its base. */
function isArgumentAfter(code: string, end: number, start: number): boolean {
  return start > end && /^\s*,\s*$/.test(code.slice(end, start));
}

/** The place of a module in the artifact, as an expression in the words that the module uses itself. */
function artifactPlace({ kind, isVariable }: Base, name: string): string {
  if (kind === "url") return `new URL(${JSON.stringify(`./${encodePath(name)}`)}, import.meta.url).href`;
  const root = isVariable ? "__dirname" : "import.meta.dirname";
  const path = kind === "filename" ? name : posix.dirname(name);
  return path === "." ? root : `(${root} + ${JSON.stringify(`/${path}`)})`;
}

function rewrite(text: RolldownMagicString, { kind, start, end, isShorthand }: Base, value: string): void {
  text.overwrite(start, end, isShorthand ? `__${kind}: ${value}` : value);
}

function encodePath(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}

function placeAt(file: string, code: string, start: number): Place {
  const lines = code.slice(0, start).split("\n");
  return { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

function missing(cwd: string, place: Place, { paths: [path = ""] }: Reference): string {
  return (
    `${showPlace(cwd, place)}  ${showPath(cwd, path)} is no file, and is not copied into the artifacts. ` +
    "Correct the path; files of a folder are copied when `assets` of the configuration names them."
  );
}

/** The assets of a bundle. @throws AnyfnError `build` when two files would be one. */
export function assetsOf(
  found: readonly FoundAsset[],
  modules: readonly string[],
  code: string,
): readonly Asset[] {
  const inside = new Set(modules);
  const assets = new Map<string, Asset>();
  for (const { name, file, importer, needle } of found) {
    if (!inside.has(importer) || !code.includes(needle)) continue;
    const other = assets.get(name);
    if (other !== undefined && other.file !== file) {
      throw buildError(
        `${other.file} and ${file} would both be ${name} in an artifact. Install one version.`,
      );
    }
    assets.set(name, { name, file });
  }
  return [...assets.values()];
}

import { type Asset, assetsOf, type FoundAsset } from "./_assets.ts";
import type { Linked } from "./_link.ts";
import type { NativeImport } from "./_native.ts";
import { buildError } from "./_problem.ts";
import { withProtoImports } from "./assets.ts";
import type { BundleOptions } from "./bundle.ts";
import { installNeeds } from "./install.ts";
import type { ArtifactPlan } from "./model.ts";

/** What an artifact has beside its bundle. */
export interface Content {
  readonly assets: readonly Asset[];
  /** Versions of the native packages by name. */
  readonly packages: Readonly<Record<string, string>>;
  /** Their files by path, where the build installs them. */
  readonly installed: ReadonlyMap<string, Uint8Array>;
}

/** What the modules of a linked bundle read and leave outside. */
export interface Found {
  readonly linked: Linked;
  readonly assets: readonly FoundAsset[];
  readonly packages: readonly NativeImport[];
}

/** Gathers what an artifact needs beside its bundle. @throws AnyfnError `build` when it cannot be had. */
export async function contentOf(plan: ArtifactPlan, found: Found, options: BundleOptions): Promise<Content> {
  const { cwd, nameModule, findPackage, install } = options;
  const { modules, code } = found.linked;
  const read = assetsOf(found.assets, modules, code);
  const named = new Map([...options.assets, ...read].map((asset) => [asset.name, asset]));
  const assets = withProtoImports(cwd, [...named.values()], nameModule);
  assertFree(plan, assets);
  const used = found.packages.filter(
    (item) => modules.includes(item.importer) && code.includes(item.package.name),
  );
  const needs = installNeeds(used, findPackage);
  const { native } = plan.bundle;
  const isInstalled = used.length > 0 && typeof native === "object";
  const installed = isInstalled ? await install(needs, native) : new Map<string, Uint8Array>();
  const sorted = [...assets].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { assets: sorted, packages: needs.dependencies, installed };
}

function assertFree({ bundle, files, zip, directory }: ArtifactPlan, assets: readonly Asset[]): void {
  const own = new Set([...Object.keys(files), bundle.file, `${bundle.file}.map`, zip, "manifest.json"]);
  const taken = assets.find(({ name }) => own.has(name));
  if (taken === undefined) return;
  const instead = taken.name.endsWith(".json")
    ? `Import it instead: import data from "./${taken.name}"`
    : "Rename it";
  throw buildError(
    `The asset ${taken.name} has the name of a file that the artifact ${directory} has itself. ${instead}.`,
  );
}

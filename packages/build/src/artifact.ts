import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { buildError, quoteList } from "./_problem.ts";
import type { Bundle } from "./bundle.ts";
import type { ManifestArtifact, ManifestZip } from "./manifest.ts";
import type { ArtifactPlan } from "./model.ts";
import { zip } from "./zip.ts";

/** An artifact in memory, ready to be written. */
export interface Artifact {
  /** Contents by path from the target's folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly manifest: ManifestArtifact;
}

/** Puts an artifact together: bundle, source map, the plan's files, and the zip of all of them. */
export function assemble(plan: ArtifactPlan, bundle: Omit<Bundle, "inputs">): Artifact {
  const { files, modules, assets, packages, installed } = bundle;
  const contents = new Map<string, Uint8Array>(installed);
  for (const { name, file } of assets) contents.set(name, readFileSync(file));
  for (const [name, text] of Object.entries({ ...withPackages(plan, packages), ...files }))
    contents.set(name, Buffer.from(text));
  const zipped = zip(contents);
  const described = [...contents]
    .map(([name, data]) => ({ ...describe(name, data), gzipBytes: zipped.gzipBytes.get(name) ?? 0 }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const hashes = new Map(described.map(({ name, sha256 }) => [name, sha256]));
  if (plan.zip !== undefined) contents.set(plan.zip, zipped.bytes);
  return {
    files: new Map([...contents].map(([name, data]) => [pathIn(plan.directory, name), data])),
    manifest: {
      directory: plan.directory,
      functions: plan.functions,
      bundle: plan.bundle.file,
      files: described,
      zip: plan.zip === undefined ? null : describe(plan.zip, zipped.bytes),
      modules,
      assets: assets.map(({ name }) => ({ name, sha256: hashes.get(name) ?? "" })),
      packages,
    },
  };
}

/** Names native packages in the package.json of a target that installs them itself. */
function withPackages(
  { bundle, files }: ArtifactPlan,
  packages: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const name = "package.json";
  if (bundle.native !== name || Object.keys(packages).length === 0) return files;
  const manifest = JSON.parse(files[name] ?? "{}");
  const dependencies = { ...manifest.dependencies, ...packages };
  return { ...files, [name]: `${JSON.stringify({ ...manifest, dependencies }, null, 2)}\n` };
}

/** All files of a target. @throws AnyfnError `build` when two artifacts write the same one. */
export function filesOf(artifacts: readonly Artifact[]): ReadonlyMap<string, Uint8Array> {
  const all = artifacts.flatMap(({ files }) => [...files]);
  const files = new Map(all);
  if (files.size === all.length) return files;
  const paths = all.map(([path]) => path);
  const twice = paths.filter((path, index) => paths.indexOf(path) !== index);
  throw buildError(
    `Two artifacts write ${quoteList(twice)}. Rename a function; if that does not help, report it.`,
  );
}

/** A file as the manifest lists it. */
export function describe(name: string, data: Uint8Array): ManifestZip {
  return { name, bytes: data.byteLength, sha256: createHash("sha256").update(data).digest("hex") };
}

function pathIn(directory: string, name: string): string {
  return directory === "." ? name : `${directory}/${name}`;
}

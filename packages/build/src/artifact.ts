import { createHash } from "node:crypto";
import { buildError, quoteList } from "./_problem.ts";
import type { Bundle } from "./bundle.ts";
import type { ManifestArtifact } from "./manifest.ts";
import type { ArtifactPlan } from "./model.ts";
import { zip } from "./zip.ts";

/** An artifact in memory, ready to be written. */
export interface Artifact {
  /** Contents by path from the target's folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly manifest: ManifestArtifact;
}

/** Puts an artifact together: bundle, source map, the plan's files, and the zip of all of them. */
export function assemble(plan: ArtifactPlan, { files, modules }: Bundle): Artifact {
  const contents = new Map<string, Uint8Array>();
  for (const [name, text] of Object.entries({ ...plan.files, ...files }))
    contents.set(name, Buffer.from(text));
  const zipped = zip(contents);
  const described = [...contents]
    .map(([name, data]) => ({ ...describe(name, data), gzipBytes: zipped.gzipBytes.get(name) ?? 0 }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
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
    },
  };
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

function describe(name: string, data: Uint8Array) {
  return { name, bytes: data.byteLength, sha256: createHash("sha256").update(data).digest("hex") };
}

function pathIn(directory: string, name: string): string {
  return directory === "." ? name : `${directory}/${name}`;
}

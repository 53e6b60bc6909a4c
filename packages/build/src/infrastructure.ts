import { buildError, quoteList } from "./_problem.ts";
import type { Target } from "./adapters.ts";
import { describe } from "./artifact.ts";
import type { ManifestZip } from "./manifest.ts";
import type { InfrastructureInput } from "./model.ts";

/** The files that describe a target's infrastructure, ready to be written. */
export interface Infrastructure {
  /** Contents by path from the target's folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly manifest: readonly ManifestZip[];
}

/** Asks a target's adapter for the infrastructure of its functions; a target without one has no files. */
export function infrastructureOf({ adapter }: Target, input: InfrastructureInput): Infrastructure {
  const texts = Object.entries(adapter.infrastructure?.(input) ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const files = new Map(texts.map(([name, text]) => [name, Buffer.from(text)]));
  return { files, manifest: [...files].map(([name, data]) => describe(name, data)) };
}

/** All files of a target. @throws AnyfnError `build` when the infrastructure would replace an artifact's file. */
export function joinFiles(
  artifacts: ReadonlyMap<string, Uint8Array>,
  infrastructure: ReadonlyMap<string, Uint8Array>,
): ReadonlyMap<string, Uint8Array> {
  const twice = [...infrastructure.keys()].filter((name) => artifacts.has(name));
  if (twice.length === 0) return new Map([...artifacts, ...infrastructure]);
  throw buildError(
    `An artifact and the infrastructure both write ${quoteList(twice)}. Rename the artifact's file.`,
  );
}

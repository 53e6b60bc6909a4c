import type { TriggerKind } from "@anyfn/core";
import { showPath } from "./_problem.ts";
import type { FoundFunction } from "./discover.ts";

/** What was built for a target: `dist/<target>/manifest.json`. The same input makes the same text. */
export interface Manifest {
  /** The application's name. */
  readonly app: string;
  readonly target: string;
  readonly functions: readonly ManifestFunction[];
  readonly artifacts: readonly ManifestArtifact[];
  /** Files of the target's folder that describe what the functions run on, such as `template.json`. */
  readonly infrastructure: readonly ManifestZip[];
}

/** A function of the application. */
export interface ManifestFunction {
  readonly name: string;
  readonly trigger: TriggerKind;
  /** Where it is declared: path from the project, line and column from 1. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A deployable artifact. */
export interface ManifestArtifact {
  /** From the target's folder; `"."` for the folder itself. */
  readonly directory: string;
  /** Names of the functions inside. */
  readonly functions: readonly string[];
  /** Name of the bundled file. */
  readonly bundle: string;
  readonly files: readonly ManifestFile[];
  /** The zip of the files, beside them; null where the target takes the folder. */
  readonly zip: ManifestZip | null;
  /** The modules that are in the bundle: paths from the project, packages below `node_modules`. */
  readonly modules: readonly ManifestInput[];
  /** The files that were copied, by their paths in the artifact; `files` has them too. */
  readonly assets: readonly ManifestInput[];
  /** The native packages that stand beside the bundle: versions by name. */
  readonly packages: Readonly<Record<string, string>>;
}

/** A file that went into an artifact. */
export interface ManifestInput {
  readonly name: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** A written file. */
export interface ManifestZip {
  readonly name: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** A file of an artifact. */
export interface ManifestFile extends ManifestZip {
  readonly gzipBytes: number;
}

/** Describes what was built for a target. */
export function createManifest(
  cwd: string,
  app: string,
  target: string,
  functions: readonly FoundFunction[],
  artifacts: readonly ManifestArtifact[],
  infrastructure: readonly ManifestZip[],
): Manifest {
  return {
    app,
    target,
    functions: functions.map(({ name, definition, place }) => ({
      name,
      trigger: definition.trigger.kind,
      file: showPath(cwd, place.file),
      line: place.line,
      column: place.column,
    })),
    artifacts,
    infrastructure,
  };
}

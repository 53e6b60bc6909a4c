import { buildAgain } from "./_build-again.ts";
import type { Manifest } from "./manifest.ts";
import type { Iac } from "./model.ts";
import type { Portability } from "./portability.ts";
import type { ProjectOptions } from "./project.ts";
import { createReuse } from "./reuse.ts";

/** What to build. */
export interface BuildOptions extends ProjectOptions {
  /** The language of the infrastructure; `"native"` by default. */
  readonly iac?: Iac | undefined;
  /** Is told what has been done. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What has been done. */
export type Progress =
  | {
      readonly kind: "discovered";
      readonly app: string;
      readonly functions: number;
      readonly targets: readonly string[];
    }
  | {
      readonly kind: "bundled";
      readonly target: string;
      readonly directory: string;
      /** Artifacts that are done, and all of them. */
      readonly done: number;
      readonly total: number;
    };

/** What was built. */
export interface BuildResult {
  readonly app: string;
  /** Absolute. */
  readonly outDir: string;
  readonly targets: readonly BuiltTarget[];
  /** Where the targets do otherwise than the functions declare; nothing in it is refused. */
  readonly portability: Portability;
  /** What may be wrong in packages, such as an import that nothing provides. */
  readonly warnings: readonly string[];
  /** Names of the artifacts that were bundled, such as `aws/hello`: all of them, unless an earlier build is reused. */
  readonly bundled: readonly string[];
}

/** What was built for one target. */
export interface BuiltTarget {
  readonly target: string;
  /** Absolute. */
  readonly directory: string;
  readonly manifest: Manifest;
  /** Milliseconds that each artifact took, in the manifest's order. */
  readonly milliseconds: readonly number[];
}

/**
 * Builds a project's functions for its targets. Nothing is written unless all of it could be built.
 *
 * @throws AnyfnError `build` that says where, what is wrong and what to do about it.
 */
export function build(options: BuildOptions = {}): Promise<BuildResult> {
  return buildAgain(options, createReuse());
}

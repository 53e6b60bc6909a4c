import type { AnyFunction, Schema } from "@anyfn/core";
import type { Adapter } from "@anyfn/core/adapter";

/** A function that discovery found, and where it is declared. */
export interface DiscoveredFunction {
  /** Kebab-case, the same on every target. */
  readonly name: string;
  /** The name under which `file` exports it: any text, so that an import names it in quotes. */
  readonly exportName: string;
  /** Absolute path of the source file. */
  readonly file: string;
  /** Line and column of the declaration, from 1. */
  readonly line: number;
  readonly column: number;
  readonly definition: AnyFunction;
}

/** What a target is asked to build. */
export interface TargetInput {
  /** The application's name, kebab-case. */
  readonly app: string;
  readonly functions: readonly DiscoveredFunction[];
  /** The target's section of the configuration, validated by {@link BuildAdapter.settings}. */
  readonly settings: unknown;
}

/** How the entry of an artifact is bundled into one file. */
export interface BundlePlan {
  /** Name of the file in the artifact, such as `index.mjs`. */
  readonly file: string;
  readonly format: "esm" | "cjs";
  /** Packages that the target brings or that the artifact's package.json names; `@scope/*` for all of a scope. */
  readonly external: readonly string[];
}

/** One deployable artifact: what to bundle, and the files beside the bundle. */
export interface ArtifactPlan {
  /** Folder below `dist/<target>`; `"."` when the target has one artifact. */
  readonly directory: string;
  /** Names of the functions inside. */
  readonly functions: readonly string[];
  /** Source of the entry module (JavaScript). User files and adapters are imported from it. */
  readonly entry: string;
  readonly bundle: BundlePlan;
  /** Text of further files by name: package.json, host.json, Dockerfile. */
  readonly files: Readonly<Record<string, string>>;
  /** Name of the zip beside the files, or undefined where the target takes a folder. */
  readonly zip: string | undefined;
}

/** A reason why a target cannot serve a function; the build stops and prints it with file and line. */
export interface Refusal {
  readonly function: string;
  /** What the target cannot do, and what to do about it. */
  readonly reason: string;
}

/** The build side of an adapter: what `@anyfn/<name>/build` exports as `adapter`. */
export interface BuildAdapter extends Adapter {
  /** Validates the target's section of the configuration; an absent section is `{}`. */
  readonly settings: Schema;
  /** Refusals beyond the unsupported triggers of the capabilities, such as a schedule that cannot be translated. */
  refuse(input: TargetInput): readonly Refusal[];
  plan(input: TargetInput): readonly ArtifactPlan[];
}

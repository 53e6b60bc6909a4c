import type { AnyFunction, Schema } from "@anyfn/core";
import type { Adapter, SourceCapabilities } from "@anyfn/core/adapter";
import type { Deployer } from "./deploy/deployer.ts";

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
  /**
   * Who installs native packages: the build, into the artifact and for a platform, or the target, which finds them in the
   * artifact's package.json. Without it they are refused.
   */
  readonly native?: Platform | "package.json" | undefined;
}

/** What native packages are installed for, in npm's words. */
export interface Platform {
  readonly os: "linux";
  readonly cpu: "arm64" | "x64";
  readonly libc: "glibc" | "musl";
}

/** How a built artifact is tried: it is loaded in a process of its own, without its packages. */
export interface SmokeTest {
  /** CommonJS sources of the modules that the target brings, by name. */
  readonly brings?: Readonly<Record<string, string>>;
  /** Environment variables that the target sets. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Source of a function that gets the loaded module's exports and the names of the functions in the artifact. It gives
   * what is wrong, as a sentence, or undefined.
   */
  readonly verify: string;
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

/** How a function's events arrive on a target. */
export interface Delivery {
  /** One of the trigger's `sources`; the first by default. */
  readonly source?: string;
  /** What the settings change of that source's capabilities. */
  readonly capabilities?: SourceCapabilities;
  /** The most events of one invocation, where other functions decide it too. */
  readonly batchSize?: number;
  /** Whether the settings turn streaming on, where the target needs that. */
  readonly streams?: boolean;
  /** A schedule as the platform writes it, such as `cron(0 2 * * ? *)`. */
  readonly schedule?: string;
}

/** A reason why a target cannot serve a function; the build stops and prints it with file and line. */
export interface Refusal {
  readonly function: string;
  /** What the target cannot do, and what to do about it. */
  readonly reason: string;
}

/** The language of the infrastructure: the provider's own, or Terraform's JSON. */
export type Iac = "native" | "terraform";

/** What an adapter describes the infrastructure of. */
export interface InfrastructureInput extends TargetInput {
  /** What {@link BuildAdapter.plan} planned: where each function's code is, from the target's folder. */
  readonly artifacts: readonly Pick<ArtifactPlan, "directory" | "functions" | "zip">[];
  readonly iac: Iac;
}

/** The build side of an adapter: what `@anyfn/<name>/build` exports as `adapter`. */
export interface BuildAdapter extends Adapter {
  /** Validates the target's section of the configuration; an absent section is `{}`. */
  readonly settings: Schema;
  /** Refusals beyond the unsupported triggers of the capabilities, such as a schedule that cannot be translated. */
  refuse(input: TargetInput): readonly Refusal[];
  /**
   * How the settings make the events of a function arrive, for `anyfn check`; as the capabilities say by default. It is
   * asked for functions that were not refused.
   */
  delivery?(fn: DiscoveredFunction, input: TargetInput): Delivery;
  plan(input: TargetInput): readonly ArtifactPlan[];
  /**
   * Texts by file name, written into the target's folder beside the manifest; there is none where artifacts run wherever
   * one likes, as on Node.
   */
  infrastructure?(input: InfrastructureInput): Readonly<Record<string, string>>;
  /** How each artifact is tried after it was bundled; it is not without it. */
  readonly smoke?: SmokeTest;
  /**
   * Loads what deploys, which nothing else needs; without it the target is nothing to deploy to. Where the provider's
   * clients are not installed, its functions throw an AnyfnError `deploy` with the command that installs them.
   */
  readonly deployer?: () => Promise<Deployer>;
}

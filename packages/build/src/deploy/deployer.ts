import type { Manifest } from "../manifest.ts";
import type { InfrastructureInput } from "../model.ts";

/** Which deployment of an application is meant, and what it is made of. */
export interface StageInput extends InfrastructureInput {
  /** Such as `dev` or `prod`: a part of every name, so that stages share nothing. */
  readonly stage: string;
  /** Names of the functions that are meant; undefined for all. */
  readonly only: readonly string[] | undefined;
  /** Values of the infrastructure's parameters by name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Where the provider's standard chain looks for credentials, the region and the project. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Ends waiting and asking at once, as a second Ctrl-C does; what was begun is left as it is. */
  readonly signal: AbortSignal;
}

/** A stage, and the artifacts that it is to serve. */
export interface DeployInput extends StageInput {
  /** Absolute path of the target's built folder. */
  readonly directory: string;
  readonly manifest: Manifest;
}

/** What becomes of a resource. `replace` is a deletion and a creation. */
export type Action = "create" | "update" | "replace" | "delete" | "keep";

/** A resource, and what becomes of it. */
export interface Change {
  readonly action: Action;
  /** In plain words: `function`, `role`, `queue`. */
  readonly kind: string;
  /** The name that the provider knows it by. */
  readonly name: string;
  /** What differs, one each: `memory: 256 → 512`. No values of environment variables. */
  readonly details: readonly string[];
  /** The function whose callers get other code by this change, if it is that one. */
  readonly switches?: string | undefined;
  /** Carries it out, and tells what it waits for; there is none where the resource is kept. */
  readonly run?: ((tell: (doing: string) => void) => Promise<void>) | undefined;
}

/** What would be done, found out by reading alone. */
export interface Plan {
  /** Where: `account 123456789012, eu-central-1`. */
  readonly place: string;
  /** Changes of one wave do not need each other, and need those of the waves before. Nothing in a later wave runs after a failure. */
  readonly waves: readonly (readonly Change[])[];
  /** Where to reach what was deployed, after all of it was carried out. */
  readonly addresses: () => Promise<readonly Address[]>;
}

/** Where an HTTP function is reached. */
export interface Address {
  readonly function: string;
  readonly url: string;
}

/** What to call a function with. */
export interface Call {
  readonly function: string;
  /** For HTTP functions. */
  readonly method: string;
  /** For HTTP functions: path and query. */
  readonly path: string;
  /** For HTTP functions. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The body of an HTTP function, the input of a direct one as JSON, and for all others the provider's own payload as JSON.
   */
  readonly data: string | undefined;
}

/** What a function answered. */
export interface CallResult {
  readonly ok: boolean;
  /** Of an HTTP answer. */
  readonly status?: number | undefined;
  /** Of an HTTP answer. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly output: string;
}

/** Which lines of the log to read. */
export interface LogQuery {
  readonly function: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Goes on with new lines until the signal. */
  readonly follow: boolean;
}

/** A line of the log. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
}

/**
 * Brings built artifacts to a provider and looks after them there. Credentials come from the provider's standard chain and
 * stay inside.
 */
export interface Deployer {
  /** What a deployment would do; the second of two deployments finds nothing to do. */
  plan(input: DeployInput): Promise<Plan>;
  /** What would bring back the code that served before. */
  planRollback(input: StageInput): Promise<Plan>;
  /** What would delete all that deployments of the stage have made, and nothing else. */
  planRemoval(input: StageInput): Promise<Plan>;
  invoke(input: StageInput, call: Call): Promise<CallResult>;
  /** In the order of their times. */
  logs(input: StageInput, query: LogQuery): AsyncIterable<LogLine>;
}

import { unzipSync } from "fflate";
import type { Resources } from "./azure-service-resources.ts";
import type { RecordedRequest, ServerAnswer } from "./recording-server.ts";

/** The resource group. */
export const GROUP = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/shop";

/** What a test makes the service do, and what it can look at. */
export interface AzureState {
  readonly resources: Resources;
  /** Blobs by path: those of releases. */
  readonly blobs: Map<string, { readonly body: Buffer; readonly functions: string }>;
  /** The zip that the app runs. */
  code: Buffer | undefined;
  /** Rows of the log: id, time, text. */
  readonly logs: Array<readonly [id: string, time: string, text: string]>;
  /** Fails the first resource of a deployment that fits, once. */
  failResource: RegExp | undefined;
  /** Statuses of the next publications in place of success. */
  readonly failPublish: Array<{ readonly status: number; readonly text: string }>;
  /** How often a new right on blobs is still unknown. */
  unknownRights: number;
  /** How often the host has not made its key for blob triggers yet. */
  missingKeys: number;
  /** Whether the resource group is there. */
  hasGroup: boolean;
}

/** Answers a request; `match` has the groups of its path. */
type Handler = (request: RecordedRequest, match: readonly string[]) => ServerAnswer;
/** What answers which requests. */
export type Route = readonly [method: string, path: RegExp, audience: Audience, handler: Handler];
/** Whose token a request needs. */
export type Audience = "manager" | "storage" | "logs" | "nobody";

/** An error as Resource Manager writes it. */
export function failure(status: number, code: string, message: string): ServerAnswer {
  return { status, body: { error: { code, message } } };
}

/** The body of a request. */
export function jsonOf<T>({ body }: RecordedRequest): T {
  return JSON.parse(body.toString()) as T;
}

/** What the code registers: `register("name")` in the bundle; nothing without a package.json at the root. */
export function functionsIn(zip: Buffer | undefined): readonly string[] {
  const source = sourceOf(zip);
  return isBroken(zip) ? [] : [...source.matchAll(/register\("([\w-]+)"\)/g)].map(([, name = ""]) => name);
}

/** Whether the code throws while it loads. */
export function isBroken(zip: Buffer | undefined): boolean {
  return sourceOf(zip).includes("throw ");
}

/** The bundle in a zip. */
export function sourceOf(zip: Buffer | undefined): string {
  const files = zip === undefined ? {} : unzipSync(zip);
  const bundle = files["package.json"] === undefined ? undefined : files["index.cjs"];
  return bundle === undefined ? "" : Buffer.from(bundle).toString();
}

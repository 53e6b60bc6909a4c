import type { Json } from "./google-service-types.ts";
import type { RecordedRequest, ServerAnswer } from "./recording-server.ts";

/** What the project has. */
export interface GoogleState {
  /** Resources by `service/path`. */
  readonly resources: Map<string, Json>;
  readonly enabled: Set<string>;
  /** Policies by `service/path`. */
  readonly policies: Map<string, Json>;
  /** Revisions of the services behind functions. */
  readonly revisions: Map<string, Json[]>;
  /** Uploaded code by the object's name. */
  readonly uploads: Map<string, Buffer>;
  readonly operations: Map<string, { polls: number; run: () => Json }>;
  /** How many addresses for uploads were asked for. */
  asked: number;
  /** Log entries. */
  readonly entries: Json[];
  /** Fails an operation: of `create`, `update` or `delete` and the resource's path. */
  failOperation: ((verb: string, path: string) => { code: number; message: string } | undefined) | undefined;
  /** What functions answer. */
  answer: (request: RecordedRequest, name: string) => ServerAnswer;
  url: string;
}

export const PROJECT = "shop-123";
export const NUMBER = "424242";
export const REGION = "europe-west1";
/** `error.message` and `error.status`, as all of Google's APIs answer. */
export function refuse(code: number, status: string, message: string, reason?: string): ServerAnswer {
  const details =
    reason === undefined
      ? []
      : [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain: "googleapis.com" }];
  return { status: code, body: { error: { code, status, message, details } } };
}

/** Starts an operation that is done at the second question. */
export function operate(
  state: GoogleState,
  prefix: string,
  verb: string,
  path: string,
  run: () => Json,
): ServerAnswer {
  const name = `${prefix}/operations/${verb}-${state.operations.size + 1}`;
  const failing = state.failOperation;
  const finish = (): Json => {
    const error = failing?.(verb, path);
    return error === undefined ? { response: run() } : { error };
  };
  state.operations.set(name, { polls: 0, run: finish });
  return { body: { name, done: false } };
}

/** A request to an API, taken apart. */
export interface ApiRequest {
  readonly request: RecordedRequest;
  readonly service: string;
  /** Without the version. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Json;
}

/** Whether a resource, an account or the service of a function is there. */
export function isThere(state: GoogleState, need: string): boolean {
  const [kind = "", name = ""] = need.split(/:(.*)/s);
  const end =
    kind === "account" ? `/serviceAccounts/${name}` : kind === "service" ? `/functions/${name}` : undefined;
  if (end === undefined) return state.resources.has(need);
  return [...state.resources.keys()].some((key) => key.endsWith(end));
}

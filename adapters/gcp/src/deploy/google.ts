import { setTimeout as sleep } from "node:timers/promises";
import type { StageInput } from "@anyfn/build";
import type { v2 } from "@google-cloud/functions";
import type { GoogleAuth } from "google-auth-library";
import { type Answer, failureOf, failureOfThrown, isRecord } from "./_answer.ts";
import { isPropagating } from "./_errors.ts";
import { installed } from "./_install.ts";

/** A request to one of Google's APIs. */
export interface Call {
  /** The first label of its host: `pubsub`. */
  readonly service: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Version and resource: `v1/projects/shop/topics/orders`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: object | undefined;
}

/** What tests put in place of Google's own addresses, and of time. */
export interface GoogleOptions {
  /** Address of a service by the first label of its host. */
  readonly endpoint?: ((service: string) => string) | undefined;
  readonly wait?: ((milliseconds: number, signal: AbortSignal) => Promise<unknown>) | undefined;
}

/** Google's APIs, asked with the credentials of the standard chain. */
export interface Google {
  readonly signal: AbortSignal;
  /** Tries again what is throttled and what passes; gives all other failures at once. */
  readonly send: (call: Call) => Promise<Answer>;
  /** The same by the official client of Cloud Run functions. */
  readonly functions: <T>(ask: (client: FunctionClient) => Promise<T>) => Promise<Answer<T>>;
  /** Does something that can be done twice, with the same patience. */
  readonly retry: <T>(act: () => Promise<Answer<T>>) => Promise<Answer<T>>;
  readonly auth: () => Promise<GoogleAuth>;
  readonly wait: (milliseconds: number) => Promise<void>;
}

export type FunctionClient = v2.FunctionServiceClient;

const DEFAULT_UNIVERSE = "googleapis.com";
const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
/** Milliseconds before each further attempt. */
const PAUSES = [1000, 2000, 4000, 8000, 16_000];

/** Reaches Google's APIs. Nothing is loaded or asked before the first request. */
export function connect(
  { environment, signal }: Pick<StageInput, "environment" | "signal">,
  options: GoogleOptions,
): Google {
  const universe = environment.GOOGLE_CLOUD_UNIVERSE_DOMAIN ?? DEFAULT_UNIVERSE;
  const endpoint = options.endpoint ?? ((service) => `https://${service}.${universe}`);
  const wait = async (milliseconds: number): Promise<void> => {
    await (options.wait ?? pause)(milliseconds, signal);
    signal.throwIfAborted();
  };
  const auth = once(() => createAuth(environment, universe));
  const client = once(async () => createClient(await auth(), endpoint("cloudfunctions"), universe));
  return {
    signal,
    auth,
    wait,
    send: (call) =>
      insist(wait, call.method === "GET", async () => request(await auth(), endpoint, call, signal)),
    retry: (act) => insist(wait, true, act),
    functions: (ask) => insist(wait, false, async () => answerOf(ask, await auth(), client, signal)),
  };
}

/** Goes on trying for as long as accounts, rights and services that were just made are not known everywhere: two minutes. */
export async function whilePropagating<T>(
  google: Pick<Google, "wait">,
  tell: (doing: string) => void,
  act: () => Promise<Answer<T>>,
): Promise<Answer<T>> {
  for (let left = 24; ; left -= 1) {
    const answer = await act();
    if (answer.ok || left === 0 || !isPropagating(answer.failure)) return answer;
    tell("waiting until all of Google Cloud knows what was made before");
    await google.wait(5000);
  }
}

async function createAuth(
  environment: StageInput["environment"],
  universeDomain: string,
): Promise<GoogleAuth> {
  const { GoogleAuth } = await installed(() => import("google-auth-library"));
  const keyFilename = environment.GOOGLE_APPLICATION_CREDENTIALS;
  const chosen = universeDomain === DEFAULT_UNIVERSE ? {} : { universeDomain };
  return new GoogleAuth({
    scopes: SCOPE,
    ...chosen,
    ...(keyFilename === undefined || keyFilename === "" ? {} : { keyFilename }),
  });
}

async function createClient(
  auth: GoogleAuth,
  endpoint: string,
  universeDomain: string,
): Promise<FunctionClient> {
  const { v2: functions } = await installed(() => import("@google-cloud/functions"));
  const { hostname, port, protocol } = new URL(endpoint);
  // The client names another release of the same class.
  type Options = NonNullable<ConstructorParameters<typeof functions.FunctionServiceClient>[0]>;
  return new functions.FunctionServiceClient({
    auth: auth as unknown as NonNullable<Options["auth"]>,
    fallback: true,
    apiEndpoint: hostname,
    universeDomain,
    ...(port === "" ? {} : { port: Number(port) }),
    protocol: protocol.slice(0, -1),
  });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal });
}

/** Throttled and unavailable services are asked again; after other failures only what changes nothing. */
async function insist<T>(
  wait: Google["wait"],
  isRead: boolean,
  act: () => Promise<Answer<T>>,
): Promise<Answer<T>> {
  for (const milliseconds of PAUSES) {
    const answer = await act();
    if (answer.ok) return answer;
    const { status } = answer.failure;
    if (status !== 429 && status !== 503 && !(isRead && (status === 0 || status >= 500))) return answer;
    await wait(milliseconds);
  }
  return act();
}

async function request(
  auth: GoogleAuth,
  endpoint: (service: string) => string,
  { service, method, path, query = {}, headers = {}, body }: Call,
  signal: AbortSignal,
): Promise<Answer> {
  const unknown = await unauthenticated(auth, signal);
  if (unknown !== undefined) return unknown;
  const url = new URL(`${endpoint(service)}/${path}`);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value);
  try {
    const { status, data } = await auth.request<unknown>({
      url: url.href,
      method,
      headers,
      ...(body === undefined ? {} : { data: body }),
      responseType: "json",
      validateStatus: () => true,
      retry: false,
      signal,
    });
    if (status < 300) return { ok: true, body: isRecord(data) ? data : {} };
    return { ok: false, failure: failureOf(status, data) };
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, failure: failureOfThrown(error) };
  }
}

async function answerOf<T>(
  ask: (client: FunctionClient) => Promise<T>,
  auth: GoogleAuth,
  client: () => Promise<FunctionClient>,
  signal: AbortSignal,
): Promise<Answer<T>> {
  // Before there is a client: it asks for credentials on its own, and nobody would hear of a failure.
  const unknown = await unauthenticated(auth, signal);
  if (unknown !== undefined) return unknown;
  try {
    return { ok: true, body: await ask(await client()) };
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, failure: failureOfThrown(error) };
  }
}

/** Without credentials nothing is asked at all, and nothing again. */
async function unauthenticated(auth: GoogleAuth, signal: AbortSignal): Promise<Answer<never> | undefined> {
  signal.throwIfAborted();
  try {
    await auth.getAccessToken();
    return undefined;
  } catch (error) {
    return { ok: false, failure: { ...failureOfThrown(error), status: 401, reason: "UNAUTHENTICATED" } };
  }
}

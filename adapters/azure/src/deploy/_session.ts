import { setTimeout as sleep } from "node:timers/promises";
import type { StageInput } from "@anyfn/build";
import type { Pipeline, PipelineResponse, RequestBodyType } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import { deployError, refusal } from "./_errors.ts";
import { type Place, placeOf } from "./_place.ts";

/** A request with the token of whoever deploys, or without any. */
export interface Ask {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "PATCH" | "DELETE";
  /** A path is one of Azure Resource Manager. */
  readonly url: string;
  /** What the token is for; Resource Manager by default. */
  readonly scope?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is JSON. */
  readonly body?: object | string | Uint8Array;
  /** Statuses beyond 2xx that are an answer and no failure. */
  readonly allow?: readonly number[] | "all";
  /** What is not safe to send twice is sent once. */
  readonly once?: boolean;
}

/** What a service answered. */
export interface Answer {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  /** `{}` where there is no body. */
  readonly json: <T>() => T;
}

/** Who deploys. */
export interface Principal {
  readonly id: string;
  readonly type: "User" | "ServicePrincipal";
}

/** Everything that a command needs to talk to Azure. */
export interface Session {
  readonly place: Place;
  readonly ask: (request: Ask) => Promise<Answer>;
  /** Milliseconds; rejects when the command is to end. */
  readonly wait: (ms: number) => Promise<void>;
  /** Undefined where the token does not say. */
  readonly principal: () => Promise<Principal | undefined>;
}

/** What tests make fast. */
export interface Pace {
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds before the first retry of a request that was throttled or met a failing service. */
  readonly retryDelay?: number;
}

const INSTALL = "npm install --save-dev @azure/identity @azure/core-rest-pipeline";

/** Logs in by Azure's standard chain of credentials, when the first request is sent. */
export async function openSession(input: StageInput, pace: Pace = {}): Promise<Session> {
  const place = placeOf(input);
  const { identity, rest } = await loadClients();
  const { signal } = input;
  const tokenOf = tokens(new identity.DefaultAzureCredential(), signal);
  const { retryDelay = 1000 } = pace;
  const retrying = rest.createPipelineFromOptions({
    retryOptions: { maxRetries: 5, retryDelayInMs: retryDelay },
    userAgentOptions: { userAgentPrefix: "anyfn" },
  });
  const once = rest.createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
  const client = rest.createDefaultHttpClient();
  const armScope = `${place.resourceManager}/.default`;

  const ask = async (request: Ask): Promise<Answer> => {
    const { method, url, scope = armScope, body, headers = {}, allow = [] } = request;
    const address = url.startsWith("/") ? `${place.resourceManager}${url}` : url;
    const isJson = typeof body === "object" && !(body instanceof Uint8Array);
    const message = rest.createPipelineRequest({
      url: address,
      method,
      abortSignal: signal,
      // Tokens leave this machine encrypted only.
      allowInsecureConnection: isLoopback(address),
      streamResponseStatusCodes: new Set([Number.POSITIVE_INFINITY]),
      headers: rest.createHttpHeaders({
        ...(scope === null ? {} : { authorization: `Bearer ${await tokenOf(scope)}` }),
        ...(isJson ? { "content-type": "application/json" } : {}),
        ...headers,
      }),
      ...(body === undefined ? {} : { body: (isJson ? JSON.stringify(body) : body) as RequestBodyType }),
    });
    const pipeline: Pipeline = request.once === true ? once : retrying;
    const answer = await toAnswer(await pipeline.sendRequest(client, message));
    const isFine = answer.status < 300 || allow === "all" || allow.includes(answer.status);
    if (isFine) return answer;
    // Queries may carry what nobody should read.
    throw refusal(`${method} ${address.split("?")[0]}`, answer.status, answer.bytes.toString());
  };
  const wait = pace.wait ?? ((ms: number) => sleep(ms, undefined, { signal }));
  return {
    place,
    ask,
    wait: async (ms) => {
      signal.throwIfAborted();
      await wait(ms, signal);
    },
    principal: async () => principalOf(await tokenOf(armScope)),
  };
}

/** How long something may take, and how often it is looked at, in milliseconds. */
export interface Patience {
  readonly doing: string;
  readonly every?: number;
  readonly longest?: number;
  readonly tell?: (doing: string) => void;
}

/** Asks again until there is an answer. @throws AnyfnError `deploy` when it takes too long. */
export async function until<T>(
  { wait }: Session,
  look: () => Promise<T | undefined>,
  { doing, every = 5000, longest = 1_200_000, tell }: Patience,
): Promise<T> {
  for (let waited = 0; ; waited += every) {
    const found = await look();
    if (found !== undefined) return found;
    if (waited >= longest) {
      throw deployError(
        `Waited ${Math.round(longest / 1000)} seconds for ${doing}, in vain. Run the same command again.`,
      );
    }
    tell?.(`waiting for ${doing}`);
    await wait(every);
  }
}

async function loadClients() {
  try {
    const [identity, rest] = await Promise.all([
      import("@azure/identity"),
      import("@azure/core-rest-pipeline"),
    ]);
    return { identity, rest };
  } catch (error) {
    throw deployError(`Azure's clients are not installed. Run: ${INSTALL}`, error);
  }
}

/** Some credentials start a program for each token, so that tokens are kept until shortly before their end. */
function tokens(credential: TokenCredential, signal: AbortSignal): (scope: string) => Promise<string> {
  const known = new Map<string, Promise<{ readonly token: string; readonly expiresOnTimestamp: number }>>();
  const fetchToken = async (scope: string) => {
    try {
      const found = await credential.getToken(scope, { abortSignal: signal });
      if (found !== null) return found;
    } catch (error) {
      signal.throwIfAborted();
      throw deployError(`${NO_LOGIN} ${firstLine(error)}`, error);
    }
    throw deployError(NO_LOGIN);
  };
  return async (scope) => {
    const found = await known.get(scope)?.catch(() => undefined);
    if (found !== undefined && found.expiresOnTimestamp - Date.now() > 120_000) return found.token;
    const fresh = fetchToken(scope);
    known.set(scope, fresh);
    return (await fresh).token;
  };
}

const NO_LOGIN =
  "Azure knows nobody here. Log in with az login, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.";

function firstLine(error: unknown): string {
  const [line = ""] = (error instanceof Error ? error.message : "").split("\n");
  return line;
}

/** Who a token is for stands in its middle part. */
function principalOf(token: string): Principal | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as {
      readonly oid?: string;
      readonly idtyp?: string;
      readonly upn?: string;
      readonly scp?: string;
    };
    if (claims.oid === undefined) return undefined;
    const isUser = claims.idtyp === "user" || claims.upn !== undefined || claims.scp !== undefined;
    return { id: claims.oid, type: isUser ? "User" : "ServicePrincipal" };
  } catch {
    return undefined;
  }
}

function isLoopback(address: string): boolean {
  const { hostname, protocol } = new URL(address);
  return protocol === "http:" && /^(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname);
}

async function toAnswer({
  status,
  headers,
  bodyAsText,
  readableStreamBody,
}: PipelineResponse): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
  const bytes = readableStreamBody === undefined ? Buffer.from(bodyAsText ?? "") : Buffer.concat(chunks);
  return {
    status,
    header: (name) => headers.get(name),
    headers: headers.toJSON(),
    bytes,
    json: () => JSON.parse(bytes.length === 0 ? "{}" : bytes.toString()),
  };
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFunctions } from "./google-service-functions.ts";
import { createPolicies } from "./google-service-policies.ts";
import { createResources } from "./google-service-resources.ts";
import {
  type ApiRequest,
  type GoogleState,
  NUMBER,
  PROJECT,
  REGION,
  refuse,
} from "./google-service-state.ts";
import type { Json } from "./google-service-types.ts";
import {
  type RecordedRequest,
  type RecordingServer,
  type ServerAnswer,
  startRecordingServer,
} from "./recording-server.ts";

/** A project on a stand-in of Google Cloud, which keeps what it is given. */
export interface GoogleService extends AsyncDisposable {
  readonly server: RecordingServer;
  readonly state: GoogleState;
  /** Where a service is, by the first label of its host. */
  readonly endpoint: (service: string) => string;
  /** A credentials file of the standard chain; its tokens come from this service. */
  readonly credentials: string;
  /** Requests that change something, since the last call of this. */
  readonly writes: () => readonly string[];
}

const DEPLOYER = "deployer@shop-123.iam.gserviceaccount.com";
const SUBJECT = "subject-token-of-the-test";
/** What only the token service gives; nothing may print them. */
export const SECRETS = ["federated-token", "access-token", SUBJECT] as const;

/** Starts the stand-in with a project that has nothing but the right to enable services. */
export async function startGoogle(): Promise<GoogleService> {
  const folder = mkdtempSync(join(tmpdir(), "anyfn-google-"));
  const state = createState();
  const server = await startRecordingServer((request) => route(state, request));
  state.url = server.url;
  const subject = join(folder, "subject");
  const credentials = join(folder, "credentials.json");
  writeFileSync(subject, SUBJECT);
  writeFileSync(credentials, JSON.stringify(credentialsFor(server.url, subject)));
  let seen = 0;
  return {
    server,
    state,
    credentials,
    endpoint: (service) => (service === "cloudfunctions" ? server.url : `${server.url}/${service}`),
    writes: () => {
      const lines = server.requests
        .slice(seen)
        .filter(isWrite)
        .map(({ method, url }) => `${method} ${url.split("?")[0]}`);
      seen = server.requests.length;
      return lines;
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

function createState(): GoogleState {
  return {
    resources: new Map(),
    enabled: new Set(["serviceusage"]),
    policies: new Map(),
    revisions: new Map(),
    uploads: new Map(),
    asked: 0,
    operations: new Map(),
    entries: [],
    failOperation: undefined,
    answer: (_request, name) => ({ body: { hello: name } }),
    url: "",
  };
}

/** A federated identity that acts as a service account: no key, and both kinds of tokens. */
function credentialsFor(url: string, subject: string): Json {
  return {
    type: "impersonated_service_account",
    endpoint: `${url}/iamcredentials`,
    service_account_impersonation_url: `${url}/iamcredentials/v1/projects/-/serviceAccounts/${DEPLOYER}:generateAccessToken`,
    source_credentials: {
      type: "external_account",
      audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/test/providers/test",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_url: `${url}/sts/token`,
      credential_source: { file: subject },
    },
  };
}

function route(state: GoogleState, request: RecordedRequest): ServerAnswer {
  const url = new URL(request.url, "http://localhost");
  const [, first = "", ...rest] = url.pathname.split("/");
  const { authorization } = request.headers;
  if (first === "sts") return exchange(request);
  if (first === "iamcredentials") return issue(request, rest.at(-1) ?? "");
  if (first === "upload") return takeUpload(state, request, rest.join("/"));
  if (first === "call") return callFunction(state, request, rest[0] ?? "");
  if (authorization !== "Bearer access-token")
    return refuse(401, "UNAUTHENTICATED", "Request had invalid credentials.");
  const service = /^v\d/.test(first) ? "cloudfunctions" : first;
  const path =
    service === "cloudfunctions"
      ? rest.join("/")
      : rest.join("/").replace(/^(?:storage|bigquery)?\/?v\d\//, "");
  if (!state.enabled.has(service) && service !== "serviceusage") {
    const name = `${service}.googleapis.com`;
    return refuse(
      403,
      "PERMISSION_DENIED",
      `${name} has not been used in project ${NUMBER}.`,
      "SERVICE_DISABLED",
    );
  }
  return answerApi(state, { request, service, path, query: url.searchParams, body: readJson(request) });
}

function answerApi(state: GoogleState, api: ApiRequest): ServerAnswer {
  const { service, path, request } = api;
  if (service === "serviceusage") return answerServices(state, api);
  const operation = state.operations.get(path);
  if (operation !== undefined) return answerOperation(path, operation);
  if (service === "cloudresourcemanager" && request.method === "GET" && path === `projects/${PROJECT}`)
    return { body: { name: `projects/${NUMBER}`, projectId: PROJECT, state: "ACTIVE" } };
  if (service === "storage" && path.endsWith("/serviceAccount"))
    return { body: { email_address: `service-${NUMBER}@gs-project-accounts.iam.gserviceaccount.com` } };
  if (service === "logging" && path === "entries:list") return { body: { entries: state.entries } };
  return (
    createPolicies(state)(api) ??
    createFunctions(state)(api) ??
    createResources(state)(api) ??
    refuse(404, "NOT_FOUND", `There is no ${request.method} ${service} ${path}.`)
  );
}

function answerServices(state: GoogleState, { request, path }: ApiRequest): ServerAnswer {
  const [, name = "", verb] =
    /^projects\/[^/]+\/services\/([a-z]+)\.googleapis\.com(:enable)?$/.exec(path) ?? [];
  const parent = `projects/${NUMBER}`;
  if (verb === undefined && request.method === "GET")
    return {
      body: {
        name: `${parent}/services/${name}`,
        parent,
        state: state.enabled.has(name) ? "ENABLED" : "DISABLED",
      },
    };
  if (request.method !== "POST") return refuse(404, "NOT_FOUND", path);
  state.enabled.add(name);
  return { body: { name: "operations/noop.DONE_OPERATION", done: true, response: {} } };
}

function answerOperation(name: string, operation: { polls: number; run: () => Json }): ServerAnswer {
  operation.polls += 1;
  if (operation.polls < 2) {
    const stages = [
      { name: "BUILD", state: "IN_PROGRESS", resourceUri: "https://console.cloud.google.com/build/1" },
    ];
    return { body: { name, done: false, metadata: { stages } } };
  }
  const finished = operation.run();
  operation.run = () => finished;
  return { body: { name, done: true, ...finished } };
}

function exchange({ method, body }: RecordedRequest): ServerAnswer {
  const form = new URLSearchParams(body.toString());
  if (method !== "POST" || form.get("subject_token") !== SUBJECT)
    return { status: 400, body: { error: "invalid_grant" } };
  const type = "urn:ietf:params:oauth:token-type:access_token";
  return {
    body: {
      access_token: "federated-token",
      issued_token_type: type,
      token_type: "Bearer",
      expires_in: 3600,
    },
  };
}

function issue({ headers, body }: RecordedRequest, name: string): ServerAnswer {
  if (headers.authorization !== "Bearer federated-token") return refuse(401, "UNAUTHENTICATED", "No token.");
  if (name === `${DEPLOYER}:generateAccessToken`)
    return {
      body: { accessToken: "access-token", expireTime: new Date(Date.now() + 3_600_000).toISOString() },
    };
  const { audience } = JSON.parse(body.toString()) as { audience: string };
  return { body: { token: idTokenFor(audience) } };
}

function idTokenFor(audience: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ aud: audience, email: DEPLOYER, exp: 4_000_000_000 })}.signature`;
}

/** A signed address: it takes a zip once, from whoever has it, and no credentials beside. */
function takeUpload(
  state: GoogleState,
  { method, headers, body }: RecordedRequest,
  object: string,
): ServerAnswer {
  const isGood =
    method === "PUT" && headers["content-type"] === "application/zip" && headers.authorization === undefined;
  if (!isGood) return { status: 403, body: "SignatureDoesNotMatch" };
  state.uploads.set(object, body);
  return { body: "" };
}

/** Cloud Run in front of a function: it admits whom the policy names. */
function callFunction(state: GoogleState, request: RecordedRequest, name: string): ServerAnswer {
  const path = `projects/${PROJECT}/locations/${REGION}`;
  const config = state.resources.get(`cloudfunctions/${path}/functions/${name}`)?.serviceConfig as
    | Json
    | undefined;
  if (config === undefined) return { status: 404, body: "no such service" };
  if (config.ingressSettings === "ALLOW_INTERNAL_ONLY") return { status: 404, body: "Page not found" };
  const bindings = (state.policies.get(`run/${path}/services/${name}`)?.bindings ?? []) as readonly Json[];
  const members = bindings
    .filter(({ role }) => role === "roles/run.invoker")
    .flatMap(({ members: all }) => all as string[]);
  if (members.includes("allUsers")) return state.answer(request, name);
  if (request.headers.authorization !== `Bearer ${idTokenFor(String(config.uri))}`)
    return { status: 401, body: "no token" };
  if (!members.includes(`serviceAccount:${DEPLOYER}`)) return { status: 403, body: "not admitted" };
  return state.answer(request, name);
}

function readJson({ body, headers }: RecordedRequest): Json {
  const isJson = body.length > 0 && String(headers["content-type"]).includes("json");
  return isJson ? (JSON.parse(body.toString()) as Json) : {};
}

/** Tokens, reads and what only asks are no changes. */
function isWrite({ method, url }: RecordedRequest): boolean {
  if (/^\/(?:sts|iamcredentials|call)\//.test(url) || /:getIamPolicy|entries:list/.test(url)) return false;
  return method !== "GET";
}

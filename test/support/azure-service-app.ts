import { KEYS } from "./azure-service-resources.ts";
import {
  type AzureState,
  functionsIn,
  isBroken,
  jsonOf,
  type Route,
  sourceOf,
} from "./azure-service-state.ts";
import type { RecordedRequest, ServerAnswer } from "./recording-server.ts";

const SITE = "Microsoft\\.Web/sites";
const READS_CODE = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";

/** Where the app takes code and answers, its blobs, and its log. */
export function createApp(state: AzureState): readonly Route[] {
  const publications = new Map<string, { readonly status: number; readonly text: string; polls: number }>();

  const publish: Route[3] = (request) => {
    if (state.resources.find(SITE) === undefined) return { status: 404 };
    if (request.headers["content-type"] !== "application/zip") return { status: 415 };
    const id = `publication-${publications.size}`;
    const refused = state.failPublish.shift();
    const outcome =
      refused ?? (mayReadCode(state) ? { status: 4, text: "" } : { status: 3, text: "Forbidden" });
    publications.set(id, { ...outcome, polls: 1 });
    if (outcome.status === 4) state.code = request.body;
    return { status: 202, body: `"${id}"` };
  };

  const progress: Route[3] = (_request, [id = ""]) => {
    const publication = publications.get(id);
    if (publication === undefined) return { status: 404 };
    publication.polls -= 1;
    const { status, text } = publication;
    return { body: publication.polls >= 0 ? { id, status: 1 } : { id, status, status_text: text } };
  };

  return [
    ["POST", /^\/api\/publish$/, "manager", publish],
    ["GET", /^\/api\/deployments\/([\w-]+)$/, "manager", progress],
    ["GET", /^\/api\/deployments\/([\w-]+)\/log$/, "manager", () => ({ body: [{ message: "Preparing." }] })],
    ...blobs(state),
    ["POST", /^\/v1\/workspaces\/workspace-1\/query$/, "logs", (request) => query(state, request)],
    [
      "GET",
      /^\/admin\/host\/status$/,
      "nobody",
      ({ headers }) => {
        if (headers["x-functions-key"] !== KEYS.masterKey) return { status: 401 };
        const errors = isBroken(state.code) ? { errors: ["Worker was unable to load entry point."] } : {};
        return { body: { state: isBroken(state.code) ? "Error" : "Running", ...errors } };
      },
    ],
    [
      "POST",
      /^\/admin\/functions\/([\w-]+)$/,
      "nobody",
      ({ headers }, [name = ""]) => {
        if (headers["x-functions-key"] !== KEYS.masterKey) return { status: 401 };
        return { status: functionsIn(state.code).includes(name) ? 202 : 404 };
      },
    ],
    ["GET", /^\/fn(\/.*)$/, "nobody", (request, [path]) => answer(state, request, path)],
    ["POST", /^\/fn(\/.*)$/, "nobody", (request, [path]) => answer(state, request, path)],
  ];
}

/** The app takes its code with its own identity. */
function mayReadCode({ resources }: AzureState): boolean {
  return resources
    .ids()
    .some((id) => JSON.stringify(resources.get(id)?.body.properties ?? {}).includes(READS_CODE));
}

/** The code's version, and what it was asked. */
function answer({ code }: AzureState, { method, headers, body }: RecordedRequest, path = ""): ServerAnswer {
  if (functionsIn(code).length === 0) return { status: 404 };
  const version = /version (\w+)/.exec(sourceOf(code))?.[1];
  const key = headers["x-functions-key"] ?? null;
  return {
    status: path === "/fails" ? 503 : 200,
    body: { version, method, path, key, body: body.toString() },
  };
}

function blobs(state: AzureState): readonly Route[] {
  const path = /^(\/deployments\/anyfn-releases\/[\da-f]{64}\.zip)$/;
  const guarded =
    (handler: Route[3]): Route[3] =>
    (request, match) => {
      if (request.headers["x-ms-version"] === undefined) return { status: 400 };
      return mayUseBlobs(state) ? handler(request, match) : DENIED;
    };
  const read: Route[3] = (request, [name = ""]) => {
    const blob = state.blobs.get(name);
    if (blob === undefined) return { status: 404 };
    const headers = { "x-ms-meta-functions": blob.functions };
    return request.method === "HEAD" ? { headers } : { headers, body: blob.body };
  };
  const put: Route[3] = ({ headers, body }, [name = ""]) => {
    if (headers["x-ms-blob-type"] !== "BlockBlob") return { status: 400 };
    state.blobs.set(name, { body, functions: String(headers["x-ms-meta-functions"]) });
    return { status: 201 };
  };
  const drop: Route[3] = (_request, [name = ""]) => ({ status: state.blobs.delete(name) ? 202 : 404 });
  return [
    ["HEAD", path, "storage", guarded(read)],
    ["GET", path, "storage", guarded(read)],
    ["PUT", path, "storage", guarded(put)],
    ["DELETE", path, "storage", guarded(drop)],
  ];
}

const DENIED: ServerAnswer = {
  status: 403,
  headers: { "content-type": "application/xml" },
  body: "<Error><Code>AuthorizationPermissionMismatch</Code><Message>Not authorized.\nTime:1</Message></Error>",
};

/** A right that was just given is not known at once. */
function mayUseBlobs(state: AzureState): boolean {
  const { resources } = state;
  const isGiven = resources
    .ids()
    .some((id) => resources.get(id)?.body.properties?.principalId === "11111111-2222-4333-8444-555555555555");
  if (!isGiven) return false;
  state.unknownRights -= 1;
  return state.unknownRights < 0;
}

function query({ logs }: AzureState, request: RecordedRequest): ServerAnswer {
  const { query: text } = jsonOf<{ readonly query: string }>(request);
  const since = Date.parse(/datetime\(([^)]+)\)/.exec(text)?.[1] ?? "");
  const name = /OperationName == "([\w-]+)"/.exec(text)?.[1];
  const rows = logs.filter(([, time, line]) => Date.parse(time) >= since && line.startsWith(`${name}:`));
  const columns = ["Id", "Time", "Text"].map((column) => ({ name: column }));
  return { body: { tables: [{ name: "PrimaryResult", columns, rows }] } };
}

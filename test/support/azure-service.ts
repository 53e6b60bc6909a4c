import { createApp } from "./azure-service-app.ts";
import { type Body, createResources, KEYS } from "./azure-service-resources.ts";
import { createStacks } from "./azure-service-stacks.ts";
import { type AzureState, failure, functionsIn, GROUP, jsonOf, type Route } from "./azure-service-state.ts";
import {
  type RecordedRequest,
  type RecordingServer,
  type ServerAnswer,
  startRecordingServer,
} from "./recording-server.ts";

/** A stand-in of Azure that keeps what it is given. */
export interface AzureService extends AsyncDisposable {
  readonly url: string;
  readonly server: RecordingServer;
  readonly state: AzureState;
  /** What the deployer reads. */
  readonly environment: Readonly<Record<string, string>>;
  /** Requests that change something, as `METHOD /path` from the resource group on. */
  readonly writes: () => readonly string[];
}

/** Starts it with an empty resource group. */
export async function startAzure(): Promise<AzureService> {
  let routes: readonly Route[] = [];
  const audiences = { manager: "", logs: "", storage: "https://storage.azure.com" };
  const server = await startRecordingServer((request) => {
    const path = decodeURI(request.url.split("?")[0] ?? "");
    for (const [method, pattern, audience, handler] of routes) {
      const match = method === request.method ? pattern.exec(path) : null;
      if (match === null) continue;
      if (audience !== "nobody" && audienceOf(request) !== audiences[audience])
        return failure(401, "InvalidAuthenticationToken", `No token for ${audiences[audience]}.`);
      return handler(request, match.slice(1));
    }
    return failure(404, "NotFound", `${request.method} ${path} is nothing here.`);
  });
  audiences.manager = server.url;
  audiences.logs = server.url.replace("127.0.0.1", "localhost");
  const state: AzureState = {
    resources: createResources(GROUP, new URL(server.url).host),
    blobs: new Map(),
    code: undefined,
    logs: [],
    failResource: undefined,
    failPublish: [],
    unknownRights: 0,
    missingKeys: 0,
    hasGroup: true,
  };
  routes = [...createStacks(state, server.url), ...managed(state), ...createApp(state)];
  return {
    url: server.url,
    server,
    state,
    environment: {
      AZURE_SUBSCRIPTION_ID: GROUP.split("/")[2] ?? "",
      AZURE_RESOURCE_GROUP: "shop",
    },
    writes: () =>
      server.requests
        .filter(isWrite)
        .map(({ method, url }) => `${method} ${url.split("?")[0]?.replace(`${GROUP}/providers/`, "")}`),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** What is read by POST changes nothing. */
function isWrite({ method, url }: RecordedRequest): boolean {
  return method !== "GET" && method !== "HEAD" && !/whatIf|listKeys|\/query|\/admin\/functions/.test(url);
}

/** Starts what gives tokens to a managed identity, and the variables by which Azure's credentials find it. */
export async function startIdentity(): Promise<
  AsyncDisposable & { readonly environment: Readonly<Record<string, string>> }
> {
  const server = await startRecordingServer(issueToken);
  return {
    environment: { IDENTITY_ENDPOINT: `${server.url}/msi/token`, IDENTITY_HEADER: "identity-secret" },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function issueToken({ url, headers }: RecordedRequest): ServerAnswer {
  if (headers["x-identity-header"] !== "identity-secret") return { status: 401 };
  const resource = new URL(url, "http://x").searchParams.get("resource") ?? "";
  const claims = { oid: "11111111-2222-4333-8444-555555555555", idtyp: "app", aud: resource };
  const token = ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "signature"].join(".");
  const expires = Math.floor(Date.now() / 1000) + 86_400;
  return { body: { access_token: token, expires_on: String(expires), resource, token_type: "Bearer" } };
}

function audienceOf({ headers }: RecordedRequest): string | undefined {
  const [, claims] = /^Bearer e30\.([\w-]+)\.signature$/.exec(headers.authorization ?? "") ?? [];
  if (claims === undefined) return undefined;
  return JSON.parse(Buffer.from(claims, "base64url").toString()).aud;
}

/** What Resource Manager answers about single resources. */
function managed(state: AzureState): readonly Route[] {
  const { resources } = state;
  const tagsPath = /^(.+)\/providers\/Microsoft\.Resources\/tags\/default$/;
  const assignments = /^(.+\/containers\/deployments)\/providers\/Microsoft\.Authorization\/roleAssignments$/;
  const assignment = /^(.+\/roleAssignments\/[^/]+)$/;
  return [
    [
      "PATCH",
      tagsPath,
      "manager",
      (request, [id = ""]) => {
        const found = resources.get(id);
        if (found === undefined) return failure(404, "ResourceNotFound", id);
        const { operation, properties } = jsonOf<{ operation: string; properties: { tags: Body["tags"] } }>(
          request,
        );
        if (operation !== "Merge") return failure(400, "InvalidRequestContent", operation);
        resources.put(id, { ...found.body, tags: { ...found.body.tags, ...properties.tags } });
        return { body: {} };
      },
    ],
    [
      "GET",
      /^(.+\/Microsoft\.Web\/sites\/[^/]+)\/functions$/,
      "manager",
      (_request, [id = ""]) => ({
        body: { value: functionsIn(state.code).map((name) => ({ name: `${id.split("/").at(-1)}/${name}` })) },
      }),
    ],
    [
      "POST",
      /\/host\/default\/listKeys$/,
      "manager",
      () => {
        state.missingKeys -= 1;
        return { body: state.missingKeys >= 0 ? { ...KEYS, systemKeys: {} } : KEYS };
      },
    ],
    [
      "GET",
      new RegExp(`^${GROUP}/resources$`),
      "manager",
      () => ({
        body: {
          value: resources.ids().flatMap((id) => {
            const [name, type, provider] = id.split("/").reverse();
            const { tags, location } = resources.get(id)?.body ?? {};
            return location === undefined ? [] : [{ id, name, type: `${provider}/${type}`, tags }];
          }),
        },
      }),
    ],
    [
      "DELETE",
      /^(\/subscriptions\/.+\/(?!roleAssignments)[^/]+\/[^/]+)$/,
      "manager",
      (_request, [id = ""]) => {
        resources.delete(id);
        return { status: 202 };
      },
    ],
    [
      "POST",
      /\/functions\/([\w-]+)\/listKeys$/,
      "manager",
      (_, [name]) => ({ body: { default: `${name}-key` } }),
    ],
    [
      "GET",
      assignments,
      "manager",
      (_request, [at = ""]) => ({
        body: {
          value: resources
            .ids()
            .filter((id) => id.startsWith(`${at}/providers/Microsoft.Authorization/`))
            .map((id) => ({ id, properties: resources.get(id)?.body.properties })),
        },
      }),
    ],
    [
      "PUT",
      assignment,
      "manager",
      (request, [id = ""]) => {
        resources.put(id, jsonOf(request));
        return { status: 201 };
      },
    ],
    [
      "DELETE",
      assignment,
      "manager",
      (_request, [id = ""]) => {
        resources.delete(id);
        return { status: 200 };
      },
    ],
    [
      "GET",
      /^(\/subscriptions\/.+)$/,
      "manager",
      (_request, [id = ""]) => {
        const found = resources.get(id);
        return found === undefined
          ? failure(404, "ResourceNotFound", `${id} was not found.`)
          : { body: resources.view(found) };
      },
    ],
  ];
}

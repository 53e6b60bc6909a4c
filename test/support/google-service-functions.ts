import {
  type ApiRequest,
  type GoogleState,
  isThere,
  operate,
  PROJECT,
  REGION,
  refuse,
} from "./google-service-state.ts";
import type { Json } from "./google-service-types.ts";
import type { ServerAnswer } from "./recording-server.ts";

const PARENT = `projects/${PROJECT}/locations/${REGION}`;

/** Keeps functions, and the services of Cloud Run behind them with their revisions. */
export function createFunctions(state: GoogleState): (api: ApiRequest) => ServerAnswer | undefined {
  return (api) => {
    if (api.service === "run") return answerRun(state, api);
    if (api.service !== "cloudfunctions") return undefined;
    const { path, request, query } = api;
    const body = namesIn(api.body);
    if (path === `${PARENT}/functions:generateUploadUrl`) return uploadUrl(state, body);
    if (path === `${PARENT}/functions`) {
      if (request.method === "POST") return create(state, `${path}/${query.get("functionId")}`, body);
      const all = [...state.resources].filter(([key]) => key.startsWith(`cloudfunctions/${path}/`));
      return { body: { functions: all.map(([, fn]) => fn) } };
    }
    const found = state.resources.get(`cloudfunctions/${path}`);
    if (found === undefined) return refuse(404, "NOT_FOUND", `Resource '${path}' was not found`);
    if (request.method === "GET") return { body: found };
    if (request.method === "PATCH")
      return update(state, path, found, body, camelCase(query.get("updateMask") ?? ""));
    if (request.method !== "DELETE") return undefined;
    return operate(state, PARENT, "delete", path, () => {
      state.resources.delete(`cloudfunctions/${path}`);
      state.policies.delete(`run/${serviceOf(path)}`);
      state.revisions.delete(serviceOf(path));
      state.resources.delete(`run/${serviceOf(path)}`);
      return {};
    });
  };
}

/** The official client sends numbers for names (`$alt=json;enum-encoding=int`). */
function namesIn(body: Json): Json {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      if (name in NAMES && typeof value === "number") return [name, NAMES[name]?.[value]];
      const isInside = name === "serviceConfig" || name === "eventTrigger";
      return [name, isInside ? namesIn(value as Json) : value];
    }),
  );
}

const NAMES: Readonly<Record<string, readonly string[]>> = {
  environment: ["ENVIRONMENT_UNSPECIFIED", "GEN_1", "GEN_2"],
  ingressSettings: [
    "INGRESS_SETTINGS_UNSPECIFIED",
    "ALLOW_ALL",
    "ALLOW_INTERNAL_ONLY",
    "ALLOW_INTERNAL_AND_GCLB",
  ],
  retryPolicy: ["RETRY_POLICY_UNSPECIFIED", "RETRY_POLICY_DO_NOT_RETRY", "RETRY_POLICY_RETRY"],
};

function uploadUrl(state: GoogleState, body: Json): ServerAnswer {
  if (body.environment !== "GEN_2")
    return refuse(400, "INVALID_ARGUMENT", "Only the second generation is here.");
  state.asked += 1;
  const object = `source-${state.asked}.zip`;
  const storageSource = { bucket: "gcf-v2-uploads", object };
  return {
    body: { uploadUrl: `${state.url}/upload/${object}?X-Goog-Signature=secret-signature`, storageSource },
  };
}

function create(state: GoogleState, path: string, body: Json): ServerAnswer {
  if (state.resources.has(`cloudfunctions/${path}`))
    return refuse(409, "ALREADY_EXISTS", `${path} already exists.`);
  const problem = problemOf(state, body);
  if (problem !== undefined) return refuse(400, "INVALID_ARGUMENT", problem);
  return operate(state, PARENT, "create", path, () => deploy(state, path, { ...body, name: path }));
}

function update(state: GoogleState, path: string, found: Json, body: Json, mask: string): ServerAnswer {
  const problem = problemOf(state, body, mask);
  if (problem !== undefined) return refuse(400, "INVALID_ARGUMENT", problem);
  const changed = mask.split(",").reduce<Json>((fn, name) => copy(fn, body, name.split(".")), found);
  return operate(state, PARENT, "update", path, () => deploy(state, path, changed));
}

/** What Google checks before it builds; a failed operation leaves what was there. */
function problemOf(state: GoogleState, body: Json, mask?: string): string | undefined {
  const build = (body.buildConfig ?? {}) as Json;
  const config = (body.serviceConfig ?? {}) as Json;
  const { object } = ((build.source as Json | undefined)?.storageSource ?? {}) as { object?: string };
  const takesCode = mask === undefined || mask.split(",").includes("buildConfig.source");
  if (takesCode && !state.uploads.has(String(object))) return "There is no code.";
  const accounts = [config.serviceAccountEmail, String(build.serviceAccount).split("/").at(-1)];
  const missing = accounts.filter((email) => !isThere(state, `account:${email}`));
  if (missing.length > 0) return `Service account ${missing[0]} does not exist.`;
  if (!state.resources.has(`artifactregistry/${build.dockerRepository}`))
    return "There is no such repository.";
  return undefined;
}

/** Makes a revision, and gives it the traffic where that is asked for. */
function deploy(state: GoogleState, path: string, fn: Json): Json {
  const name = path.split("/").at(-1);
  const service = serviceOf(path);
  const revisions = state.revisions.get(service) ?? [];
  const revision = `${name}-${String(revisions.length + 1).padStart(5, "0")}`;
  const { environmentVariables, ...config } = fn.serviceConfig as Json;
  const code = ((fn.buildConfig as Json).source as { storageSource: { object: string } }).storageSource
    .object;
  state.revisions.set(service, [
    ...revisions,
    {
      name: `${service}/revisions/${revision}`,
      createTime: new Date(Date.UTC(2026, 10, 1, 0, revisions.length)).toISOString(),
      conditions: [{ type: "Ready", state: "CONDITION_SUCCEEDED" }],
      code,
    },
  ]);
  if (config.allTrafficOnLatestRevision) state.resources.set(`run/${service}`, { traffic: [] });
  const made = {
    ...fn,
    state: "ACTIVE",
    serviceConfig: {
      ...config,
      environmentVariables: { LOG_EXECUTION_ID: "true", ...(environmentVariables as Json) },
      service,
      revision,
      uri: `${state.url}/call/${name}`,
    },
  };
  state.resources.set(`cloudfunctions/${path}`, made);
  return made;
}

function answerRun(state: GoogleState, { path, request, body, query }: ApiRequest): ServerAnswer | undefined {
  const [, service = "", rest] = /^(.*\/services\/[^/]+)(\/revisions)?$/.exec(path) ?? [];
  const revisions = state.revisions.get(service);
  if (revisions === undefined) return refuse(404, "NOT_FOUND", `${path} was not found.`);
  if (rest !== undefined) return { body: { revisions: [...revisions].reverse() } };
  const { traffic = [] } = (state.resources.get(`run/${service}`) ?? {}) as { traffic?: readonly Json[] };
  if (request.method === "GET") {
    return {
      body: {
        name: service,
        traffic,
        latestReadyRevision: revisions.at(-1)?.name,
        etag: `"${revisions.length}"`,
      },
    };
  }
  if (
    request.method !== "PATCH" ||
    query.get("updateMask") !== "traffic" ||
    body.etag !== `"${revisions.length}"`
  )
    return refuse(400, "INVALID_ARGUMENT", "Only traffic can be changed here, and only with the etag.");
  return operate(state, PARENT, "update", service, () => {
    const targets = body.traffic as readonly Json[];
    state.resources.set(`run/${service}`, { traffic: targets });
    const key = `cloudfunctions/${service.replace("/services/", "/functions/")}`;
    const fn = state.resources.get(key);
    const isLatest = targets.every(({ type }) => type === "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST");
    const config = { ...(fn?.serviceConfig as Json), allTrafficOnLatestRevision: isLatest };
    state.resources.set(key, { ...fn, serviceConfig: config });
    return {};
  });
}

/** The code that callers of a function reach. */
export function servedCode(state: GoogleState, name: string): Buffer | undefined {
  const service = `${PARENT}/services/${name}`;
  const revisions = state.revisions.get(service) ?? [];
  const { traffic = [] } = (state.resources.get(`run/${service}`) ?? {}) as { traffic?: readonly Json[] };
  const pinned = traffic.find(({ revision }) => revision !== undefined)?.revision;
  const serving = revisions.find((one) => String(one.name).endsWith(`/${pinned}`)) ?? revisions.at(-1);
  return state.uploads.get(String(serving?.code));
}

/** Masks may be in either spelling. */
function camelCase(mask: string): string {
  return mask.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

function serviceOf(path: string): string {
  return path.replace("/functions/", "/services/");
}

function copy(to: Json, from: Json, [name = "", ...rest]: readonly string[]): Json {
  const value =
    rest.length === 0 ? from[name] : copy((to[name] ?? {}) as Json, (from[name] ?? {}) as Json, rest);
  return { ...to, [name]: value };
}

import { type ApiRequest, type GoogleState, isThere, PROJECT, refuse } from "./google-service-state.ts";
import type { Json } from "./google-service-types.ts";
import type { ServerAnswer } from "./recording-server.ts";

/** Keeps the policies of all resources; each change needs the etag of what it changes. */
export function createPolicies(state: GoogleState): (api: ApiRequest) => ServerAnswer | undefined {
  return (api) => {
    const { service, path, request, body } = api;
    const [, target = "", verb] = /^(.*?)(:getIamPolicy|:setIamPolicy|\/iam)$/.exec(path) ?? [];
    if (service === "bigquery") return answerDataset(state, api);
    if (verb === undefined) return undefined;
    const isWrite = verb === ":setIamPolicy" || request.method === "PUT";
    const key = `${service}/${target}`;
    if (!exists(state, service, target)) return refuse(404, "NOT_FOUND", `${target} was not found.`);
    const method = ["cloudresourcemanager", "cloudtasks"].includes(service) || isWrite ? "POST" : "GET";
    if (verb !== "/iam" && request.method !== method)
      return refuse(404, "NOT_FOUND", `${request.method} ${path}`);
    const current: Json = state.policies.get(key) ?? { version: 1, etag: "etag-0", bindings: [] };
    if (!isWrite) return { body: current };
    return write(state, key, current, (verb === "/iam" ? body : body.policy) as Json);
  };
}

function write(state: GoogleState, key: string, current: Json, policy: Json): ServerAnswer {
  if (policy.etag !== current.etag)
    return refuse(
      409,
      "ABORTED",
      "There were concurrent policy changes. Please retry the whole read-modify-write.",
    );
  const bindings = (policy.bindings ?? []) as readonly { members: readonly string[]; condition?: Json }[];
  if (bindings.some(({ condition }) => condition !== undefined) && policy.version !== 3)
    return refuse(400, "INVALID_ARGUMENT", "Conditions need version 3.");
  const unknown = bindings
    .flatMap(({ members }) => members)
    .filter(
      (member) =>
        member.startsWith("serviceAccount:") && member.endsWith(`@${PROJECT}.iam.gserviceaccount.com`),
    )
    .filter(
      (member) =>
        !member.includes(":deployer@") &&
        !isThere(state, `account:${member.slice("serviceAccount:".length)}`),
    );
  if (unknown.length > 0)
    return refuse(400, "INVALID_ARGUMENT", `Service account ${unknown[0]} does not exist.`);
  const next = { ...policy, etag: `etag-${Number(String(current.etag).split("-")[1]) + 1}` };
  state.policies.set(key, next);
  return { body: next };
}

/** BigQuery has lists of who may what in place of policies. */
function answerDataset(state: GoogleState, { path, request, body }: ApiRequest): ServerAnswer | undefined {
  const key = `bigquery/${path}`;
  const found = state.resources.get(key);
  if (found === undefined) return refuse(404, "NOT_FOUND", `${path} was not found.`);
  if (request.method === "GET") return { body: found };
  if (request.headers["if-match"] !== found.etag)
    return refuse(412, "CONDITION_NOT_MET", "Precondition check failed.");
  const access = (body.access as readonly Json[]).map((entry) => ({
    ...entry,
    role: entry.role === "roles/bigquery.dataViewer" ? "READER" : entry.role,
  }));
  const next = { ...found, access, etag: `${String(found.etag)}1` };
  state.resources.set(key, next);
  return { body: next };
}

function exists(state: GoogleState, service: string, target: string): boolean {
  if (service === "cloudresourcemanager") return target === `projects/${PROJECT}`;
  if (service === "run") return isThere(state, `service:${target.split("/").at(-1)}`);
  return state.resources.has(`${service}/${target}`);
}

import {
  type ApiRequest,
  type GoogleState,
  isThere,
  NUMBER,
  operate,
  PROJECT,
  refuse,
} from "./google-service-state.ts";
import { type Json, type ResourceType, TYPES } from "./google-service-types.ts";
import type { ServerAnswer } from "./recording-server.ts";

/** Lists come in pages of so many. */
const PAGE = 2;

/** Keeps the resources of all types that are nothing special. */
export function createResources(state: GoogleState): (api: ApiRequest) => ServerAnswer | undefined {
  return (api) => {
    const { service, path, request } = api;
    const own = TYPES.filter((type) => type.service === service);
    const listed = own.find((type) => type.collection.test(path));
    if (listed !== undefined && request.method === "GET") return list(state, listed, api);
    if (listed !== undefined && request.method === "POST") return post(state, listed, api);
    const bare = path.replace(/:\w+$/, "");
    const type = own.find(({ collection }) => collection.test(bare.slice(0, bare.lastIndexOf("/"))));
    if (type === undefined) return undefined;
    if (path.endsWith(":undelete")) return restore(state, service, bare);
    return answerOne(state, type, api);
  };
}

function answerOne(state: GoogleState, type: ResourceType, api: ApiRequest): ServerAnswer {
  const { service, path, request, body } = api;
  const key = `${service}/${path}`;
  const found = state.resources.get(key);
  if (request.method === "PUT" && type.create === "PUT") return put(state, type, path, body);
  if (found === undefined) return refuse(404, "NOT_FOUND", `${path} was not found.`);
  if (request.method === "GET") return { body: found };
  if (request.method === "PATCH") return patch(state, type, api, found);
  if (request.method !== "DELETE") return refuse(405, "UNIMPLEMENTED", request.method);
  if (service === "storage" && found.objects)
    return refuse(409, "CONFLICT", "The bucket you tried to delete is not empty.");
  const remove = (): Json => {
    if (service === "logging" && path.includes("/buckets/"))
      state.resources.set(key, { ...found, lifecycleState: "DELETE_REQUESTED" });
    else state.resources.delete(key);
    state.policies.delete(key);
    return {};
  };
  if (type.isLong) return operate(state, parentOf(path), "delete", path, remove);
  return { body: remove() };
}

function list(state: GoogleState, type: ResourceType, { path, query }: ApiRequest): ServerAnswer {
  const pattern = new RegExp(`^${type.service}/${path.replace("/-/", "/[^/]+/")}/[^/]+$`);
  const all = [...state.resources].filter(([key]) => pattern.test(key)).map(([, resource]) => resource);
  const from = Number(query.get("pageToken") ?? 0);
  const items = type.items ?? path.slice(path.lastIndexOf("/") + 1);
  const next = from + PAGE < all.length ? { nextPageToken: String(from + PAGE) } : {};
  return { body: { [items]: all.slice(from, from + PAGE), ...next } };
}

function post(state: GoogleState, type: ResourceType, { path, query, body }: ApiRequest): ServerAnswer {
  const { id = "", wraps } = type;
  const named = id.startsWith("body:") ? body[id.slice(5)] : (query.get(id) ?? body[id]);
  const name = String(named).split("/").at(-1) ?? "";
  const inside = (wraps === undefined ? body : body[wraps]) as Json;
  const end = type.service === "iam" ? `${name}@${path.split("/")[1]}.iam.gserviceaccount.com` : name;
  if (name === "undefined" || name === "") return refuse(400, "INVALID_ARGUMENT", `${id} is missing.`);
  return put(state, type, `${path}/${end}`, inside);
}

function put(state: GoogleState, type: ResourceType, path: string, body: Json): ServerAnswer {
  const key = `${type.service}/${path}`;
  const problem = problemOf(state, type, body);
  if (problem !== undefined) return refuse(400, "INVALID_ARGUMENT", problem);
  if (state.resources.has(key)) return refuse(409, "ALREADY_EXISTS", `${path} already exists.`);
  const isShort = ["storage", "logging"].includes(type.service) && !path.includes("/buckets/");
  // Logging names what belongs to a project by its number.
  const name = type.service === "logging" ? path.replace(PROJECT, NUMBER) : path;
  const resource = { ...body, name: isShort ? path.split("/").at(-1) : name, ...type.adds?.(body, path) };
  const make = (): Json => {
    state.resources.set(key, resource);
    return resource;
  };
  return type.isLong ? operate(state, parentOf(path), "create", path, make) : { body: make() };
}

function patch(
  state: GoogleState,
  type: ResourceType,
  { path, query, body }: ApiRequest,
  found: Json,
): ServerAnswer {
  const inside = (type.patch === undefined ? body : body[type.patch]) as Json;
  const given = type.patch === undefined ? query.get("updateMask") : body.updateMask;
  // Cloud Storage merges what it is given.
  const mask = type.service === "storage" ? Object.keys(inside) : String(given ?? "").split(",");
  const problem = mask.every((name) => type.members.includes(name))
    ? problemOf(state, type, inside)
    : `Bad mask ${mask}.`;
  if (problem !== undefined) return refuse(400, "INVALID_ARGUMENT", problem);
  if (path.includes("/sinks/") && query.get("uniqueWriterIdentity") !== "true")
    return refuse(400, "INVALID_ARGUMENT", "uniqueWriterIdentity cannot be taken back.");
  const make = (): Json => {
    const changed = { ...found, ...Object.fromEntries(mask.map((name) => [name, inside[name]])) };
    const resource = { ...changed, ...type.adds?.(changed, path) };
    state.resources.set(`${type.service}/${path}`, resource);
    return resource;
  };
  return type.isLong ? operate(state, parentOf(path), "update", path, make) : { body: make() };
}

function restore(state: GoogleState, service: string, path: string): ServerAnswer {
  const key = `${service}/${path}`;
  state.resources.set(key, { ...state.resources.get(key), lifecycleState: "ACTIVE" });
  return { body: {} };
}

/** Google refuses members that it does not know, and references to what is not there. */
function problemOf(state: GoogleState, type: ResourceType, body: Json): string | undefined {
  const unknown = Object.keys(body).filter((name) => !type.members.includes(name));
  if (unknown.length > 0) return `Invalid JSON payload received. Unknown name "${unknown.join()}".`;
  const isWhole =
    type.needs !== undefined && (body.topic ?? body.httpTarget ?? body.destination) !== undefined;
  const missing = isWhole ? (type.needs?.(body) ?? []).filter((need) => !isThere(state, need)) : [];
  return missing.length === 0 ? undefined : `Not found: ${missing.join(", ")}.`;
}

function parentOf(path: string): string {
  return path.split("/").slice(0, 4).join("/");
}

import type { Address, Call, CallResult, DiscoveredFunction, StageInput } from "@anyfn/build";
import type { HttpTrigger } from "@anyfn/core";
import type { AzureBuildSettings } from "../build/settings.ts";
import { settingsOf } from "../settings.ts";
import { deployError } from "./_errors.ts";
import { functionKey, hostKeys } from "./_keys.ts";
import type { Session } from "./_session.ts";
import { type Site, siteOf } from "./_site.ts";

/** Calls a function: over HTTP where it answers there, and through the host's own endpoint otherwise. */
export async function invoke(session: Session, input: StageInput, call: Call): Promise<CallResult> {
  const fn = input.functions.find(({ name }) => name === call.function);
  if (fn === undefined) throw deployError(`There is no function ${call.function}.`);
  const site = await siteOf(session);
  const way = wayTo(fn, input.settings as AzureBuildSettings);
  return way === undefined ? trigger(session, site, call) : send(session, site, call, way);
}

interface Way {
  /** Before the path of the call. */
  readonly prefix: string;
  /** In place of it. */
  readonly path?: string;
  readonly authLevel: "anonymous" | "function" | "admin";
}

function wayTo({ name, definition }: DiscoveredFunction, settings: AzureBuildSettings): Way | undefined {
  const { kind } = definition.trigger;
  const prefix = prefixOf(settings);
  if (kind === "http") return { prefix, authLevel: settings.authLevel ?? "anonymous" };
  const { source, route = `/${name}`, authLevel = "function" } = settingsOf(settings.direct, name) ?? {};
  return kind === "direct" && source !== "activity" ? { prefix, path: route, authLevel } : undefined;
}

async function send(session: Session, site: Site, call: Call, way: Way): Promise<CallResult> {
  const { prefix, path = call.path, authLevel } = way;
  const isDirect = way.path !== undefined;
  const key =
    authLevel === "anonymous"
      ? undefined
      : authLevel === "admin"
        ? (await hostKeys(session, site)).masterKey
        : await functionKey(session, site, call.function);
  const answer = await session.ask({
    method: (isDirect ? "POST" : call.method.toUpperCase()) as "GET",
    url: `${site.origin}${prefix}${path}`,
    scope: null,
    once: true,
    allow: "all",
    headers: {
      ...(isDirect ? { "content-type": "application/json" } : call.headers),
      ...(key === undefined ? {} : { "x-functions-key": key }),
    },
    ...(isDirect ? { body: call.data ?? "null" } : call.data === undefined ? {} : { body: call.data }),
  });
  const { status, headers } = answer;
  return { ok: status < 400, status, headers, output: answer.bytes.toString() };
}

/** https://learn.microsoft.com/azure/azure-functions/functions-manually-run-non-http */
async function trigger(session: Session, site: Site, { function: name, data }: Call): Promise<CallResult> {
  const { masterKey = "" } = await hostKeys(session, site);
  const answer = await session.ask({
    method: "POST",
    url: `${site.origin}/admin/functions/${name}`,
    scope: null,
    once: true,
    allow: "all",
    headers: { "x-functions-key": masterKey },
    body: { input: data ?? "" },
  });
  const { status } = answer;
  const output = answer.bytes.toString();
  return status === 202 && output === ""
    ? { ok: true, output: `The host has taken it. What became of it is in the log: anyfn logs ${name}.` }
    : { ok: status < 400, output: output === "" ? `HTTP ${status}` : output };
}

/** Path before every route. */
export function prefixOf({ routePrefix = "" }: AzureBuildSettings): string {
  return routePrefix === "" ? "" : `/${routePrefix}`;
}

/** Where HTTP functions answer. */
export function addressesOf({ functions, settings }: StageInput, { origin }: Site): readonly Address[] {
  const base = `${origin}${prefixOf(settings as AzureBuildSettings)}`;
  return functions
    .filter(({ definition }) => definition.trigger.kind === "http")
    .map(({ name, definition }) => ({
      function: name,
      url: `${base}${(definition.trigger as HttpTrigger).path}`,
    }));
}

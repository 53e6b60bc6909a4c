import type { Call, CallResult, StageInput } from "@anyfn/build";
import type { ScheduleTrigger } from "@anyfn/core";
import { isRecord } from "./_answer.ts";
import { deployError } from "./_errors.ts";
import type { GoogleOptions } from "./google.ts";
import { nameOf } from "./kind.ts";
import { kindOf, openStage, type Stage } from "./stage.ts";

/** Calls a function at its URL, with an ID token of the caller's where not everybody may. */
export async function callFunction(
  input: StageInput,
  call: Call,
  options: GoogleOptions,
): Promise<CallResult> {
  const stage = openStage({ ...input, only: undefined }, options);
  const { name, url, isInternal } = await findFunction(stage, call.function);
  const { kind } = functionOf(input, call).trigger;
  const target = kind === "http" ? joinUrl(url, call.path) : url;
  const headers = { ...(kind === "http" ? call.headers : headersOf(input, call, name)) };
  const isPublic = await mayEverybody(stage, name);
  const own = Object.keys(headers).some((header) => header.toLowerCase() === "authorization");
  const token = isPublic || own ? {} : await tokenFor(stage, url);
  const response = await fetch(target, {
    method: kind === "http" ? call.method : "POST",
    headers: { ...headers, ...token },
    redirect: "manual",
    signal: input.signal,
    ...(call.data === undefined ? {} : { body: call.data }),
  });
  const output = await response.text();
  if (isInternal && response.status === 404) {
    throw deployError(
      `${call.function} takes calls from inside of Google Cloud only. Set \`functions.${call.function}.ingress\` to "all", ` +
        "or send an event to what it listens to.",
    );
  }
  if (response.status === 403 && !isPublic) {
    throw deployError(
      `${call.function} does not take calls by this account (HTTP 403). Give it roles/run.invoker by ` +
        `\`functions.${call.function}.invokers\`.`,
    );
  }
  const { status, ok } = response;
  if (kind !== "http") return { ok, output };
  return { ok, status, headers: Object.fromEntries(response.headers), output };
}

function functionOf(input: StageInput, call: Pick<Call, "function">) {
  const fn = input.functions.find(({ name }) => name === call.function);
  if (fn === undefined) throw deployError(`There is no function ${call.function}.`);
  return fn.definition;
}

/** Where a function is. @throws AnyfnError `deploy` when it is not deployed. */
export async function findFunction(
  stage: Stage,
  wanted: string,
): Promise<{ name: string; url: string; isInternal: boolean }> {
  const declared = stage.waves.flat().find(({ fn }) => fn?.name === wanted);
  if (declared === undefined) throw deployError(`There is no function ${wanted}.`);
  const kind = kindOf(declared.type);
  const path = kind.path(await stage.argumentsOf(declared), stage.place);
  const found = await kind.read(stage.google, path);
  const config = isRecord(found?.serviceConfig) ? found.serviceConfig : {};
  if (!config.uri) {
    throw deployError(`${wanted} is not deployed to stage "${stage.input.stage}". Run anyfn deploy first.`);
  }
  return {
    name: nameOf(path),
    url: String(config.uri),
    isInternal: config.ingressSettings === "ALLOW_INTERNAL_ONLY",
  };
}

/** Whether the document lets everybody call it: a token of the caller's is not shown to what needs none. */
async function mayEverybody(stage: Stage, name: string): Promise<boolean> {
  const { place, rights } = stage;
  const path = `projects/${place.project}/locations/${place.region}/services/${name}`;
  const on = { type: "google_cloud_run_v2_service_iam_member", path };
  return rights.has({ on, role: "roles/run.invoker", member: "allUsers" });
}

async function tokenFor({ google }: Stage, audience: string): Promise<Readonly<Record<string, string>>> {
  try {
    const client = await (await google.auth()).getIdTokenClient(audience);
    const token = await client.idTokenProvider.fetchIdToken(audience);
    return { authorization: `Bearer ${token}` };
  } catch (error) {
    const [words] = (error as Error).message.split("\n");
    throw deployError(
      `These credentials give no ID token, which the function asks its callers for: ${words} Log in as a service account: ` +
        "gcloud auth application-default login --impersonate-service-account=<email>",
    );
  }
}

/** How Google's services send what they send. */
function headersOf(input: StageInput, call: Call, name: string): Readonly<Record<string, string>> {
  const { trigger } = functionOf(input, call);
  const json = { "content-type": "application/json" };
  if (
    trigger.kind === "schedule" &&
    (trigger as ScheduleTrigger).cron !== undefined &&
    !isMessage(call.data)
  ) {
    const time = new Date().toISOString();
    return {
      ...json,
      "x-cloudscheduler": "true",
      "x-cloudscheduler-jobname": name,
      "x-cloudscheduler-scheduletime": time,
    };
  }
  const data: unknown = call.data === undefined ? undefined : JSON.parse(call.data);
  const isEvent = isRecord(data) && typeof data.specversion === "string";
  return isEvent ? { "content-type": "application/cloudevents+json" } : json;
}

function isMessage(data: string | undefined): boolean {
  const value: unknown = data === undefined ? undefined : JSON.parse(data);
  return isRecord(value) && (isRecord(value.message) || typeof value.specversion === "string");
}

function joinUrl(url: string, path: string): string {
  return `${url.replace(/\/$/, "")}/${path.replace(/^\//, "")}`;
}

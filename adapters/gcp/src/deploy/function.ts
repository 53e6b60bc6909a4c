import { readFile } from "node:fs/promises";
import type { protos } from "@google-cloud/functions";
import { type Answer, bodyOf, failureOfThrown, ifThere, isRecord, type Json } from "./_answer.ts";
import { camelCase, snakeCase } from "./_case.ts";
import { deployError } from "./_errors.ts";
import { type FunctionClient, type Google, whilePropagating } from "./google.ts";
import { type Args, type Kind, nameOf, type Source, type Step, type Thing } from "./kind.ts";
import { finish } from "./operation.ts";
import { labelsOf, type Place, within } from "./place.ts";

type SourceMessage = protos.google.cloud.functions.v2.ISource;
type FunctionMessage = protos.google.cloud.functions.v2.IFunction;

/** The label that says which code a function has: 63 digits of its hash, as long as a label can be. */
const SOURCE_LABEL = "anyfn-source";
/** The label that says which deployment changed a function last. */
export const DEPLOYMENT_LABEL = "anyfn-deployment";

const ONCE = { retry: null, timeout: 60_000 };

/**
 * A function of Cloud Run functions, by their official client. An update builds the code where it is other code, and gives
 * all traffic to the new revision once that is ready; until then, and where it fails, the one before serves.
 */
export const functionKind: Kind = {
  label: "function",
  path: ({ name }, { project, region }) =>
    `projects/${project}/locations/${region}/functions/${String(name)}`,
  body: bodyOfFunction,
  attributes: (path, found) => {
    const config = isRecord(found?.serviceConfig) ? found.serviceConfig : {};
    return { location: path.split("/")[3], "service_config[0].uri": config.uri };
  },
  mark: "labels",
  // https://cloud.google.com/functions/docs/calling#changing: a trigger keeps its type and its region.
  immutable: ["eventTrigger.eventType", "eventTrigger.triggerRegion"],
  isBroken: ({ state }) => state !== "ACTIVE",
  deep: ["buildConfig", "serviceConfig"],
  rank: 2,
  read: readFunction,
  create: (step, thing) =>
    send(step, thing, {}, true, (client, message) => {
      const parent = parentOf(thing.path);
      const request = { parent, functionId: nameOf(thing.path), function: message };
      return client.createFunction(request, ONCE);
    }),
  update: (step, thing, mask, { labels, state }) => {
    const isNew = state !== "ACTIVE" || mask.includes("labels");
    const paths = [...new Set([...mask, "labels", ...(isNew ? ["buildConfig.source"] : [])])].map(snakeCase);
    return send(step, thing, labels, isNew, (client, message) =>
      client.updateFunction({ function: message, updateMask: { paths } }, ONCE),
    );
  },
  remove: async (step, name) => {
    const answer = await step.google.functions((client) => client.deleteFunction({ name }, ONCE));
    const started = ifThere(answer);
    if (started !== undefined) await finish(step, "cloudfunctions", "v2", operationOf(started));
  },
  list: async (google, place) => {
    const { project, region } = place;
    const parent = `projects/${project}/locations/${region}`;
    const all = ifThere(await google.functions((client) => client.listFunctions({ parent }, ONCE)));
    return (all?.[0] ?? []).map((found) => ({ path: within(place, String(found.name)), body: { ...found } }));
  },
};

/** What a function is; undefined where there is none. */
export async function readFunction(google: Google, name: string): Promise<Json | undefined> {
  const answer = ifThere(await google.functions((client) => client.getFunction({ name }, ONCE)));
  return answer === undefined ? undefined : { ...answer[0] };
}

function bodyOfFunction(args: Args, place: Place): Json {
  const { build_config: build, service_config: service, event_trigger: trigger, source } = args;
  return {
    environment: "GEN_2",
    buildConfig: camelCase(build as Args),
    serviceConfig: camelCase(service as Args),
    eventTrigger: isRecord(trigger) ? camelCase(trigger) : undefined,
    labels: { ...labelsOf(place), [SOURCE_LABEL]: (source as Source).sha256.slice(0, 63) },
  };
}

/** Sends a function, and gives what it is afterwards: its URL is Google's to choose. */
async function send(
  step: Step,
  { path, body, source }: Thing,
  labels: unknown,
  isNew: boolean,
  ask: (client: FunctionClient, message: FunctionMessage) => Promise<readonly unknown[]>,
): Promise<Json> {
  const { google, tell, deployment } = step;
  if (isNew) tell("uploading");
  const code = isNew && source !== undefined ? { source: await upload(google, parentOf(path), source) } : {};
  const message: FunctionMessage = {
    ...body,
    name: path,
    labels: { ...(labels as object), ...(body.labels as object), [DEPLOYMENT_LABEL]: deployment },
    buildConfig: { ...(body.buildConfig as object), ...code },
  };
  const answer = await whilePropagating(google, tell, () =>
    google.functions((client) => ask(client, message)),
  );
  await finish(step, "cloudfunctions", "v2", operationOf(bodyOf(answer)));
  const found = await readFunction(google, path);
  if (found === undefined) throw deployError(`${nameOf(path)} is gone just after it was deployed.`);
  return found;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/functions/"));
}

/** Gives the code to Google, by an address that is made for it alone: no bucket of the project's is needed. */
async function upload(google: Google, parent: string, { file }: Source): Promise<SourceMessage> {
  const [{ uploadUrl, storageSource }] = bodyOf(
    await google.functions((client) => client.generateUploadUrl({ parent, environment: "GEN_2" }, ONCE)),
  );
  const zip = await readFile(file);
  // The URL is signed; Google refuses a token beside it.
  const put = async (): Promise<Answer<undefined>> => {
    const headers = { "content-type": "application/zip" };
    const request = { method: "PUT", headers, body: zip, signal: google.signal };
    const sent = await fetch(String(uploadUrl), request).catch(failureOfThrown);
    google.signal.throwIfAborted();
    if (!(sent instanceof Response)) return { ok: false, failure: sent };
    const { ok, status } = sent;
    if (ok) return { ok, body: undefined };
    return { ok, failure: { status, reason: "UPLOAD", message: `The code was not taken: HTTP ${status}` } };
  };
  bodyOf(await google.retry(put));
  return { storageSource: storageSource ?? null };
}

/** The operation as the API gives it, which is the same for all services. */
function operationOf([operation]: readonly unknown[]): Json {
  const { latestResponse } = operation as { readonly latestResponse: Json };
  const { name, done } = latestResponse;
  return done === true ? { ...latestResponse, done } : { name };
}

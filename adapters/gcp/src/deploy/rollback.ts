import type { Change, Plan, StageInput } from "@anyfn/build";
import { bodyOf, isRecord, type Json } from "./_answer.ts";
import { keep } from "./_change.ts";
import { deployError } from "./_errors.ts";
import { DEPLOYMENT_LABEL } from "./function.ts";
import type { Google, GoogleOptions } from "./google.ts";
import { nameOf, type Step } from "./kind.ts";
import { finish } from "./operation.ts";
import { describePlace, isOurs } from "./place.ts";
import { addressesOf } from "./plan.ts";
import { kindOf, openStage, type Stage } from "./stage.ts";

const RUN = "run";
const LATEST = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";
const REVISION = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";

interface Deployed {
  readonly name: string;
  readonly fn: string;
  readonly found: Json;
}

/**
 * Finds out what gives the traffic back to the revisions that served before the last deployment, or forward again where
 * that was done already. Unless functions are named, those are meant that the last deployment changed.
 *
 * @throws AnyfnError `deploy` where no revision served before.
 */
export async function planRollback(input: StageInput, options: GoogleOptions): Promise<Plan> {
  const stage = openStage(input, options);
  const deployed = await functionsOf(stage);
  const last = deployed.map(deploymentOf).sort().at(-1);
  const meant = deployed.filter((one) => input.only !== undefined || deploymentOf(one) === last);
  if (meant.length === 0) {
    throw deployError(`Nothing is deployed to stage "${input.stage}". Run anyfn deploy first.`);
  }
  const changes = await Promise.all(meant.map((one) => planTraffic(stage.google, one)));
  if (changes.every(({ action }) => action === "keep")) {
    throw deployError(
      `No revision served before: ${meant.map(({ fn }) => fn).join(", ")}. Deploy other code instead.`,
    );
  }
  return { place: describePlace(stage.place), waves: [changes], addresses: async () => addressesOf(stage) };
}

/** The functions of a stage that are deployed, of those that are declared and meant. */
async function functionsOf(stage: Stage): Promise<readonly Deployed[]> {
  const { waves, google, place, input } = stage;
  const declared = waves
    .flat()
    .filter(({ fn }) => fn !== undefined && input.only?.includes(fn.name) !== false);
  const read = declared.map(async (one): Promise<readonly Deployed[]> => {
    const kind = kindOf(one.type);
    const path = kind.path(await stage.argumentsOf(one), place);
    const found = await kind.read(google, path);
    if (found === undefined || !isOurs(place, found)) return [];
    stage.found.set(one.address, found);
    return [{ name: nameOf(path), fn: one.fn?.name ?? "", found }];
  });
  return (await Promise.all(read)).flat();
}

function deploymentOf({ found }: Deployed): string {
  const label = isRecord(found.labels) ? found.labels[DEPLOYMENT_LABEL] : undefined;
  return typeof label === "string" ? label : "";
}

async function planTraffic(google: Google, { name, fn, found }: Deployed): Promise<Change> {
  const config = isRecord(found.serviceConfig) ? found.serviceConfig : {};
  const path = `v2/${String(config.service)}`;
  const service = bodyOf(await google.send({ service: RUN, method: "GET", path }));
  const latest = nameOf(String(service.latestReadyRevision));
  const serving = servingOf(service) ?? latest;
  const target = serving === latest ? before(await revisionsOf(google, path), serving) : latest;
  if (target === undefined) return keep("function", name, "no revision served before");
  const isForward = target === latest;
  const note = isForward
    ? "the next deployment serves at once, as before the rollback"
    : "the next deployment gives the traffic to the latest revision again";
  const traffic = [
    { percent: 100, ...(isForward ? { type: LATEST } : { type: REVISION, revision: target }) },
  ];
  const run = async (tell: Step["tell"]) => {
    const body = { traffic, etag: service.etag };
    const query = { updateMask: "traffic" };
    const started = bodyOf(await google.send({ service: RUN, method: "PATCH", path, query, body }));
    await finish({ google, tell }, RUN, "v2", started);
  };
  const details = [`revision: ${serving} → ${target}`, note];
  return { action: "update", kind: "function", name, details, switches: fn, run };
}

/** The revision that has all traffic by name; undefined where the latest has. */
function servingOf({ traffic }: Json): string | undefined {
  const targets = Array.isArray(traffic) ? traffic.filter(isRecord) : [];
  const pinned = targets.find(({ type, percent }) => type === REVISION && percent === 100);
  return typeof pinned?.revision === "string" ? nameOf(pinned.revision) : undefined;
}

/** Ready revisions, the newest first. */
async function revisionsOf(google: Google, path: string): Promise<readonly string[]> {
  const query = { pageSize: "100" };
  const answer = bodyOf(await google.send({ service: RUN, method: "GET", path: `${path}/revisions`, query }));
  const revisions = Array.isArray(answer.revisions) ? answer.revisions.filter(isRecord) : [];
  return revisions
    .filter(isReady)
    .sort((a, b) => (String(a.createTime) < String(b.createTime) ? 1 : -1))
    .map(({ name }) => nameOf(String(name)));
}

function isReady({ conditions }: Json): boolean {
  const all = Array.isArray(conditions) ? conditions.filter(isRecord) : [];
  const ready = all.find(({ type }) => type === "Ready");
  return ready?.state === "CONDITION_SUCCEEDED";
}

function before(revisions: readonly string[], serving: string): string | undefined {
  return revisions[revisions.indexOf(serving) + 1];
}

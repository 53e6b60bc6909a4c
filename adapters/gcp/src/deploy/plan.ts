import type { Change, DeployInput, Plan } from "@anyfn/build";
import { isRecord } from "./_answer.ts";
import { keep } from "./_change.ts";
import { deployError } from "./_errors.ts";
import { differences, isImmutable, maskOf } from "./diff.ts";
import { type Declared, sourceOf } from "./document.ts";
import type { GoogleOptions } from "./google.ts";
import { type Args, nameOf, type Step, type Thing } from "./kind.ts";
import { planLeftovers } from "./leftovers.ts";
import { describePlace, isOurs } from "./place.ts";
import { isRight, type Right, rightOf } from "./policies.ts";
import { describeRight } from "./rights.ts";
import { kindOf, openDeployment, type Stage } from "./stage.ts";

/** What a plan of a deployment is made with. */
export interface Planning {
  readonly stage: Stage;
  readonly input: DeployInput;
  readonly deployment: string;
  /** Addresses of what is not there, or will not be for a moment: nothing that belongs to it is there then. */
  readonly missing: Set<string>;
  /** What is declared, as far as there is such a thing by itself: paths by type. */
  readonly paths: Map<string, Set<string>>;
  readonly rights: Right[];
}

/** Finds out what a deployment would change. Reads alone. */
export async function planDeployment(
  input: DeployInput,
  options: GoogleOptions & { readonly now: () => number },
): Promise<Plan> {
  const stage = openDeployment(input, options);
  const deployment = new Date(options.now()).toISOString().replace(/\D/g, "").slice(0, 14);
  const planning: Planning = { stage, input, deployment, missing: new Set(), paths: new Map(), rights: [] };
  const waves: (readonly Change[])[] = [];
  for (const wave of stage.waves) {
    const plan = (declared: Declared) =>
      isRight(declared.type) ? planRight(planning, declared) : planThing(planning, declared);
    waves.push(await Promise.all(wave.map(plan)));
  }
  waves.push(...(await planLeftovers(planning)));
  return {
    place: describePlace(stage.place),
    waves: waves.filter((wave) => wave.length > 0),
    addresses: async () => addressesOf(stage),
  };
}

/** Where HTTP functions are reached. */
export function addressesOf({ waves, found }: Stage): readonly { function: string; url: string }[] {
  return waves.flat().flatMap(({ address, fn }) => {
    const config = found.get(address)?.serviceConfig;
    if (fn?.definition.trigger.kind !== "http" || !isRecord(config) || !config.uri) return [];
    return [{ function: fn.name, url: String(config.uri) }];
  });
}

async function planRight(planning: Planning, declared: Declared): Promise<Change> {
  const { stage, missing, rights } = planning;
  const right = async () => rightOf(declared.type, await stage.argumentsOf(declared), stage.place);
  const planned = await right();
  rights.push(planned);
  const name = describeRight(planned);
  const isFirst = declared.needs.some((need) => missing.has(need));
  if (!isFirst && (await stage.rights.has(planned))) return keep("right", name);
  const run = async (tell: (doing: string) => void) => stage.rights.add(await right(), tell);
  return { action: "create", kind: "right", name, details: [], run };
}

async function planThing(planning: Planning, declared: Declared): Promise<Change> {
  const { stage, missing, paths, deployment } = planning;
  const { place, google } = stage;
  const { address, type, fn } = declared;
  const kind = kindOf(type);
  const { path, body } = await thingOf(planning, declared);
  paths.set(type, (paths.get(type) ?? new Set()).add(path));
  const found = await kind.read(google, path);
  stage.found.set(address, found);
  const stepOf = (tell: Step["tell"]): Step => ({ google, place, tell, deployment });
  const common = { kind: kind.label, name: nameOf(path), switches: fn?.name };
  if (found === undefined) {
    missing.add(address);
    const run = async (tell: Step["tell"]) => {
      stage.found.set(address, await kind.create(stepOf(tell), await thingOf(planning, declared)));
    };
    return { ...common, action: "create", details: [], run };
  }
  assertOurs(planning, kind.label, path, kind.mark === undefined || isOurs(place, found));
  const changed = differences(body, found);
  const isBroken = kind.isBroken?.(found) ?? false;
  if (changed.length === 0 && !isBroken) return keep(common.kind, common.name);
  const words = changed.map((difference) => difference.words);
  const details = isBroken ? [`its state is ${String(found.state)}`, ...words] : words;
  if (changed.some((difference) => isImmutable(difference.path, kind.immutable))) {
    missing.add(address);
    const run = async (tell: Step["tell"]) => {
      await kind.remove?.(stepOf(tell), path);
      stage.found.set(address, await kind.create(stepOf(tell), await thingOf(planning, declared)));
    };
    return { ...common, action: "replace", details, run };
  }
  const run = async (tell: Step["tell"]) => {
    const thing = await thingOf(planning, declared);
    const now = differences(thing.body, found).map((difference) => difference.path);
    if (now.length === 0 && !isBroken) return;
    const made = await kind.update?.(stepOf(tell), thing, maskOf(now, kind.deep), found);
    stage.found.set(address, made ?? found);
  };
  return { ...common, action: "update", details, run };
}

/** A resource as it is to be, as far as that is known by now. */
async function thingOf({ stage, input }: Planning, declared: Declared): Promise<Thing> {
  const { place } = stage;
  const { path, body } = kindOf(declared.type);
  const args: Args = await stage.argumentsOf(declared);
  if (declared.fn === undefined) return { path: path(args, place), body: body(args, place) };
  const source = sourceOf(input, declared.fn);
  return { path: path(args, place), body: body({ ...args, source }, place), source };
}

function assertOurs({ stage }: Planning, label: string, path: string, isOwn: boolean): void {
  if (isOwn) return;
  const { app, stage: name, region } = stage.place;
  throw deployError(
    `There is a ${label} ${nameOf(path)} already, which was not made for stage "${name}" of "${app}" in ${region}. ` +
      "Delete or rename it, or take another stage.",
  );
}

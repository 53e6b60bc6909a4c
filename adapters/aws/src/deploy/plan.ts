import { createHash } from "node:crypto";
import type { Change, DeployInput, Plan } from "@anyfn/build";
import { ALIAS } from "../build/infrastructure-function.ts";
import { deployError, explained } from "./_errors.ts";
import { inParallel } from "./_parallel.ts";
import { addressesOf } from "./addresses.ts";
import { type Difference, differences } from "./diff.ts";
import type { Aws, Found } from "./kind.ts";
import { fromDescription, nextDeployment } from "./marks.ts";
import { type Node, toModel } from "./model.ts";
import { deletions, findOthers } from "./others.ts";
import { parameterValues } from "./parameters.ts";
import { readOurs, readyResource, resourceOf, type State } from "./state.ts";
import { levelsOf, wavesOf } from "./waves.ts";

/** Finds out by reading what a deployment would change. */
export async function planDeployment(input: DeployInput, opened: Aws): Promise<Plan> {
  const { nodes, parameters } = toModel(input);
  const values = parameterValues(parameters, input);
  const read: State = { aws: opened, parameters: values, found: new Map() };
  const steps = new Map<string, Step>();
  for (const level of levelsOf([...nodes.values()])) {
    for (const step of await inParallel(level, (node) => stepFor(node, read))) {
      steps.set(step.node.logicalId, step);
    }
  }
  const found = [...steps.values()].flatMap((step) => step.found ?? []);
  const marks = found.map(({ attributes }) => fromDescription(attributes.Mark));
  const deployment = nextDeployment(marks, contentOf(input, values), opened.deployment.time);
  const state: State = { ...read, aws: { ...opened, deployment } };
  const gone = input.only === undefined ? await findOthers(opened, keysOf(steps.values())) : [];
  return {
    place: `account ${opened.account}, ${opened.region}`,
    waves: [...wavesFor(nodes, steps, state), ...deletions(opened, gone)],
    addresses: async () => addressesOf(input, state),
  };
}

/** A resource, what is there of it and what becomes of it. */
interface Step {
  readonly node: Node;
  readonly name: string;
  readonly found: Found | undefined;
  readonly action: "create" | "update" | "replace" | "keep";
  readonly differences: readonly Difference[];
  /** Whether there is a second half of the update. */
  readonly finishes: boolean;
}

async function stepFor(node: Node, state: State): Promise<Step> {
  const resource = resourceOf(node, state);
  const { name } = resource;
  const found = await readOurs(node, resource);
  if (found === undefined) return { node, name, found, action: "create", differences: [], finishes: false };
  const { immutable = [], defaults } = node.kind;
  const differing = differences(resource.properties, found.properties, defaults);
  const isNew = differing.some(({ property }) => immutable.includes(property));
  if (isNew && node.fate === "Retain") throw unchangeable(node, name, differing);
  // What needs something that is replaced learns of the new one only when it is there.
  if (!isNew) state.found.set(node.logicalId, found);
  const action = isNew ? "replace" : differing.length > 0 ? "update" : "keep";
  const { finish, finishes = () => finish !== undefined } = node.kind;
  return {
    node,
    name,
    found,
    action,
    differences: differing,
    finishes: action === "update" && finishes(resource, found),
  };
}

/** To replace what holds data is to delete the data. */
function unchangeable({ kind }: Node, name: string, differing: readonly Difference[]): Error {
  const what = differing.map(({ property }) => property).join(", ");
  return deployError(
    `The ${kind.label} ${name} holds data, and its ${what} cannot be changed. Bring the data elsewhere and delete it yourself, or change this back.`,
  );
}

function wavesFor(
  nodes: ReadonlyMap<string, Node>,
  steps: ReadonlyMap<string, Step>,
  state: State,
): readonly (readonly Change[])[] {
  const { before, functions, after } = wavesOf(nodes);
  const changesOf = (wave: readonly Node[]) =>
    wave.flatMap(({ logicalId }) => {
      const step = steps.get(logicalId);
      return step === undefined ? [] : [changeFor(step, state)];
    });
  const halves = [...steps.values()].filter(({ finishes }) => finishes);
  const isFunction = ({ node }: Step) => functions.includes(node);
  const finishing = (some: readonly Step[]) => some.map((step) => finishOf(step, state));
  return [
    ...before.map(changesOf),
    changesOf(functions),
    finishing(halves.filter(isFunction)),
    ...after.map(changesOf),
    finishing(halves.filter((step) => !isFunction(step))),
  ];
}

function changeFor(step: Step, state: State): Change {
  const { node, name, action } = step;
  const details = step.differences.map(({ words }) => words);
  const isNew = action === "create" && node.artifact !== undefined;
  const switches = isNew ? node.owner?.name : undefined;
  const change = { action, kind: node.kind.label, name, details, switches };
  return action === "keep" ? change : { ...change, run: (tell) => carryOut(step, telling(state, tell)) };
}

async function carryOut({ node, name, found, action }: Step, state: State): Promise<void> {
  const { kind, logicalId } = node;
  await explained(async () => {
    const resource = readyResource(node, state);
    if (found === undefined) {
      state.found.set(logicalId, await kind.create(resource));
    } else if (action === "replace") {
      await kind.remove({ aws: state.aws, name }, found);
      state.found.set(logicalId, await kind.create(resource));
    } else {
      // What was unknown may turn out to be what it was.
      const changed = differences(resource.properties, found.properties, kind.defaults);
      const properties = changed.map(({ property }) => property);
      if (properties.length > 0) state.found.set(logicalId, await kind.update(resource, found, properties));
    }
  });
}

/** The second half of an update: for functions the moment in which callers get what was made for them. */
function finishOf({ node, name }: Step, state: State): Change {
  const isFunction = node.artifact !== undefined;
  return {
    action: "update",
    kind: isFunction ? "alias" : node.kind.label,
    name: isFunction ? `${name}:${ALIAS}` : name,
    details: [isFunction ? "takes the new version" : "drops what only the code before needed"],
    switches: isFunction ? node.owner?.name : undefined,
    run: async (tell) => {
      const { kind, logicalId } = node;
      const told = telling(state, tell);
      const found = state.found.get(logicalId);
      if (found === undefined) return;
      const finished = await explained(async () => kind.finish?.(readyResource(node, told), found));
      if (finished !== undefined) state.found.set(logicalId, finished);
    },
  };
}

const telling = (state: State, tell: Aws["tell"]): State => ({ ...state, aws: { ...state.aws, tell } });

const keysOf = (steps: Iterable<Step>): ReadonlySet<string> =>
  new Set([...steps].flatMap(({ node, found }) => (found ? [`${node.kind.type} ${found.id}`] : [])));

/** Tells what is deployed from anything else. */
function contentOf({ manifest }: DeployInput, parameters: Readonly<Record<string, string>>): string {
  const zips = manifest.artifacts.map(({ zip }) => zip?.sha256);
  const files = manifest.infrastructure.map(({ sha256 }) => sha256);
  return createHash("sha256")
    .update(JSON.stringify([zips, files, parameters]))
    .digest("hex")
    .slice(0, 12);
}

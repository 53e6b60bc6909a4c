import { join } from "node:path";
import type { DeployInput, DiscoveredFunction, StageInput } from "@anyfn/build";
import type { QueueTrigger } from "@anyfn/core";
import { isCreated } from "../build/_pubsub.ts";
import { type Block, type Body, identifier, resourceName, type Value } from "../build/_terraform.ts";
import { archiveOf, blocksOf } from "../build/infrastructure.ts";
import type { GcpSettings } from "../build/settings.ts";
import { deployError } from "./_errors.ts";
import type { Source } from "./kind.ts";
import type { Place } from "./place.ts";
import { fill, referencesIn, UNKNOWN } from "./template.ts";

/** A resource of the document; where one block stands for several, each of them. */
export interface Declared {
  /** `google_pubsub_topic.orders` */
  readonly address: string;
  readonly type: string;
  readonly body: Body;
  /** What `each.value` stands for. */
  readonly each?: string | undefined;
  /** Addresses of what must be there before. */
  readonly needs: readonly string[];
  /** The function that this is, if it is one. */
  readonly fn?: DiscoveredFunction | undefined;
}

/** The blocks of `main.tf.json` under the names of a stage, without what only Terraform needs. */
export function stageBlocks(input: StageInput, place: Place): readonly Block[] {
  const app = `${input.app}-${input.stage}`;
  const settings = stageSettings(input, place);
  return blocksOf({ ...input, app, settings })
    .filter((block) => !isSource(block))
    .map((block) => (block.type === FUNCTION ? withoutSource(block) : block));
}

const FUNCTION = "google_cloudfunctions2_function";

/**
 * The resources of the document in waves, each of which needs only those before it.
 *
 * @param only Names of the functions that are meant, with all that they need; undefined for all.
 */
export function wavesOf(
  blocks: readonly Block[],
  input: Pick<StageInput, "functions" | "only">,
  variables: Readonly<Record<string, unknown>>,
): readonly (readonly Declared[])[] {
  const all = blocks
    .filter(({ kind }) => kind === "resource")
    .flatMap((block) => instancesOf(block, input.functions, variables));
  const byAddress = new Map(all.map((declared) => [declared.address, declared]));
  const instances = new Map<string, readonly string[]>();
  for (const { address } of all) {
    const block = address.replace(/\[.*$/, "");
    instances.set(block, [...(instances.get(block) ?? []), address]);
  }
  const known = all.map((declared) => ({
    ...declared,
    needs: [...new Set(declared.needs.flatMap((need) => instances.get(need) ?? []))],
  }));
  const needs = new Map(known.map((declared) => [declared.address, declared.needs]));
  const wanted = input.only === undefined ? [...byAddress.keys()] : ownAddresses(known, input);
  const scope = closureOf(wanted, needs);
  const level = levelsOf(needs);
  const waves: Declared[][] = [];
  for (const declared of known.filter(({ address }) => scope.has(address))) {
    const at = level(declared.address);
    waves[at] = [...(waves[at] ?? []), declared];
  }
  return waves.filter((wave) => wave !== undefined);
}

/** Types of which functions share some. */
const SHARED =
  /^google_(?:project_service|artifact_registry_repository|logging_\w+|storage_bucket|pubsub_topic)$/;
/** What the names of a function's own resources end with; it is called like the function itself. */
const OWN = /^-(?:trigger|public|dead-letters|caller-[\da-f]{6}|[\da-f]{6}|[\da-f]{8})$/;

/** Addresses of what belongs to the meant functions alone. */
export function ownAddresses(
  all: readonly Pick<Declared, "address" | "type">[],
  { functions, only }: Pick<StageInput, "functions" | "only">,
): readonly string[] {
  const ids = functions.filter(({ name }) => only?.includes(name)).map(({ name }) => identifier(name));
  return all.flatMap(({ address, type }) => {
    const [, id = "", rest = ""] = /^\w+\.(\w+)(-[^[]*)?/.exec(address) ?? [];
    const isOwn = rest === "" ? !SHARED.test(type) : OWN.test(rest);
    return ids.includes(id) && isOwn ? [address] : [];
  });
}

/** The code of a function as it was built. */
export function sourceOf(input: DeployInput, { name }: DiscoveredFunction): Source {
  const built = input.manifest.artifacts.find(({ functions }) => functions.includes(name));
  const artifact = input.artifacts.find(({ functions }) => functions.includes(name));
  if (!built?.zip) throw deployError(`${name} was not built as a zip. Run anyfn build --target gcp again.`);
  return { file: join(input.directory, archiveOf(name, artifact)), sha256: built.zip.sha256 };
}

/** Google takes uploaded code by itself: buckets and objects for it are Terraform's need alone. */
function isSource({ kind, type, name }: Block): boolean {
  if (kind === "variable") return name === "source_bucket";
  if (type === "google_storage_bucket") return name === "source";
  return (
    type === "google_storage_bucket_object" ||
    (type === "google_storage_bucket_iam_member" && name === "app-build-source")
  );
}

function withoutSource(block: Block): Block {
  const { source: _source, ...build } = block.body.build_config as Body;
  return { ...block, body: { ...block.body, build_config: build } };
}

/** Stages share nothing: what is created for one is called after it, unless the settings name it. */
function stageSettings(
  { app, stage, functions, settings: given }: StageInput,
  { project }: Place,
): GcpSettings {
  const settings = given as GcpSettings;
  const own = {
    queues: { ...settings.queues },
    topics: { ...settings.topics },
    streams: { ...settings.streams },
  };
  const storage = { ...settings.storage };
  const sections = { queue: "queues", topic: "topics", stream: "streams" } as const;
  for (const { definition } of functions) {
    const { kind, name } = definition.trigger as QueueTrigger;
    if (name === undefined || !isCreated(name, settings)) continue;
    const plain = identifier(name).replaceAll("_", "-");
    if (kind in sections) {
      const section = own[sections[kind]];
      section[name] = { topic: resourceName([app, stage, plain], 200), ...section[name] };
    } else if ((kind as string) === "storage") {
      const bucket = resourceName([project.replace(/[^a-z0-9-]/g, "-"), app, stage, plain], 63);
      storage[name] = { bucket, ...storage[name] };
    }
  }
  return { ...settings, ...own, storage };
}

function instancesOf(
  block: Block,
  functions: readonly DiscoveredFunction[],
  variables: Readonly<Record<string, unknown>>,
): readonly Declared[] {
  const { type, name } = block;
  const { depends_on: depends = [], for_each: each, ...body } = block.body;
  const needs = [...(depends as readonly string[]), ...referencesIn(body).map(addressOf)];
  const fn = type === FUNCTION ? functions.find((one) => identifier(one.name) === name) : undefined;
  const address = `${type}.${name}`;
  if (each === undefined) return [{ address, type, body, needs, fn }];
  const values = fill(each as Value, (reference) => variables[reference.slice("var.".length)] ?? UNKNOWN);
  const keys = Array.isArray(values) ? values.map(String) : [];
  return keys.map((key) => ({ address: `${address}["${key}"]`, type, body, needs, each: key }));
}

/** `google_pubsub_topic.orders` of `google_pubsub_topic.orders.id` */
export function addressOf(reference: string): string {
  return /^(?:data\.)?[^.]+\.[^.]+/.exec(reference)?.[0] ?? reference;
}

function closureOf(
  addresses: readonly string[],
  needs: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (address: string): void => {
    if (found.has(address)) return;
    found.add(address);
    for (const need of needs.get(address) ?? []) visit(need);
  };
  for (const address of addresses) visit(address);
  return found;
}

function levelsOf(needs: ReadonlyMap<string, readonly string[]>): (address: string) => number {
  const known = new Map<string, number>();
  const level = (address: string): number => {
    const found = known.get(address) ?? 1 + Math.max(-1, ...(needs.get(address) ?? []).map(level));
    known.set(address, found);
    return found;
  };
  return level;
}

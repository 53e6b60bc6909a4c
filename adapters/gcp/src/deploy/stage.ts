import type { StageInput } from "@anyfn/build";
import type { Block } from "../build/_terraform.ts";
import { bodyOf, ifThere, type Json } from "./_answer.ts";
import { deployError } from "./_errors.ts";
import { addressOf, type Declared, stageBlocks, wavesOf } from "./document.ts";
import { connect, type Google, type GoogleOptions } from "./google.ts";
import { type Args, type Kind, nameOf } from "./kind.ts";
import { KINDS } from "./kinds.ts";
import { knownValues, parameterValues } from "./parameters.ts";
import { type Place, placeOf } from "./place.ts";
import { createRights, type Rights } from "./rights.ts";
import { fill, type Lookup, referencesIn, UNKNOWN } from "./template.ts";

/** A stage, what is declared for it, and what is known of it. */
export interface Stage {
  readonly input: StageInput;
  readonly place: Place;
  readonly google: Google;
  readonly rights: Rights;
  readonly waves: readonly (readonly Declared[])[];
  /** What was found or made, by address; undefined for what is not there. */
  readonly found: Map<string, Json | undefined>;
  /** The arguments of a resource as far as they are known; asks for what only Google knows. */
  readonly argumentsOf: (declared: Declared) => Promise<Args>;
}

/** Opens a stage for a deployment, whose parameters must have values. */
export function openDeployment(input: StageInput, options: GoogleOptions): Stage {
  const place = placeOf(input);
  const blocks = stageBlocks(input, place);
  return open(input, options, place, blocks, parameterValues(blocks, input, place));
}

/** Opens a stage to look at what is there; parameters without values stay unknown. */
export function openStage(input: StageInput, options: GoogleOptions): Stage {
  const place = placeOf(input);
  const blocks = stageBlocks(input, place);
  return open(input, options, place, blocks, knownValues(blocks, input, place));
}

/** How resources of a type are read and changed. */
export function kindOf(type: string): Kind {
  const kind = KINDS[type];
  if (kind === undefined) throw new TypeError(`There is no way to deploy a ${type}.`);
  return kind;
}

function open(
  input: StageInput,
  options: GoogleOptions,
  place: Place,
  blocks: readonly Block[],
  variables: Readonly<Record<string, unknown>>,
): Stage {
  const google = connect(input, options);
  const waves = wavesOf(blocks, input, variables);
  const found = new Map<string, Json | undefined>();
  const data = new Map<string, Args>();
  const all = new Map(waves.flat().map((declared) => [declared.address, declared]));
  const lookup =
    (each: string | undefined): Lookup =>
    (reference) => {
      if (reference === "each.value") return each ?? UNKNOWN;
      if (reference.startsWith("var.")) return variables[reference.slice("var.".length)] ?? UNKNOWN;
      const address = addressOf(reference);
      const attribute = reference.slice(address.length + 1);
      const declared = all.get(address);
      const known = declared === undefined ? data.get(address) : attributesOf(declared);
      return known?.[attribute] ?? UNKNOWN;
    };
  const fillBody = ({ body, each }: Declared): Args => fill(body, lookup(each)) as Args;
  const attributesOf = (declared: Declared): Args => {
    const { path, attributes } = kindOf(declared.type);
    const id = path(fillBody(declared), place);
    return { id, name: nameOf(id), ...attributes?.(id, found.get(declared.address)) };
  };
  const argumentsOf = async (declared: Declared): Promise<Args> => {
    for (const address of new Set(referencesIn(declared.body).map(addressOf))) {
      const block = blocks.find(({ kind, type, name }) => `${kind}.${type}.${name}` === address);
      if (block?.kind !== "data" || data.has(address)) continue;
      const read = await readData(google, place, block.type, fill(block.body, lookup(undefined)) as Args);
      if (read !== undefined) data.set(address, read);
    }
    return fillBody(declared);
  };
  return { input, place, google, rights: createRights(google), waves, found, argumentsOf };
}

/** What blocks of data tell; undefined where the service is not enabled yet. */
async function readData(
  google: Google,
  { project }: Place,
  type: string,
  args: Args,
): Promise<Args | undefined> {
  if (type === "google_project") {
    const path = `v3/projects/${project}`;
    const found = ifThere(await google.send({ service: "cloudresourcemanager", method: "GET", path }));
    return found && { number: nameOf(String(found.name)) };
  }
  if (type === "google_storage_project_service_account") {
    const path = `storage/v1/projects/${project}/serviceAccount`;
    const found = ifThere(await google.send({ service: "storage", method: "GET", path }));
    return found && { email_address: found.email_address };
  }
  const path = `projects/${project}/topics/${String(args.name)}`;
  const answer = await google.send({ service: "pubsub", method: "GET", path: `v1/${path}` });
  if (answer.ok || answer.failure.status !== 404) return bodyOf(answer) && { id: path };
  throw deployError(
    `There is no topic ${String(args.name)} in the project ${project}. Create it, name another with --parameter or in ` +
      "the settings, or have it made by `create`.",
  );
}

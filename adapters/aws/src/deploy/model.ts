import { join } from "node:path";
import type { DeployInput } from "@anyfn/build";
import { createTemplate, type Template } from "../build/infrastructure.ts";
import { ALIAS } from "../build/infrastructure-function.ts";
import type { Resource as Described, Fate, Parameter } from "../build/infrastructure-template.ts";
import { toApp, type Unit } from "../build/infrastructure-units.ts";
import { deployError } from "./_errors.ts";
import { type CodeArtifact, cut, type ResourceKind } from "./kind.ts";
import { KINDS } from "./kinds/index.ts";
import { referencesOf } from "./resolve.ts";

/** Bytes that Lambda takes with a request. */
const LARGEST = 50 * 1024 * 1024;

/** A resource of the template before its values are known. */
export interface Node {
  readonly logicalId: string;
  readonly kind: ResourceKind;
  /** Physical, before its kind has its say. */
  readonly suggested: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Logical ids of other resources that must be there first. */
  readonly needs: readonly string[];
  /** The function that it belongs to; undefined for what functions share. */
  readonly owner: Unit | undefined;
  readonly fate: Fate;
  readonly artifact?: CodeArtifact | undefined;
}

/** The resources by logical id, each after what it needs, and the parameters that they use. */
export interface Model {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly parameters: Readonly<Record<string, Parameter>>;
}

/** Reads the template that is emitted too: what is deployed is what is described. */
export function toModel(input: DeployInput): Model {
  // JSON has no undefined members.
  const template: Template = JSON.parse(JSON.stringify(createTemplate(input)));
  const { units } = toApp(input);
  const described = Object.entries(template.Resources).flatMap(expand);
  const ids = new Set(described.map(([id]) => id));
  const nodes = described.map(([id, resource]) => toNode(id, resource, units, ids, input));
  const meant = new Map(ordered(nodes).map((node) => [node.logicalId, node] as const));
  const chosen = input.only === undefined ? meant : chosenOf(meant, input.only);
  const used = new Set([...chosen.values()].flatMap(({ properties }) => [...referencesOf(properties)]));
  const parameters = Object.entries(template.Parameters).filter(([name]) => used.has(name));
  return { nodes: chosen, parameters: Object.fromEntries(parameters) };
}

/** The name of a deployed function. */
export function functionName(app: string, stage: string, name: string): string {
  return cut(`${app}-${stage}-${name}`, 64);
}

/** What SAM makes of a function beyond the function itself. */
function expand([id, resource]: [string, Described]): [string, Described][] {
  const { EventInvokeConfig, ...Properties } = resource.Properties;
  if (resource.Type !== "AWS::Serverless::Function" || EventInvokeConfig === undefined)
    return [[id, resource]];
  const { DestinationConfig, ...rest } = EventInvokeConfig as {
    DestinationConfig: { OnFailure: { Destination: string } };
  };
  const { Destination } = DestinationConfig.OnFailure;
  const config: Described = {
    Type: "AWS::Lambda::EventInvokeConfig",
    Properties: {
      ...rest,
      DestinationConfig: { OnFailure: { Destination } },
      FunctionName: { Ref: id },
      Qualifier: ALIAS,
    },
  };
  return [
    [id, { ...resource, Properties }],
    [`${id}EventInvokeConfig`, config],
  ];
}

function toNode(
  logicalId: string,
  { Type, Properties, DependsOn = [], DeletionPolicy = "Delete" }: Described,
  units: readonly Unit[],
  ids: ReadonlySet<string>,
  input: DeployInput,
): Node {
  const kind = KINDS.find(({ type }) => type === Type);
  if (kind === undefined) throw deployError(`The template has a ${Type}, which cannot be deployed.`);
  const owners = units.filter(({ id }) => logicalId.startsWith(id));
  const owner = owners.reduce<Unit | undefined>(
    (best, unit) => (best === undefined || unit.id.length > best.id.length ? unit : best),
    undefined,
  );
  const isFunction = owner?.id === logicalId;
  const artifact = isFunction ? artifactOf(owner.name, input) : undefined;
  return {
    logicalId,
    kind,
    suggested: functionName(input.app, input.stage, isFunction ? owner.name : dashed(logicalId)),
    properties: artifact === undefined ? Properties : withCode(Properties, artifact),
    needs: [...new Set([...DependsOn, ...referencesOf(Properties)])].filter((id) => ids.has(id)),
    owner,
    fate: DeletionPolicy,
    artifact,
  };
}

/** The zip itself in place of where it is; that every property makes a version goes without saying. */
function withCode(properties: Node["properties"], { sha256 }: CodeArtifact): Node["properties"] {
  const { CodeUri: _path, AutoPublishAliasAllProperties: _always, ...rest } = properties;
  return { ...rest, Code: sha256 };
}

/** `OrdersQueue` as `orders-queue`. */
function dashed(id: string): string {
  return id.replace(/(?!^)[A-Z]/g, "-$&").toLowerCase();
}

function artifactOf(name: string, { directory, manifest }: DeployInput): CodeArtifact {
  const artifact = manifest.artifacts.find(({ functions }) => functions.includes(name));
  if (artifact?.zip == null) throw deployError(`There is no zip of "${name}". Run: anyfn build --target aws`);
  const { zip } = artifact;
  if (zip.bytes > LARGEST) {
    const size = Math.ceil(zip.bytes / 1024 / 1024);
    throw deployError(
      `The zip of "${name}" has ${size} MiB, and Lambda takes 50 with a request. Leave out packages or assets that it does not need.`,
    );
  }
  return { file: join(directory, artifact.directory, zip.name), bytes: zip.bytes, sha256: zip.sha256 };
}

/**
 * What belongs to some functions, what that needs, and what makes it work for all, such as the stage of an API. What
 * refers to other functions stays as it is.
 */
function chosenOf(nodes: ReadonlyMap<string, Node>, only: readonly string[]): ReadonlyMap<string, Node> {
  const chosen = new Set<string>();
  const choose = (id: string): void => {
    if (chosen.has(id)) return;
    chosen.add(id);
    for (const need of nodes.get(id)?.needs ?? []) choose(need);
  };
  for (const { logicalId, owner } of nodes.values()) {
    if (owner !== undefined && only.includes(owner.name)) choose(logicalId);
  }
  for (const { logicalId, owner, needs, properties } of nodes.values()) {
    const isOthers = (id: string) => nodes.get(id)?.owner !== undefined && !chosen.has(id);
    const serves = owner === undefined && needs.some((id) => chosen.has(id));
    if (serves && ![...referencesOf(properties)].some(isOthers)) chosen.add(logicalId);
  }
  return new Map([...nodes].filter(([id]) => chosen.has(id)));
}

/** Each after what it needs. */
function ordered(nodes: readonly Node[]): readonly Node[] {
  const byId = new Map(nodes.map((node) => [node.logicalId, node]));
  const done = new Set<Node>();
  const open = new Set<Node>();
  const visit = (node: Node): void => {
    if (done.has(node)) return;
    if (open.has(node)) throw deployError(`${node.logicalId} needs itself. Break the circle.`);
    open.add(node);
    for (const need of node.needs) {
      const other = byId.get(need);
      if (other !== undefined) visit(other);
    }
    done.add(node);
  };
  nodes.forEach(visit);
  return [...done];
}

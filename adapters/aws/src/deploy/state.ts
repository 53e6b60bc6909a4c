import { deployError } from "./_errors.ts";
import { type Aws, type Found, isOurs, KEPT, type Resource, UNKNOWN } from "./kind.ts";
import type { Node } from "./model.ts";
import { isKnown, type Lookup, resolve } from "./resolve.ts";

/** What is there, as far as the plan or the deployment has come. */
export interface State {
  readonly aws: Aws;
  readonly parameters: Readonly<Record<string, string>>;
  /** By logical id. */
  readonly found: Map<string, Found>;
}

/** A resource with its values in place. */
export function resourceOf(node: Node, state: State): Resource {
  const { aws } = state;
  const resource = {
    aws,
    logicalId: node.logicalId,
    properties: resolve(node.properties, lookupIn(state)) as Resource["properties"],
    tags: node.fate === "Retain" ? { ...aws.tags, [KEPT]: "true" } : aws.tags,
    artifact: node.artifact,
  };
  return { ...resource, name: node.kind.nameOf?.(node.suggested, resource) ?? node.suggested };
}

/** A resource that is about to be made: nothing it needs is missing any more. */
export function readyResource(node: Node, state: State): Resource {
  const resource = resourceOf(node, state);
  if (isKnown(resource.properties)) return resource;
  throw deployError(`${node.logicalId} needs something that was not made. Run the same command again.`);
}

/** Reads a resource. @throws AnyfnError `deploy` when it is someone else's. */
export async function readOurs(node: Node, resource: Resource): Promise<Found | undefined> {
  const found = await node.kind.read(resource);
  if (found?.tags === undefined || isOurs(resource.aws, found.tags)) return found;
  throw deployError(
    `There is a ${node.kind.label} ${resource.name} already, which this application and stage did not make. ` +
      "Rename the application or the stage, or delete that one yourself.",
  );
}

function lookupIn({ aws, parameters, found }: State): Lookup {
  const { region, account, partition, app, stage } = aws;
  const known: Readonly<Record<string, string>> = {
    ...parameters,
    "AWS::Region": region,
    "AWS::AccountId": account,
    "AWS::Partition": partition,
    "AWS::StackName": `${app}-${stage}`,
    "AWS::URLSuffix": partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com",
  };
  return (id, attribute = "Ref") => known[id] ?? found.get(id)?.attributes[attribute] ?? UNKNOWN;
}

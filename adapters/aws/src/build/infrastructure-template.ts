import { createHash } from "node:crypto";
import { AnyfnError } from "@anyfn/core";

/** JSON in which CloudFormation's functions may stand. */
export type Value =
  | string
  | number
  | boolean
  | readonly Value[]
  | { readonly [key: string]: Value | undefined };

/** What becomes of a resource that is no longer in the template. */
export type Fate = "Retain" | "Delete";

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: Fate;
  readonly UpdateReplacePolicy?: Fate;
  readonly Properties: Readonly<Record<string, Value | undefined>>;
}

/** A parameter of a template. */
export interface Parameter {
  readonly Type: "String";
  readonly Description: string;
  readonly Default?: string;
  readonly AllowedPattern?: string;
}

/** What a template shows when it is deployed. */
export interface Output {
  readonly Description: string;
  readonly Value: Value;
}

/** A part of a template, by logical id. */
export interface Parts {
  readonly Parameters?: Readonly<Record<string, Parameter>>;
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, Output>>;
}

/** A statement of a role's policy. */
export type Statement = {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly Value[];
};

/** A resource that holds something, and what becomes of it: users' data stays. */
export function holding(fate: Fate, Type: string, Properties: Resource["Properties"]): Resource {
  return { Type, DeletionPolicy: fate, UpdateReplacePolicy: fate, Properties };
}

export const ref = (id: string): Value => ({ Ref: id });
export const arnOf = (id: string): Value => ({ "Fn::GetAtt": [id, "Arn"] });

/** Text with `${Parameter}` and `${Resource.Attribute}` in it. */
export const sub = (text: string, values?: Readonly<Record<string, Value>>): Value => ({
  "Fn::Sub": values === undefined ? text : [text, values],
});

/** An ARN in the stack's own partition, region and account. */
export function ownArn(service: string, rest: string, values?: Readonly<Record<string, Value>>): Value {
  return sub(`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`, values);
}

export const allow = (Action: readonly string[], ...Resource: readonly Value[]): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
});

/** The document of a policy. */
export const policy = (...Statement: readonly Value[]): Value => ({ Version: "2012-10-17", Statement });

/**
 * A name as part of a logical id: letters and digits. A name that is not in kebab-case, or that another one would share
 * the id with, has a part of its hash behind it.
 *
 * @example idOf("get-order") // GetOrder
 */
export function idOf(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const id = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  const isPlain = id.replace(/(?!^)[A-Z]/g, "-$&").toLowerCase() === name;
  return isPlain ? id : `${id}${hashOf(name)}`;
}

/** Eight hexadecimal digits that tell texts apart. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** Parts as one. Two may describe the same resource, and must then say the same. */
export function join(parts: readonly Parts[]): Required<Parts> {
  return {
    Parameters: joinRecords(parts.map(({ Parameters = {} }) => Parameters)),
    Resources: joinRecords(parts.map(({ Resources = {} }) => Resources)),
    Outputs: joinRecords(parts.map(({ Outputs = {} }) => Outputs)),
  };
}

function joinRecords<T>(records: readonly Readonly<Record<string, T>>[]): Readonly<Record<string, T>> {
  const joined = new Map<string, T>();
  for (const [id, value] of records.flatMap((record) => Object.entries(record))) {
    const other = joined.get(id);
    if (other !== undefined && JSON.stringify(other) !== JSON.stringify(value)) throw collision(id);
    joined.set(id, value);
  }
  return Object.fromEntries([...joined].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function collision(id: string): AnyfnError {
  return new AnyfnError("build", `Two resources would be called "${id}". Rename a function or its source.`, {
    provider: "aws",
  });
}

/** A value of a template: JSON in which expressions may stand. */
export type Value = string | number | boolean | Expression | readonly Value[] | Entries | KeyedBy;
export type Entries = { readonly [name: string]: Value };

/** What both languages can say about other parts of a template. */
export type Expression =
  | { readonly $: "parameter"; readonly name: string }
  /** A property of a resource, such as `identity.properties.clientId`. */
  | { readonly $: "property"; readonly of: Resource; readonly path: string }
  | { readonly $: "id"; readonly of: Resource }
  | { readonly $: "name"; readonly of: Resource }
  /** Texts in a row. */
  | { readonly $: "join"; readonly parts: readonly (string | Expression)[] }
  /** A function without arguments and a property of its result, such as `resourceGroup().location`. */
  | {
      readonly $: "scope";
      readonly call: "resourceGroup" | "subscription" | "environment";
      readonly path: string;
    }
  | {
      readonly $: "call";
      readonly name: "guid" | "uniqueString" | "subscriptionResourceId";
      readonly args: readonly (string | Expression)[];
    }
  /** A key that the service keeps, known only when the template is deployed. */
  | { readonly $: "key"; readonly of: Expression; readonly apiVersion: string; readonly path: string };

/** An object with one entry whose name is an expression. */
export interface KeyedBy {
  readonly $: "entry";
  readonly key: Expression;
  readonly value: Value;
}

/** A resource that a template makes, or one that exists. */
export interface Resource {
  /** Its name within the template. */
  readonly symbol: string;
  readonly type: string;
  readonly apiVersion: string;
  /** Without the parent's. */
  readonly name: string | Expression;
  readonly parent?: Resource;
  /** The resource that an extension, such as a role assignment, belongs to. */
  readonly scope?: Resource;
  readonly existing?: true;
  /** Everything beside type, name and scope. */
  readonly body?: Entries;
  /** What must be there before, beyond the resources that the body names. */
  readonly after?: readonly Resource[];
  readonly comment?: string;
}

/** A parameter; without a default the user must give it. */
export interface Parameter {
  readonly name: string;
  readonly type: "string" | "int";
  readonly description: string;
  readonly fallback?: string | number | Expression;
}

export interface Template {
  /** What a reader must know, in front of everything. */
  readonly comment?: string;
  readonly parameters: readonly Parameter[];
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, Expression>>;
}

export const parameter = (name: string): Expression => ({ $: "parameter", name });
export const id = (of: Resource): Expression => ({ $: "id", of });
export const nameOf = (of: Resource): Expression => ({ $: "name", of });
export const property = (of: Resource, path: string): Expression => ({ $: "property", of, path });
export const join = (...parts: readonly (string | Expression)[]): Expression => ({ $: "join", parts });
export const call = (
  name: "guid" | "uniqueString" | "subscriptionResourceId",
  ...args: readonly (string | Expression)[]
): Expression => ({ $: "call", name, args });
export const scope = (name: "resourceGroup" | "subscription" | "environment", path: string): Expression => ({
  $: "scope",
  call: name,
  path,
});

export function isExpression(value: Value): value is Expression {
  return isTagged(value) && value.$ !== "entry";
}

export function isEntry(value: Value): value is KeyedBy {
  return isTagged(value) && value.$ === "entry";
}

function isTagged(value: Value): value is Expression | KeyedBy {
  return typeof value === "object" && "$" in value && typeof value.$ === "string";
}

/** The names of a resource and of those that it is in, outermost first. */
export function namesOf({ name, parent }: Resource): readonly (string | Expression)[] {
  return parent === undefined ? [name] : [...namesOf(parent), name];
}

/** The resources that a value names. */
export function mentioned(value: Value | undefined): readonly Resource[] {
  if (value === undefined || typeof value !== "object") return [];
  if (isEntry(value)) return [...mentioned(value.key), ...mentioned(value.value)];
  if (isExpression(value)) return mentionedBy(value);
  const values: readonly Value[] = Array.isArray(value) ? value : Object.values(value);
  return values.flatMap(mentioned);
}

function mentionedBy(value: Expression): readonly Resource[] {
  switch (value.$) {
    case "id":
    case "name":
    case "property":
      return [value.of];
    case "join":
      return value.parts.flatMap((part) => (typeof part === "string" ? [] : mentionedBy(part)));
    case "call":
      return value.args.flatMap((part) => (typeof part === "string" ? [] : mentionedBy(part)));
    case "key":
      return mentionedBy(value.of);
    default:
      return [];
  }
}

/** Resources in the order of their symbols; one that is named twice is there once. */
export function sortResources(resources: readonly Resource[]): readonly Resource[] {
  const known = new Map<string, Resource>();
  for (const resource of resources) {
    for (const one of [...lineage(resource), ...[resource.scope].flatMap((at) => (at ? lineage(at) : []))]) {
      const other = known.get(one.symbol) ?? one;
      const isMade = one.existing !== true;
      if (isMade && other.existing !== true && JSON.stringify(other) !== JSON.stringify(one))
        throw new Error(`Two resources are called ${one.symbol}.`);
      // What one function finds may be what another one makes.
      if (isMade || other === one) known.set(one.symbol, one);
    }
    for (const one of [...mentioned(resource.body), ...(resource.after ?? [])].flatMap(lineage))
      if (!known.has(one.symbol)) known.set(one.symbol, one);
  }
  return [...known.values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

/** A resource and those that it is in. */
export function lineage(resource: Resource): readonly Resource[] {
  return resource.parent === undefined ? [resource] : [...lineage(resource.parent), resource];
}

/** What the files hold. */
export type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json };

/** For sorting. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

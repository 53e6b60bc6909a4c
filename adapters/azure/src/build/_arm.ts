import {
  byName,
  type Entries,
  type Expression,
  isEntry,
  isExpression,
  type Json,
  lineage,
  mentioned,
  namesOf,
  type Resource,
  sortResources,
  type Template,
  type Value,
} from "./_template.ts";

/** A template in Azure Resource Manager's JSON: the same as in Bicep, with its references written out. */
export function toArm({ comment, parameters, resources, outputs }: Template): string {
  const all = sortResources(resources);
  const made = new Set(all.filter(isMade).map(({ symbol }) => symbol));
  const template = {
    $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    contentVersion: "1.0.0.0",
    ...(comment === undefined ? {} : { metadata: { description: comment } }),
    parameters: Object.fromEntries(
      [...parameters].sort(byName).map(({ name, type, description, fallback }) => [
        name,
        {
          type,
          ...(fallback === undefined ? {} : { defaultValue: toJson(fallback) }),
          metadata: { description },
        },
      ]),
    ),
    resources: all.filter(isMade).map((resource) => toResource(resource, made)),
    outputs: Object.fromEntries(
      Object.entries(outputs)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => [name, { type: "string", value: toJson(value) }]),
    ),
  };
  return `${JSON.stringify(template, null, 2)}\n`;
}

function isMade({ existing }: Resource): boolean {
  return existing !== true;
}

function toResource(resource: Resource, made: ReadonlySet<string>): Json {
  const { type, apiVersion, scope, body = {}, comment } = resource;
  const dependsOn = dependencies(resource, made);
  return {
    type,
    apiVersion,
    name: toName(namesOf(resource)),
    ...(scope === undefined ? {} : { scope: bracket(idOf(scope)) }),
    ...(comment === undefined ? {} : { comments: comment.replaceAll("\n", " ") }),
    ...entriesOf(body),
    ...(dependsOn.length === 0 ? {} : { dependsOn }),
  };
}

/** Bicep finds these by itself: what a resource is in, belongs to, or names. */
function dependencies(
  { symbol, parent, scope, body, name, after = [] }: Resource,
  made: ReadonlySet<string>,
): readonly string[] {
  const named = [...mentioned(body), ...mentioned(name), ...after];
  const needed = [...(parent ? [parent] : []), ...(scope ? [scope] : []), ...named]
    .flatMap((one) =>
      lineage(one)
        .filter((place) => made.has(place.symbol))
        .slice(-1),
    )
    .filter((one) => one.symbol !== symbol);
  return [...new Set(needed.map((one) => bracket(idOf(one))))].sort();
}

function toName(names: readonly (string | Expression)[]): string {
  const parts = names.flatMap((name, index) => (index === 0 ? [name] : ["/", name]));
  const flat = parts.flatMap((part) => (typeof part === "object" && part.$ === "join" ? part.parts : [part]));
  if (flat.every((part) => typeof part === "string")) return flat.join("");
  return bracket(flat.length === 1 ? toText(flat[0] ?? "") : toFormat(flat));
}

function entriesOf(entries: Entries): { readonly [name: string]: Json } {
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, toJson(value)]));
}

function toJson(value: Value): Json {
  // A text that starts with a bracket would be read as an expression.
  if (typeof value === "string") return value.startsWith("[") ? `[${value}` : value;
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(toJson);
  const one = value as Exclude<Value, readonly Value[] | string | number | boolean>;
  if (isEntry(one)) return { [bracket(`format('{0}', ${toExpression(one.key)})`)]: toJson(one.value) };
  return isExpression(one) ? bracket(toExpression(one)) : entriesOf(one);
}

function bracket(expression: string): string {
  return `[${expression}]`;
}

function idOf(resource: Resource): string {
  const { type, scope } = resource;
  const args = [`'${type}'`, ...namesOf(resource).map(toText)].join(", ");
  return scope === undefined ? `resourceId(${args})` : `extensionResourceId(${idOf(scope)}, ${args})`;
}

function toExpression(value: Expression): string {
  switch (value.$) {
    case "parameter":
      return `parameters('${value.name}')`;
    case "id":
      return idOf(value.of);
    case "name":
      return toText(value.of.name);
    case "property":
      return toReference(value.of, value.path);
    case "scope":
      return `${value.call}().${value.path}`;
    case "call":
      return `${value.name}(${value.args.map(toText).join(", ")})`;
    case "key":
      return `listKeys(${toExpression(value.of)}, '${value.apiVersion}').${value.path}`;
    case "join":
      return toFormat(value.parts);
  }
}

/** A reference is to the properties, unless it asks for all of the resource. */
function toReference(resource: Resource, path: string): string {
  const place = `${idOf(resource)}, '${resource.apiVersion}'`;
  const rest = /^properties\.(.+)$/.exec(path)?.[1];
  return rest === undefined ? `reference(${place}, 'full').${path}` : `reference(${place}).${rest}`;
}

function toFormat(parts: readonly (string | Expression)[]): string {
  const expressions: string[] = [];
  const template = parts
    .map((part) =>
      typeof part === "string"
        ? part.replace(/[{}]/g, "$&$&")
        : `{${expressions.push(toExpression(part)) - 1}}`,
    )
    .join("");
  return `format(${[quote(template), ...expressions].join(", ")})`;
}

function toText(part: string | Expression): string {
  return typeof part === "string" ? quote(part) : toExpression(part);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

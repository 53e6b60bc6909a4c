import {
  byName,
  type Entries,
  type Expression,
  isEntry,
  isExpression,
  type Json,
  type Parameter,
  type Resource,
  sortResources,
  type Template,
  type Value,
} from "./_template.ts";
import { apiVersionOf } from "./_types.ts";

type Block = { readonly [name: string]: Json };

/**
 * A template in Terraform's JSON, for the provider that takes Resource Manager's own types. The code stays out of it: no
 * provider can deploy that to Flex Consumption.
 *
 * @see https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/resource
 */
export function toTerraform({ comment, parameters, resources, outputs }: Template): string {
  const all = sortResources(resources);
  const print = printerOf(parameters);
  const blocks = all.map((one) => [one.symbol, KINDS[kindOf(one)](one, print), kindOf(one)] as const);
  const text = JSON.stringify([blocks, Object.values(outputs).map((value) => print.code(value))]);
  const named = (kind: Kind): Block =>
    Object.fromEntries(
      blocks
        .filter(([, , own]) => own === kind)
        .map(([symbol, block]) => [symbol, { ...block, ...exportsOf(placeOf(kind, symbol), text) }]),
    );
  const update = named("azapi_update_resource");
  const keys = text.includes(`${KEYS}.`) ? { azapi_resource_action: { host_keys: hostKeys(text) } } : {};
  const file = {
    ...(comment === undefined ? {} : { "//": comment.replaceAll("\n", " ") }),
    terraform: {
      required_version: ">= 1.8.0",
      required_providers: { azapi: { source: "Azure/azapi", version: ">= 2.3.0, < 3.0.0" } },
    },
    variable: {
      resource_group_id: {
        type: "string",
        description: "Id of the resource group that all resources are in.",
      },
      ...Object.fromEntries([...parameters].sort(byName).map((one) => [one.name, toVariable(one)])),
    },
    locals: Object.fromEntries(
      [...parameters]
        .sort(byName)
        .flatMap(({ name, fallback }) =>
          typeof fallback === "object" ? [[name, `\${coalesce(var.${name}, ${print.code(fallback)})}`]] : [],
        ),
    ),
    data: { azapi_resource: { ...named("data.azapi_resource"), resource_group: RESOURCE_GROUP }, ...keys },
    resource: {
      azapi_resource: named("azapi_resource"),
      ...(Object.keys(update).length === 0 ? {} : { azapi_update_resource: update }),
    },
    ...(Object.keys(outputs).length === 0 ? {} : { output: outputsOf(outputs, print) }),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function outputsOf(outputs: Template["outputs"], print: Printer): Block {
  const entries = Object.entries(outputs).map(([name, value]) => [
    name,
    { value: `\${${print.code(value)}}` },
  ]);
  return Object.fromEntries(entries);
}

const RESOURCE_GROUP = {
  type: "Microsoft.Resources/resourceGroups@2024-03-01",
  resource_id: `$\{var.resource_group_id}`,
};
const KEYS = "data.azapi_resource_action.host_keys.output";

type Kind = "azapi_resource" | "azapi_update_resource" | "data.azapi_resource";

/** What Azure makes together with its parent can be read or changed, and not be made again. */
function kindOf({ type, existing }: Resource): Kind {
  if (existing || /\/(?:blob|queue)Services$/.test(type)) return "data.azapi_resource";
  return type.endsWith("/basicPublishingCredentialsPolicies") ? "azapi_update_resource" : "azapi_resource";
}

function placeOf(kind: Kind, symbol: string): string {
  return `${kind}.${symbol}`;
}

const KINDS: Readonly<Record<Kind, (resource: Resource, print: Printer) => Block>> = {
  "data.azapi_resource": placed,
  azapi_update_resource: (one, print) => ({ ...placed(one, print), body: print.entries(one.body ?? {}) }),
  azapi_resource: (one, print) => {
    const { location, identity, ...body } = one.body ?? {};
    const { after = [] } = one;
    return {
      ...placed(one, print),
      ...(location === undefined ? {} : { location: print.json(location) }),
      ...(identity === undefined ? {} : { identity: identityOf(identity as Entries, print) }),
      body: print.entries(body),
      ...(after.length === 0
        ? {}
        : { depends_on: after.map((other) => placeOf(kindOf(other), other.symbol)) }),
    };
  },
};

function placed({ type, apiVersion, name, parent, scope }: Resource, print: Printer): Block {
  const at = parent ?? scope;
  const parentId = at === undefined ? "var.resource_group_id" : `${placeOf(kindOf(at), at.symbol)}.id`;
  return { type: `${type}@${apiVersion}`, name: print.json(name), parent_id: `\${${parentId}}` };
}

function identityOf({ type = "", userAssignedIdentities }: Entries, print: Printer): Block {
  const ids =
    userAssignedIdentities !== undefined && isEntry(userAssignedIdentities)
      ? [userAssignedIdentities.key]
      : [];
  return { type: print.json(type), identity_ids: ids.map((key) => print.json(key)) };
}

/** A resource's answer is kept as far as somebody reads it. */
function exportsOf(place: string, text: string): Block {
  const escaped = place.replaceAll(".", "\\.");
  const paths = text.matchAll(new RegExp(`(?<![\\w.])${escaped}\\.output\\.([\\w.]+)`, "g"));
  const names = [...new Set([...paths].map(([, path = ""]) => path))].sort();
  return { response_export_values: names };
}

function hostKeys(text: string): Block {
  const paths = text.matchAll(/host_keys\.output\.([\w.]+)/g);
  return {
    type: `Microsoft.Web/sites/host@${apiVersionOf("Microsoft.Web/sites") ?? ""}`,
    resource_id: `$\{data.azapi_resource.site.id}/host/default`,
    action: "listKeys",
    response_export_values: [...new Set([...paths].map(([, path = ""]) => path))].sort(),
  };
}

function toVariable({ type, description, fallback }: Parameter): Block {
  const computed = typeof fallback === "object" ? { default: "" } : {};
  return {
    type: type === "int" ? "number" : "string",
    description,
    ...(fallback === undefined || typeof fallback === "object" ? computed : { default: fallback }),
  };
}

interface Printer {
  /** An expression of Terraform. */
  code(value: Expression): string;
  json(value: Value): Json;
  entries(entries: Entries): Block;
}

function printerOf(parameters: readonly Parameter[]): Printer {
  const computed = new Set(
    parameters.filter(({ fallback }) => typeof fallback === "object").map(({ name }) => name),
  );
  const code = (value: Expression): string => {
    switch (value.$) {
      case "parameter":
        return `${computed.has(value.name) ? "local" : "var"}.${value.name}`;
      case "id":
      case "name":
        return `${placeOf(kindOf(value.of), value.of.symbol)}.${value.$}`;
      case "property":
        return `${placeOf(kindOf(value.of), value.of.symbol)}.output.${value.path}`;
      case "scope":
        return value.path === "id"
          ? "var.resource_group_id"
          : `data.azapi_resource.resource_group.${value.path}`;
      case "key":
        return `${KEYS}.${value.path}`;
      case "join":
        return `join("", [${value.parts.map(part).join(", ")}])`;
      case "call":
        return CALLS[value.name](value.args.map(part));
    }
  };
  const part = (one: string | Expression): string =>
    typeof one === "string" ? literal(JSON.stringify(one)) : code(one);
  const json = (value: Value): Json => {
    if (typeof value === "string") return literal(value);
    if (typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(json);
    const one = value as Exclude<Value, readonly Value[] | string | number | boolean>;
    if (isEntry(one)) return { [`\${${code(one.key)}}`]: json(one.value) };
    return isExpression(one) ? `\${${code(one)}}` : entries(one);
  };
  const entries = (all: Entries): Block =>
    Object.fromEntries(Object.entries(all).map(([name, value]) => [name, json(value)]));
  return { code, json, entries };
}

/** Functions of Resource Manager that Terraform has not: the results differ, and stay as they are. */
const CALLS = {
  guid: (args: readonly string[]) => `uuidv5("url", join("/", [${args.join(", ")}]))`,
  uniqueString: (args: readonly string[]) => `substr(sha256(join("/", [${args.join(", ")}])), 0, 13)`,
  subscriptionResourceId: (args: readonly string[]) =>
    `join("/", ["", "subscriptions", split("/", var.resource_group_id)[2], "providers", ${args.join(", ")}])`,
} as const;

function literal(text: string): string {
  return text.replace(/[$%](?=\{)/g, "$&$&");
}

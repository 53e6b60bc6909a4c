import {
  byName,
  type Entries,
  type Expression,
  isEntry,
  isExpression,
  type Parameter,
  type Resource,
  sortResources,
  type Template,
  type Value,
} from "./_template.ts";

/** A template in Bicep. */
export function toBicep({ comment, parameters, resources, outputs }: Template): string {
  const parts = [
    ...(comment === undefined ? [] : [comment.replace(/^/gm, "// ")]),
    "targetScope = 'resourceGroup'",
    ...[...parameters].sort(byName).map(toParameter),
    ...sortResources(resources).map(toResource),
    ...Object.entries(outputs)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `output ${name} string = ${toText(value)}`),
  ];
  return `${parts.join("\n\n")}\n`;
}

function toParameter({ name, type, description, fallback }: Parameter): string {
  const suffix = fallback === undefined ? "" : ` = ${toText(fallback)}`;
  return `@description(${quote(description)})\nparam ${name} ${type}${suffix}`;
}

function toResource({
  symbol,
  type,
  apiVersion,
  name,
  parent,
  scope,
  existing,
  body,
  after,
  comment,
}: Resource): string {
  const head = `resource ${symbol} '${type}@${apiVersion}' ${existing ? "existing " : ""}= {`;
  const lines = [
    ...(parent === undefined ? [] : [`  parent: ${parent.symbol}`]),
    ...(scope === undefined ? [] : [`  scope: ${scope.symbol}`]),
    `  name: ${toText(name)}`,
    ...members(body ?? {}, "  "),
    ...(after === undefined || after.length === 0
      ? []
      : [`  dependsOn: [${after.map((one) => `\n    ${one.symbol}`).join("")}\n  ]`]),
  ];
  return [...(comment === undefined ? [] : [comment.replace(/^/gm, "// ")]), head, ...lines, "}"].join("\n");
}

function members(entries: Entries, indent: string): readonly string[] {
  return Object.entries(entries).map(([name, value]) => `${indent}${toKey(name)}: ${toText(value, indent)}`);
}

function toKey(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : quote(name);
}

function toText(value: Value, indent = ""): string {
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object") return String(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((item) => `${inner}${toText(item, inner)}`).join("\n")}\n${indent}]`;
  }
  const one = value as Exclude<Value, readonly Value[] | string | number | boolean>;
  if (isEntry(one))
    return `{\n${inner}'\${${toExpression(one.key)}}': ${toText(one.value, inner)}\n${indent}}`;
  if (isExpression(one)) return toExpression(one);
  const lines = members(one, inner);
  return lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n${indent}}`;
}

function toExpression(value: Expression): string {
  switch (value.$) {
    case "parameter":
      return value.name;
    case "id":
    case "name":
      return `${value.of.symbol}.${value.$}`;
    case "property":
      return `${value.of.symbol}.${value.path}`;
    case "scope":
      return `${value.call}().${value.path}`;
    case "call":
      return `${value.name}(${value.args.map((arg) => toText(arg)).join(", ")})`;
    case "key":
      return `listKeys(${toExpression(value.of)}, '${value.apiVersion}').${value.path}`;
    case "join":
      return `'${value.parts.map((part) => (typeof part === "string" ? escaped(part) : `\${${toExpression(part)}}`)).join("")}'`;
  }
}

function quote(text: string): string {
  return `'${escaped(text)}'`;
}

/** https://learn.microsoft.com/azure/azure-resource-manager/bicep/data-types#strings */
function escaped(text: string): string {
  return text
    .replace(/\\/g, "\\\\")
    .replace(/'/g, "\\'")
    .replace(/\n/g, "\\n")
    .replace(/\r/g, "\\r")
    .replace(/\t/g, "\\t")
    .replace(/\$\{/g, "\\${");
}

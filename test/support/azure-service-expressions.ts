/** What an expression of a template can ask for. */
export interface Scope {
  readonly group: string;
  readonly location: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** A resource as it is, with what the service itself adds. */
  readonly reference: (id: string) => Readonly<Record<string, unknown>>;
  readonly keys: (id: string) => unknown;
}

/** Evaluates every expression within a value of a template. */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (typeof value === "string") return evaluateText(value, scope);
  if (Array.isArray(value)) return value.map((item) => evaluate(item, scope));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [String(evaluateText(name, scope)), evaluate(item, scope)]),
  );
}

function evaluateText(text: string, scope: Scope): unknown {
  if (text.startsWith("[[")) return text.slice(1);
  if (!text.startsWith("[")) return text;
  const source = { text: text.slice(1, -1), at: 0 };
  const result = readExpression(source, scope);
  if (source.at !== source.text.length) throw new Error(`Not understood from ${source.at}: ${text}`);
  return result;
}

interface Source {
  readonly text: string;
  at: number;
}

function readExpression(source: Source, scope: Scope): unknown {
  let value = source.text[source.at] === "'" ? readText(source) : readCall(source, scope);
  for (let path = match(source, /\.(\w+)/y); path !== undefined; path = match(source, /\.(\w+)/y)) {
    const members = value as Readonly<Record<string, unknown>> | undefined;
    if (members === undefined || !(path in members)) throw new Error(`No ${path} in ${source.text}`);
    value = members[path];
  }
  return value;
}

function readText(source: Source): string {
  return (match(source, /'((?:[^']|'')*)'/y) ?? "").replaceAll("''", "'");
}

function readCall(source: Source, scope: Scope): unknown {
  const name = match(source, /(\w+)\(/y);
  if (name === undefined) throw new Error(`No call at ${source.at}: ${source.text}`);
  const args: unknown[] = [];
  while (match(source, /(\))/y) === undefined) {
    args.push(readExpression(source, scope));
    match(source, /(,\s*)/y);
  }
  const call = CALLS[name];
  if (call === undefined) throw new Error(`There is no function ${name} here.`);
  return call(scope, ...args.map((arg) => arg as string));
}

const CALLS: Readonly<Record<string, (scope: Scope, ...args: readonly string[]) => unknown>> = {
  parameters: ({ parameters }, name = "") => {
    if (name in parameters) return parameters[name];
    throw new Error(`There is no parameter ${name}.`);
  },
  format: (_, template = "", ...values) =>
    template.replace(/\{\{|\}\}|\{(\d+)\}/g, (found, index) => values[index] ?? found.charAt(0)),
  resourceGroup: ({ group, location }) => ({ id: group, location }),
  uniqueString: (_, ...parts) => hash(parts.join("-")).slice(0, 13),
  guid: (_, ...parts) => `${hash(parts.join("-")).slice(0, 8)}-0000-4000-8000-000000000000`,
  resourceId: ({ group }, type = "", ...names) => `${group}/providers/${join(type, names)}`,
  extensionResourceId: (_, base = "", type = "", ...names) => `${base}/providers/${join(type, names)}`,
  subscriptionResourceId: ({ group }, type = "", ...names) =>
    `/subscriptions/${group.split("/")[2]}/providers/${join(type, names)}`,
  reference: (scope, id = "", _version = "", full = "") => {
    const found = scope.reference(id);
    return full === "full" ? found : found.properties;
  },
  listKeys: ({ keys }, id = "") => keys(id),
};

/** `Microsoft.X/a/b` and names, as in ids: `Microsoft.X/a/one/b/two`. */
export function join(type: string, names: readonly string[]): string {
  const [provider = "", ...types] = type.split("/");
  return [provider, ...types.flatMap((one, index) => [one, names[index] ?? ""])].join("/");
}

function match(source: Source, pattern: RegExp): string | undefined {
  pattern.lastIndex = source.at;
  const found = pattern.exec(source.text);
  if (found === null) return undefined;
  source.at = pattern.lastIndex;
  return found[1];
}

/** Any hash will do: the genuine one is not documented. FNV-1a over 64 bits, in base 36. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (const char of text)
    value = ((value ^ BigInt(char.codePointAt(0) ?? 0)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return value.toString(36).padStart(13, "0");
}

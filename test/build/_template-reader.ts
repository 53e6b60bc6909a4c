/** A value in which every expression was replaced by what it means, as text: the same for both languages. */
export type Meaning = string | number | boolean | readonly Meaning[] | { readonly [name: string]: Meaning };

export interface ReadResource {
  readonly type: string;
  readonly apiVersion: string;
  /** With the names of the resources that it is in. */
  readonly name: string;
  readonly scope: string | undefined;
  readonly body: { readonly [name: string]: Meaning };
}

interface Declared {
  readonly type: string;
  readonly apiVersion: string;
  readonly members: ReadonlyMap<string, number>;
  readonly existing: boolean;
}

/** The resources of a file in Bicep that it makes, and its parameters and outputs. */
export function readBicep(text: string) {
  const reader = new Map<string, Declared>();
  const source = text.replace(/^\/\/.*$/gm, "");
  const head = /^resource (\w+) '([^@']+)@([^']+)' (existing )?= (?=\{)/gm;
  for (const match of source.matchAll(head)) {
    const [whole, symbol = "", type = "", apiVersion = "", existing] = match;
    const members = membersAt(source, match.index + whole.length);
    reader.set(symbol, { type, apiVersion, members, existing: existing !== undefined });
  }
  const read = (position: number) => bicepValue({ source, at: position, symbols: reader });
  return {
    resources: [...reader.entries()]
      .filter(([, { existing }]) => !existing)
      .map(([symbol, { type, apiVersion, members }]): ReadResource => {
        const own = [...members].filter(([name]) => !["parent", "scope", "name", "dependsOn"].includes(name));
        const scope = members.get("scope");
        return {
          type,
          apiVersion,
          name: namesOf(source, reader, symbol).join("/"),
          scope: scope === undefined ? undefined : idOf(source, reader, wordAt(source, scope)),
          body: Object.fromEntries(own.map(([name, position]) => [name, read(position)])),
        };
      }),
    parameters: [...source.matchAll(/^param (\w+) (\w+)(?: = )?/gm)].map((match) => {
      const end = match.index + match[0].length;
      const fallback = match[0].endsWith("= ") ? read(end) : undefined;
      return [match[1] ?? "", match[2] ?? "", fallback] as const;
    }),
    outputs: [...source.matchAll(/^output (\w+) string = /gm)].map(
      (match) => [match[1] ?? "", read(match.index + match[0].length)] as const,
    ),
  };
}

interface Cursor {
  readonly source: string;
  at: number;
  readonly symbols: ReadonlyMap<string, Declared>;
}

function wordAt(source: string, at: number): string {
  return /^\w+/.exec(source.slice(at))?.[0] ?? "";
}

function namesOf(source: string, symbols: ReadonlyMap<string, Declared>, symbol: string): readonly string[] {
  const { members } = symbols.get(symbol) ?? fail(`no resource ${symbol}`);
  const parent = members.get("parent");
  const name = bicepValue({ source, at: members.get("name") ?? fail(`${symbol} has no name`), symbols });
  return [...(parent === undefined ? [] : namesOf(source, symbols, wordAt(source, parent))), String(name)];
}

function idOf(source: string, symbols: ReadonlyMap<string, Declared>, symbol: string): string {
  const { type } = symbols.get(symbol) ?? fail(`no resource ${symbol}`);
  return `id(${[type, ...namesOf(source, symbols, symbol)].join(",")})`;
}

/** Where the members of an object start. */
function membersAt(source: string, open: number): ReadonlyMap<string, number> {
  const members = new Map<string, number>();
  const cursor: Cursor = { source, at: open + 1, symbols: new Map() };
  for (skip(cursor); source[cursor.at] !== "}"; skip(cursor)) {
    const match =
      /^(\w+|'(?:[^'\\]|\\.)*'): /.exec(source.slice(cursor.at)) ?? fail(`no member at ${cursor.at}`);
    members.set(match[1] ?? "", cursor.at + match[0].length);
    cursor.at += match[0].length;
    pass(cursor);
  }
  return members;
}

/** Goes over a value without reading it: symbols may not be known yet. */
function pass(cursor: Cursor): void {
  const { source } = cursor;
  const opened: string[] = [];
  for (; opened.length > 0 || source[cursor.at] !== "\n"; cursor.at += 1) {
    const char = source[cursor.at] ?? fail("the file ends in a value");
    const inText = opened.at(-1) === "'";
    if (inText && char === "\\") cursor.at += 1;
    else if (inText && char === "'") opened.pop();
    else if (inText && char === "$" && source[cursor.at + 1] === "{") {
      opened.push("{");
      cursor.at += 1;
    } else if (!inText && "'{[(".includes(char)) opened.push(char);
    else if (!inText && "}])".includes(char)) opened.pop();
  }
}

function skip(cursor: Cursor): void {
  while (/[\s,]/.test(cursor.source[cursor.at] ?? "x")) cursor.at += 1;
}

function bicepValue(cursor: Cursor): Meaning {
  const { source } = cursor;
  skip(cursor);
  const char = source[cursor.at] ?? fail("the file ends before a value");
  if (char === "{") {
    const entries: [string, Meaning][] = [];
    cursor.at += 1;
    for (skip(cursor); source[cursor.at] !== "}"; skip(cursor)) {
      const key = source[cursor.at] === "'" ? bicepText(cursor) : wordAt(source, cursor.at);
      cursor.at = source.indexOf(": ", cursor.at) + 2;
      entries.push([key, bicepValue(cursor)]);
    }
    cursor.at += 1;
    return Object.fromEntries(entries);
  }
  if (char === "[") {
    const items: Meaning[] = [];
    cursor.at += 1;
    for (skip(cursor); source[cursor.at] !== "]"; skip(cursor)) items.push(bicepValue(cursor));
    cursor.at += 1;
    return items;
  }
  if (char === "'") return bicepText(cursor);
  const word =
    /^[\w.-]+/.exec(source.slice(cursor.at))?.[0] ??
    fail(`no value at ${source.slice(cursor.at, cursor.at + 30)}`);
  if (/^-?\d+$/.test(word)) {
    cursor.at += word.length;
    return Number(word);
  }
  if (word === "true" || word === "false") {
    cursor.at += word.length;
    return word === "true";
  }
  return bicepExpression(cursor);
}

function bicepExpression(cursor: Cursor): string {
  const { source, symbols } = cursor;
  const [path = ""] = /^[\w.]+/.exec(source.slice(cursor.at)) ?? [];
  cursor.at += path.length;
  if (source[cursor.at] === "(") {
    cursor.at += 1;
    const args: string[] = [];
    for (skip(cursor); source[cursor.at] !== ")"; skip(cursor)) args.push(String(bicepValue(cursor)));
    cursor.at += 1;
    const [rest = ""] = /^[\w.]*/.exec(source.slice(cursor.at)) ?? [];
    cursor.at += rest.length;
    return meaningOfCall(path, args, rest);
  }
  const [symbol = "", ...members] = path.split(".");
  if (!symbols.has(symbol)) return `<${path}>`;
  const member = members.join(".");
  if (member === "id") return idOf(source, symbols, symbol);
  if (member === "name") return namesOf(source, symbols, symbol).at(-1) ?? "";
  return `${idOf(source, symbols, symbol)}#${member}`;
}

function bicepText(cursor: Cursor): string {
  const { source } = cursor;
  let text = "";
  for (cursor.at += 1; source[cursor.at] !== "'"; cursor.at += 1) {
    if (source[cursor.at] === "\\") {
      cursor.at += 1;
      const char = source[cursor.at] ?? "";
      text += { n: "\n", r: "\r", t: "\t" }[char] ?? char;
    } else if (source.startsWith("${", cursor.at)) {
      cursor.at += 2;
      text += String(bicepValue(cursor));
      if (source[cursor.at] !== "}") fail(`no end of an expression at ${cursor.at}`);
    } else {
      text += source[cursor.at];
    }
  }
  cursor.at += 1;
  return text;
}

interface ArmTemplate {
  readonly parameters: Readonly<Record<string, { readonly type: string; readonly defaultValue?: Meaning }>>;
  readonly resources: readonly (Readonly<Record<string, Meaning>> & {
    readonly dependsOn?: readonly string[];
  })[];
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
}

/** The same of a template in Resource Manager's JSON; `needs` are the resources that must be there before. */
export function readArm(text: string) {
  const { parameters, resources, outputs }: ArmTemplate = JSON.parse(text);
  return {
    resources: resources.map(
      ({ type, apiVersion, name, scope, dependsOn = [], comments: _comments, ...body }) => ({
        type: String(type),
        apiVersion: String(apiVersion),
        name: String(armMeaning(name as Meaning)),
        scope: scope === undefined ? undefined : String(armMeaning(scope)),
        body: armMeaning(body) as { readonly [name: string]: Meaning },
        needs: dependsOn.map((one) => String(armMeaning(one))),
      }),
    ),
    parameters: Object.entries(parameters).map(
      ([name, { type, defaultValue }]) =>
        [name, type, defaultValue === undefined ? undefined : armMeaning(defaultValue)] as const,
    ),
    outputs: Object.entries(outputs).map(([name, { value }]) => [name, armMeaning(value)] as const),
  };
}

function armMeaning(value: Meaning): Meaning {
  if (typeof value === "string") return armTextOf(value);
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item: Meaning) => armMeaning(item));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [armTextOf(name), armMeaning(item)]));
}

function armTextOf(text: string): string {
  if (text.startsWith("[[")) return text.slice(1);
  if (!text.startsWith("[")) return text;
  const cursor = { source: text, at: 1 };
  const meaning = armExpression(cursor);
  if (cursor.at !== text.length - 1 || !text.endsWith("]")) fail(`what follows in ${text} at ${cursor.at}`);
  return meaning;
}

function armExpression(cursor: { readonly source: string; at: number }): string {
  const { source } = cursor;
  if (source[cursor.at] === "'") {
    const [literal = ""] = /^'(?:[^']|'')*'/.exec(source.slice(cursor.at)) ?? [];
    cursor.at += literal.length;
    return literal.slice(1, -1).replaceAll("''", "'");
  }
  const [name = ""] = /^\w+/.exec(source.slice(cursor.at)) ?? [];
  cursor.at += name.length;
  if (name === "" || source[cursor.at] !== "(") fail(`no call in ${source} at ${cursor.at}`);
  cursor.at += 1;
  const args: string[] = [];
  while (source[cursor.at] !== ")") {
    args.push(armExpression(cursor));
    if (source[cursor.at] === ",") cursor.at += 2;
  }
  cursor.at += 1;
  const [rest = ""] = /^[\w.]*/.exec(source.slice(cursor.at)) ?? [];
  cursor.at += rest.length;
  return meaningOfCall(name, args, rest);
}

function meaningOfCall(name: string, args: readonly string[], rest: string): string {
  const [first = "", , third] = args;
  switch (name) {
    case "parameters":
      return `<${first}>`;
    case "resourceId":
      return `id(${args.join(",")})`;
    case "reference":
      return third === "full" ? `${first}#${rest.slice(1)}` : `${first}#properties${rest}`;
    case "format":
      return first.replace(/\{\{|\}\}|\{(\d+)\}/g, (found, index) =>
        index === undefined
          ? (found[0] ?? "")
          : (args[Number(index) + 1] ?? fail("an argument of format is missing")),
      );
    case "guid":
    case "uniqueString":
    case "subscriptionResourceId":
    case "listKeys":
    case "resourceGroup":
      return `${name}(${args.join(",")})${rest}`;
    default:
      return fail(`an unknown function ${name}`);
  }
}

function fail(problem: string): never {
  throw new Error(`The template cannot be read: ${problem}.`);
}

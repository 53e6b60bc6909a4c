import { deployError } from "./_errors.ts";
import { UNKNOWN } from "./kind.ts";

/** Gives what `Ref` (without an attribute) and `Fn::GetAtt` stand for. */
export type Lookup = (id: string, attribute: string | undefined) => unknown;

/** Names in `${…}`; `${!…}` stands for itself. */
const VARIABLE = /\$\{(?!!)([^}]+)\}/g;

/** A template's value with everything put in place; what holds something unknown as a part of a text is unknown. */
export function resolve(value: unknown, lookup: Lookup): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, lookup));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [[name, argument] = ["", undefined]] = entries;
  if (entries.length === 1) {
    if (name === "Ref") return atId(String(argument), lookup);
    if (name === "Fn::GetAtt") return lookup(...attributeOf(argument));
    if (name === "Fn::Sub") return substitute(argument, lookup);
    if (name.startsWith("Fn::")) throw deployError(`The template has ${name}, which cannot be deployed.`);
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, resolve(item, lookup)]));
}

/** The logical ids that a value refers to, parameters and pseudo parameters among them. */
export function referencesOf(value: unknown): ReadonlySet<string> {
  const ids = new Set<string>();
  const nothing: Lookup = (id) => {
    ids.add(id);
    return "";
  };
  resolve(value, nothing);
  return ids;
}

/** Whether something unknown is in a value. */
export function isKnown(value: unknown): boolean {
  if (value === UNKNOWN) return false;
  return typeof value !== "object" || value === null || Object.values(value).every(isKnown);
}

/** SAM lets a reference have an attribute: `Function.Alias`. */
function atId(text: string, lookup: Lookup): unknown {
  const [id = "", attribute] = text.split(".");
  return lookup(id, attribute);
}

function attributeOf(argument: unknown): [string, string] {
  const [id, attribute] = argument as readonly [string, string];
  return [id, attribute];
}

function substitute(argument: unknown, lookup: Lookup): unknown {
  const [text, values = {}] = (typeof argument === "string" ? [argument] : argument) as [
    string,
    Readonly<Record<string, unknown>>?,
  ];
  const parts = new Map<string, unknown>();
  for (const [, name = ""] of text.matchAll(VARIABLE)) {
    parts.set(name, name in values ? resolve(values[name], lookup) : atId(name, lookup));
  }
  if ([...parts.values()].includes(UNKNOWN)) return UNKNOWN;
  return text.replace(VARIABLE, (_match, name: string) => String(parts.get(name))).replaceAll("${!", "${");
}

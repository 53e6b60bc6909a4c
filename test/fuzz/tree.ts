import { gunzipSync, gzipSync } from "node:zlib";

/** Marks a text that holds JSON and is open: what it holds can be changed as well. */
const OPENED: unique symbol = Symbol("opened");
/** Marks a value that is made last, since whatever walks a tree by recursion would fall over it. */
const MADE: unique symbol = Symbol("made");

interface Opened {
  readonly [OPENED]: "json" | "base64" | "gzip";
  inner: unknown;
}

/** A value too deep for a walk, and the same as JSON. */
export interface Made {
  readonly value: () => unknown;
  readonly text: () => string;
}

/** The members of an object or list, by any key. */
export type Members = Record<string | number, unknown>;

/** Puts off the making of a value until a tree is closed. */
export function later(made: Made): object {
  return { [MADE]: made };
}

/** A tree whose texts with JSON in them, plain, in base64 or compressed, are open, however deep they are wrapped. */
export function openTree(value: unknown): unknown {
  if (typeof value === "string") return openText(value);
  return mapMembers(value, openTree);
}

/** The payload of a tree; each call makes a new one. */
export function closeTree(value: unknown): unknown {
  if (isMade(value)) return value[MADE].value();
  return isOpened(value) ? closeText(value) : mapMembers(value, closeTree);
}

/** A tree of its own, which can be changed. */
export function copyTree(value: unknown): unknown {
  if (isMade(value)) return value;
  if (isOpened(value)) return { [OPENED]: value[OPENED], inner: copyTree(value.inner) };
  return mapMembers(value, copyTree);
}

/** The objects and lists of a tree, in which members can be changed; inside open texts too. */
export function holdersOf(value: unknown, found: Members[] = []): Members[] {
  if (typeof value !== "object" || value === null || isMade(value)) return found;
  found.push(value as unknown as Members);
  for (const member of Object.values(value)) holdersOf(member, found);
  return found;
}

/** Whether two payloads are the same, however deep they are. */
export function isSame(left: unknown, right: unknown): boolean {
  const pairs: (readonly [unknown, unknown])[] = [[left, right]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [a, b] = pair;
    if (Object.is(a, b)) continue;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    const names = Object.keys(a);
    if (Array.isArray(a) !== Array.isArray(b) || names.length !== Object.keys(b).length) return false;
    for (const name of names) {
      if (!Object.hasOwn(b, name)) return false;
      pairs.push([(a as Members)[name], (b as Members)[name]]);
    }
  }
  return true;
}

function openText(text: string): unknown {
  const json = parseObject(text);
  if (json !== undefined) return { [OPENED]: "json", inner: openTree(json) };
  const isBase64 = text.length > 7 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
  if (!isBase64) return text;
  const bytes = Buffer.from(text, "base64");
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const inside = parseObject((isGzip ? gunzipSync(bytes) : bytes).toString());
  return inside === undefined ? text : { [OPENED]: isGzip ? "gzip" : "base64", inner: openTree(inside) };
}

function closeText(opened: Opened): string {
  const text = toJson(opened.inner);
  if (opened[OPENED] === "json") return text;
  return Buffer.from(opened[OPENED] === "gzip" ? gzipSync(text) : text).toString("base64");
}

function toJson(value: unknown): string {
  const texts: string[] = [];
  const json = JSON.stringify(value, (_name, member: unknown) => {
    if (isMade(member)) return `@made${texts.push(member[MADE].text()) - 1}@`;
    return isOpened(member) ? closeText(member) : member;
  });
  return (json ?? "").replace(/"@made(\d+)@"/g, (_whole, index: string) => texts[Number(index)] ?? "");
}

function parseObject(text: string): object | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** `fromEntries` defines members, so that one called `__proto__` is one. */
function mapMembers(value: unknown, map: (member: unknown) => unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(map);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, map(member)]));
}

function isOpened(value: unknown): value is Opened {
  return typeof value === "object" && value !== null && OPENED in value;
}

function isMade(value: unknown): value is { readonly [MADE]: Made } {
  return typeof value === "object" && value !== null && MADE in value;
}

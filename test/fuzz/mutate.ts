import { hostileText, hostileValue, largeValue } from "./hostile.ts";
import { copyTree, holdersOf, type Members } from "./tree.ts";

/** What every credential of a payload has in it, so that it is found wherever it comes out. */
export const SECRET = "hunter2";

/** One change of a payload: what, where, and how, the numbers taken modulo what there is. */
export interface Mutation {
  readonly op: Op;
  readonly at: number;
  readonly by: number;
}

interface Place {
  readonly holder: Members;
  readonly key: string | number;
  readonly value: unknown;
  /** All places of the payload. */
  readonly all: readonly Place[];
  readonly by: number;
}

const OPS = {
  drop: ({ holder, key }) => {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  },
  null: (place) => put(place, null),
  retype: (place) => put(place, retyped(place.value, place.by)),
  hostile: (place) => put(place, copyTree(hostileValue(place.by))),
  text: (place) => put(place, hostileText(place.by)),
  large: (place) => put(place, copyTree(largeValue(place.by))),
  wrap: (place) => put(place, place.by % 2 === 0 ? [place.value] : { value: place.value }),
  duplicate: ({ holder, key, value, by }) => {
    if (Array.isArray(holder)) holder.splice(by % (holder.length + 1), 0, copyTree(value));
    else define(holder, String(key).toUpperCase(), copyTree(value));
  },
  swap: (place) => {
    const { holder, key, value, by } = place;
    const keys = Object.keys(holder);
    const other = keys[by % keys.length] ?? key;
    if (holdsSecret(value) || holdsSecret(holder[other])) return;
    put(place, holder[other]);
    define(holder, other, value);
  },
  // Credentials stay in their places: moved into an id, they would be logged by right.
  transplant: (place) => {
    const { value } = place.all[place.by % place.all.length] ?? place;
    if (!holdsSecret(value)) put(place, copyTree(value));
  },
  rename: ({ holder, key, value, by }) => {
    if (Array.isArray(holder)) return;
    delete holder[key];
    define(holder, hostileText(by), value);
  },
  add: ({ holder, by }) => {
    if (Array.isArray(holder)) holder.push(copyTree(hostileValue(by)));
    else define(holder, hostileText(by), copyTree(hostileValue(by >> 7)));
  },
  edit: (place) => put(place, edited(place.value, place.by)),
} satisfies Record<string, (place: Place) => void>;

/** A kind of change. */
export type Op = keyof typeof OPS;

/** The kinds in the proportion in which they are drawn; large values cost time. */
export const DRAWN: readonly Op[] = [
  ...(Object.keys(OPS) as Op[]).filter((op) => op !== "large").flatMap((op) => [op, op, op, op]),
  ...(["hostile", "hostile", "hostile", "hostile", "text", "text", "text", "text"] as const),
  "large",
];

/** Changes a copy of a tree. */
export function mutate(tree: unknown, mutations: readonly Mutation[]): unknown {
  const root: Members = { root: copyTree(tree) };
  for (const { op, at, by } of mutations) {
    const all = placesOf(root, by);
    const place = all[at % all.length];
    if (place !== undefined) (OPS[op] as (place: Place) => void)(place);
  }
  return root.root;
}

function placesOf(root: Members, by: number): Place[] {
  const all: Place[] = [];
  for (const holder of holdersOf(root)) {
    const keys = Array.isArray(holder) ? holder.keys() : Object.keys(holder);
    for (const key of keys) all.push({ holder, key, value: holder[key], all, by });
  }
  return all;
}

function put({ holder, key }: Place, value: unknown): void {
  define(holder, key, value);
}

/** An assignment to `__proto__` would define nothing. */
function define(holder: Members, key: string | number, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function retyped(value: unknown, by: number): unknown {
  const forms = [
    String(typeof value === "object" ? "x" : value),
    Number(typeof value === "string" ? value.length : 7),
    true,
    [value],
    {},
    typeof value === "string" ? [...value.slice(0, 8)] : `${JSON.stringify(value)?.slice(0, 200)}`,
  ];
  return forms[by % forms.length];
}

/** Text with one character changed, gone, or all behind it gone; numbers a little off. */
function edited(value: unknown, by: number): unknown {
  if (typeof value === "number") return by % 2 === 0 ? -value : value * 1e6;
  if (typeof value !== "string" || value === "") return value;
  const at = by % value.length;
  const character = ["", "\0", "\n", "%", "/", '"', "=", "\ud800", ";", ","][(by >> 5) % 10] ?? "";
  return by % 3 === 0 ? value.slice(0, at) : `${value.slice(0, at)}${character}${value.slice(at + 1)}`;
}

function holdsSecret(value: unknown): boolean {
  if (typeof value === "string") return value.includes(SECRET);
  return holdersOf(value).some((holder) =>
    Object.values(holder).some((member) => typeof member === "string" && member.includes(SECRET)),
  );
}

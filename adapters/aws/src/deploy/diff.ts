import { UNKNOWN } from "./kind.ts";

/** A property that differs, in words. */
export interface Difference {
  readonly property: string;
  /** `MemorySize: 256 → 512`; values that may be secret are left out. */
  readonly words: string;
}

/**
 * What differs between the properties that are declared and those that were found. What is found though it is not declared
 * counts, unless it is what the service takes by default.
 */
export function differences(
  declared: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>> = {},
): readonly Difference[] {
  const names = new Set([...Object.keys(declared), ...Object.keys(found)]);
  return [...names].sort().flatMap((property) => {
    const after = declared[property] ?? defaults[property];
    const before = found[property] ?? defaults[property];
    return isSame(after, before) ? [] : [{ property, words: wordsOf(property, before, after) }];
  });
}

/** Whether two values are the same, whatever the order of their members; what is unknown is like nothing. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === UNKNOWN || b === UNKNOWN) return false;
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [members(a), members(b)];
  return left.length === right.length && left.every(([key, value]) => isSame(value, Reflect.get(b, key)));
}

const members = (value: object) => Object.entries(value).filter(([, member]) => member !== undefined);

function wordsOf(property: string, before: unknown, after: unknown): string {
  if (property === "Environment") return `Environment: ${variablesOf(before, after).join(", ")}`;
  const [old, now] = [shown(before), shown(after)];
  return old === undefined || now === undefined ? `${property}: changed` : `${property}: ${old} → ${now}`;
}

function shown(value: unknown): string | undefined {
  if (value === undefined) return "none";
  if (Array.isArray(value)) {
    const items = value.map(shown);
    return items.includes(undefined) || items.length > 3 ? undefined : items.join(", ");
  }
  if (/^[0-9a-f]{64}$/.test(String(value))) return String(value).slice(0, 12);
  const isShort = ["number", "boolean"].includes(typeof value) || String(value).length <= 100;
  return typeof value === "object" || typeof value === "symbol" || !isShort ? undefined : String(value);
}

/** Names alone: values are nobody's business. */
function variablesOf(before: unknown, after: unknown): string[] {
  const [old, now] = [before, after].map((value) => (value as Environment | undefined)?.Variables ?? {});
  const names = new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})]);
  return [...names].sort().flatMap((name) => {
    if (old?.[name] === now?.[name]) return [];
    return old?.[name] === undefined
      ? `+${name}`
      : now?.[name] === undefined
        ? `-${name}`
        : `${name} changed`;
  });
}

interface Environment {
  readonly Variables?: Readonly<Record<string, string>>;
}

import { createHash } from "node:crypto";
import type { Value } from "../build/_terraform.ts";

/** Stands for what is only known once something else is there. */
export const UNKNOWN: unique symbol = Symbol("known later");

/** Finds what a reference such as `google_pubsub_topic.orders.id` stands for. */
export type Lookup = (reference: string) => unknown;

const PIECES = /([$%])\1\{|\$\{((?:[^{}"]|"[^"]*")*)\}/g;
const REFERENCE = /^(?:data\.)?[a-z_]\w*(?:\.[\w-]+|\[\d+\])+$/;

/** A value of Terraform's JSON with its templates filled in; what an unknown is part of is unknown. */
export function fill(value: Value, lookup: Lookup): unknown {
  if (typeof value === "string") return fillText(value, lookup);
  if (Array.isArray(value)) return value.map((item: Value) => fill(item, lookup));
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fill(member, lookup)]));
}

/** The references in a value, in any depth. */
export function referencesIn(value: Value): readonly string[] {
  const found = new Set<string>();
  fill(value, (reference) => {
    found.add(reference);
    return UNKNOWN;
  });
  return [...found];
}

/** Whether any part of a value is unknown. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}

function fillText(text: string, lookup: Lookup): unknown {
  const [whole] = text.matchAll(PIECES);
  if (whole?.[2] !== undefined && whole[0] === text) return evaluate(whole[2], lookup);
  const values: unknown[] = [];
  const filled = text.replace(PIECES, (_piece, sign: string | undefined, code: string | undefined) => {
    if (code === undefined) return `${sign}{`;
    values.push(evaluate(code, lookup));
    return String(values.at(-1));
  });
  return values.includes(UNKNOWN) ? UNKNOWN : filled;
}

/** The expressions that the emitted document has, and no others. */
function evaluate(code: string, lookup: Lookup): unknown {
  const set = /^toset\((\[.*\])\)$/.exec(code)?.[1];
  if (set !== undefined) return JSON.parse(set);
  const hashed = /^substr\(sha256\((.+)\), 0, (\d+)\)$/.exec(code);
  if (hashed !== null) {
    const value = evaluate(hashed[1] ?? "", lookup);
    if (typeof value !== "string") return UNKNOWN;
    return createHash("sha256").update(value).digest("hex").slice(0, Number(hashed[2]));
  }
  if (REFERENCE.test(code)) return lookup(code);
  throw new TypeError(`There is no reading of the expression ${code}.`);
}

import { createHash } from "node:crypto";

/** A block of Terraform's JSON. */
export interface Block {
  readonly kind: "resource" | "data" | "variable" | "output";
  /** The resource's type; empty for variables and outputs, which have none. */
  readonly type: string;
  readonly name: string;
  readonly body: Body;
}

/** Arguments of a block; texts are templates, so that what users wrote goes through {@link literal}. */
export type Body = { readonly [argument: string]: Value };
export type Value = string | number | boolean | readonly Value[] | Body;

export function resource(type: string, name: string, body: Body): Block {
  return { kind: "resource", type, name, body };
}

export function data(type: string, name: string, body: Body): Block {
  return { kind: "data", type, name, body };
}

export function output(name: string, description: string, value: string): Block {
  return { kind: "output", type: "", name, body: { description, value } };
}

/** A variable; without a default the user must give it. */
export function variable(name: string, description: string, rest: Body = {}): Block {
  return { kind: "variable", type: "", name, body: { type: "string", description, ...rest } };
}

/** A template that is one expression, such as `${var.project}`. */
export function expression(text: string): string {
  return `\${${text}}`;
}

/** A user's text in a template, where `${` and `%{` would be read as code. */
export function literal(text: string): string {
  return text.replace(/[$%](?=\{)/g, "$&$&");
}

/** The text of a main.tf.json: blocks by kind, type and name, the same for the same blocks in any order. */
export function render(header: Body, blocks: readonly Block[]): string {
  const file: Record<string, Record<string, Record<string, Body> | Body>> = {};
  const sorted = [...blocks].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  for (const { kind, type, name, body } of sorted) {
    const section = file[kind] ?? {};
    file[kind] = section;
    if (type === "") section[name] = body;
    else section[type] = { ...(section[type] as Record<string, Body> | undefined), [name]: body };
  }
  return `${JSON.stringify({ ...header, ...file }, null, 2)}\n`;
}

/** Blocks without those that say the same again, such as a variable that two functions share. */
export function unique(blocks: readonly Block[]): readonly Block[] {
  const known = new Map<string, Block>();
  for (const block of blocks) {
    const key = keyOf(block);
    const other = known.get(key) ?? block;
    if (JSON.stringify(other.body) !== JSON.stringify(block.body))
      throw new Error(`Two blocks are called ${key}.`);
    known.set(key, block);
  }
  return [...known.values()];
}

function keyOf({ kind, type, name }: Block): string {
  return `${kind} ${type} ${name}`;
}

/**
 * A name in Terraform: letters, digits and `_`; names that would collide get a hash. What belongs to it is called with a
 * dash behind it, which no such name has.
 */
export function identifier(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9]/g, "_");
  return /^[a-z0-9-]+$/.test(name) ? plain : `${plain}_${hash(name, 6)}`;
}

/**
 * A name on Google Cloud of letters, digits and dashes: that of an application or a function, and behind two dashes what it
 * is for, which no other function is called then. A name that is too long or too short gets a hash.
 */
export function resourceName(names: readonly string[], most: number, purpose = "", least = 6): string {
  const name = names.join("-");
  const whole = purpose === "" ? name : `${name}--${purpose}`;
  if (!name.includes("--") && whole.length <= most && whole.length >= least) return whole;
  return `${whole.slice(0, most - 9).replace(/-+$/, "")}-${hash(whole, 8)}`;
}

/** The first hexadecimal digits of a text's hash. */
export function hash(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

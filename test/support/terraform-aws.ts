import { readFileSync } from "node:fs";
import { join } from "node:path";

const schema: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(import.meta.dirname, "terraform-aws.json"), "utf8"),
);

/** Arguments of a block: those that it must have, and those that are blocks themselves. */
interface Arguments {
  readonly [name: string]: { readonly isRequired: boolean; readonly block: Arguments | undefined };
}

/** Terraform's configuration as JSON. */
export interface Configuration {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/** What every resource of Terraform takes. */
const META: readonly string[] = ["depends_on", "lifecycle"];

/**
 * What the provider's schema finds wrong, one line for each. `terraform-aws.json` holds the arguments of version 6.66.0
 * for the resources that we emit: `name! other block(name)` is one that is required, one that is not, and a block.
 */
export function argumentProblems({ resource }: Configuration): string[] {
  return Object.entries(resource).flatMap(([type, resources]) => {
    const text = schema[type];
    if (text === undefined) return [`there is no ${type}`];
    const known = parse(text);
    return Object.entries(resources).flatMap(([name, body]) => {
      const own = Object.entries(body).filter(([argument]) => !META.includes(argument));
      return blockProblems(Object.fromEntries(own), known, `${type}.${name}`);
    });
  });
}

/** Addresses in expressions and `depends_on` that no resource has. */
export function brokenAddresses(configuration: Configuration): string[] {
  const addresses = [
    ...JSON.stringify(configuration).matchAll(/(?:\$\{|")(aws_[a-z0-9_]+\.[a-z0-9_]+)(?=[."])/g),
  ];
  return addresses
    .map(([, address = ""]) => address)
    .filter((address) => {
      const [type = "", name = ""] = address.split(".");
      return configuration.resource[type]?.[name] === undefined;
    });
}

function blockProblems(body: object, known: Arguments, path: string): string[] {
  const missing = Object.entries(known)
    .filter(([name, { isRequired }]) => isRequired && !(name in body))
    .map(([name]) => `${path}: ${name} is missing`);
  const wrong = Object.entries(body).flatMap(([name, value]) => {
    const argument = known[name];
    if (argument === undefined) return [`${path}: there is no ${name}`];
    const { block } = argument;
    if (block === undefined) return [];
    const blocks: unknown[] = Array.isArray(value) ? value : [value];
    return blocks.flatMap((one) =>
      typeof one === "object" && one !== null
        ? blockProblems(one, block, `${path}.${name}`)
        : [`${path}: ${name} is a block`],
    );
  });
  return [...missing, ...wrong];
}

function parse(text: string): Arguments {
  const known: Record<string, Arguments[string]> = {};
  for (let rest = text; rest !== ""; ) {
    const [found = "", name = "", mark, open] = /^([a-z0-9_]+)(!?)(\(?)/.exec(rest) ?? [];
    const end = open === "(" ? closing(rest, found.length) : found.length;
    const block = open === "(" ? parse(rest.slice(found.length, end)) : undefined;
    known[name] = { isRequired: mark === "!", block };
    rest = rest.slice(open === "(" ? end + 1 : end).trimStart();
  }
  return known;
}

function closing(text: string, start: number): number {
  let depth = 1;
  for (let index = start; index < text.length; index++) {
    if (text[index] === "(") depth++;
    if (text[index] === ")") depth--;
    if (depth === 0) return index;
  }
  return text.length;
}

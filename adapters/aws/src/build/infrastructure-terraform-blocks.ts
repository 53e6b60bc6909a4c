import { hashOf, type Resource, type Value } from "./infrastructure-template.ts";
import { type Expressions, label } from "./infrastructure-terraform-expressions.ts";

/** A block of Terraform's JSON. */
export interface Block {
  readonly [name: string]: Block | Value | readonly Block[] | undefined;
}

/** A resource of Terraform. */
export interface TerraformResource {
  readonly type: string;
  readonly name: string;
  readonly body: Block;
}

/** Writes a resource of the template. */
export type Translate = (
  id: string,
  resource: Resource,
  expressions: Expressions,
) => readonly TerraformResource[];
/** Writes one resource of Terraform. */
export type Body = (properties: Read, id: string, resource: Resource, expressions: Expressions) => Block;

/** Reads a property, with Terraform's expressions; `json` as the text of a document. */
export interface Read {
  (name: string): Value | undefined;
  readonly json: (name: string) => string | undefined;
  /** A property of a resource below, by its path. */
  readonly at: (...path: readonly string[]) => Value | undefined;
}

/** A name that starts with the application's, of 30 characters at most. */
export function nameOf(id: string, longest: number): string {
  const own = label(id.replace(/Function$/, "")).replaceAll("_", "-");
  const room = longest - 31;
  const fitting =
    own.length <= room ? own : `${own.slice(0, Math.max(room - 9, 0))}-${hashOf(own)}`.slice(-room);
  return `\${var.name}-${fitting}`;
}

/** What holds users' data is not destroyed by mistake. */
export function kept({ DeletionPolicy }: Resource): Block {
  return DeletionPolicy === "Retain" ? { lifecycle: { prevent_destroy: true } } : {};
}

/** The alias that a reference names, by function and qualifier. */
export function aliasOf(reference: Value | undefined): Block {
  const alias = `aws_lambda_alias.${label(String(at(reference, ["Ref"])).replace(".Alias", ""))}`;
  return { function_name: `\${${alias}.function_name}`, qualifier: `\${${alias}.name}` };
}

/** Reads the properties of a resource. */
export function readerOf({ Properties }: Resource, { value, json }: Expressions): Read {
  const read = (name: string) => value(Properties[name]);
  return Object.assign(read, {
    json: (name: string) => json(Properties[name]),
    at: (...path: readonly string[]) => value(at(Properties, path)),
  });
}

/** What is at a path of members and positions, if it is there. */
export function at(value: unknown, path: readonly string[]): Value | undefined {
  const found = path.reduce<unknown>(
    (node, name) =>
      typeof node === "object" && node !== null ? (node as Record<string, unknown>)[name] : undefined,
    value,
  );
  return found as Value | undefined;
}

/** A block about a value that may be absent. */
export function optional(value: Value | undefined, block: (value: Value) => Block): Block | undefined {
  return value === undefined ? undefined : block(value);
}

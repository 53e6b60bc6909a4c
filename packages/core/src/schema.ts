import { AnyfnError } from "./errors.ts";

/** One problem a validator found; `path` leads to the offending value. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;
}

/** What a validator answers: the validated value, or the list of issues. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: ReadonlyArray<SchemaIssue> };

/**
 * Any validator that speaks Standard Schema v1: zod, valibot, arktype and others.
 *
 * @see https://standardschema.dev
 */
export interface Schema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** The type of the value that a schema accepts. */
export type SchemaInput<S> = S extends Schema<infer Input, unknown> ? Input : never;

/** The type of the value that a schema returns. */
export type SchemaOutput<S> = S extends Schema<unknown, infer Output> ? Output : never;

/** Reads a schema's validator once for all calls: in some libraries it is a getter that makes it anew each time. */
export function compileSchema(schema: Schema | undefined): Schema | undefined {
  return schema && { "~standard": schema["~standard"] };
}

/** Validates a value, synchronously when the schema is; the caller decides what a list of issues means. */
export function validate<Output>(
  schema: Schema<unknown, Output>,
  value: unknown,
): SchemaResult<Output> | Promise<SchemaResult<Output>> {
  return schema["~standard"].validate(value);
}

/** Whether a value is a promise-like; cheaper than awaiting what is there already. */
export function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/** An issue's path as text: `items.0.sku`. */
export function issuePath(issue: SchemaIssue): string {
  const keys = issue.path ?? [];
  return keys.map((part) => String(typeof part === "object" ? part.key : part)).join(".");
}

/** Issues on one line, for a log or an error message; values are never shown. */
export function describeIssues(issues: readonly SchemaIssue[]): string {
  return issues.map((issue) => [issuePath(issue), issue.message].filter(Boolean).join(": ")).join("; ");
}

/** Throws when a declared schema is not a Standard Schema, naming the option. */
export function assertSchema(schema: unknown, option: string): void {
  if (schema === undefined) return;
  const standard = (schema as { "~standard"?: { validate?: unknown } } | null)?.["~standard"];
  if (typeof standard?.validate === "function") return;
  throw new AnyfnError(
    "invalid-definition",
    `${option} is not a schema. Pass a Standard Schema validator, such as z.object({...}) of zod 3.24 or newer.`,
  );
}

import { assertSchema, type Schema } from "../schema.ts";
import type { Trigger } from "../trigger.ts";
import {
  assertBatchSize,
  assertName,
  type BatchOptions,
  type OneOrBatch,
  type OneOrBatchResult,
} from "./queue.ts";

/** What happened to a document. */
export type ChangeAction = "created" | "updated" | "deleted";

/**
 * A change of a document in a database. Numbers are exact: a JavaScript number where it can hold the value, a bigint
 * for a larger integer, text for a decimal that a double cannot hold.
 */
export interface ChangeEvent<Document = Readonly<Record<string, unknown>>> {
  /** The same for each delivery of one change. */
  readonly id: string;
  readonly action: ChangeAction;
  /** The document's key attributes by name. */
  readonly keys: Readonly<Record<string, unknown>>;
  /** The document before the change; undefined for a created one and where the source does not carry it. */
  readonly before: Document | undefined;
  /** The document after the change; undefined for a deleted one and where the source does not carry it. */
  readonly after: Document | undefined;
  /** Opaque position of the change in its source. */
  readonly sequence: string | undefined;
  readonly time: Date | undefined;
  /** Whether the document was deleted because its time to live ran out. */
  readonly expired: boolean;
  /** Table, collection or container; undefined where the event does not carry it. */
  readonly collection: string | undefined;
  readonly database: string | undefined;
  /** The provider's own record. */
  readonly raw: unknown;
}

/** Options of a changes trigger. */
export interface ChangesOptions<
  S extends Schema | undefined = Schema | undefined,
  Batch extends boolean = boolean,
> extends BatchOptions<Batch> {
  /** The actions to run for; all by default. */
  readonly on?: readonly ChangeAction[];
  /** Validates `before` and `after`; an invalid change is dead-lettered. */
  readonly document?: S;
}

type DocumentOf<S> = S extends Schema<unknown, infer Output> ? Output : Readonly<Record<string, unknown>>;

/** A declared changes trigger. */
export interface ChangesTrigger<Document = unknown, Batch extends boolean = boolean>
  extends Trigger<"changes", OneOrBatch<ChangeEvent<Document>, Batch>, OneOrBatchResult<Batch>> {
  /** The table's or collection's logical name; the target's configuration maps it. */
  readonly name: string;
  readonly on: readonly ChangeAction[];
  readonly schema: Schema | undefined;
  readonly batchSize: number;
  readonly batch: boolean;
}

/**
 * Declares a function that follows the changes of a table or collection.
 *
 * @example changes("customers", { on: ["updated"], document: Customer })
 */
/* @__NO_SIDE_EFFECTS__ */
export function changes<S extends Schema | undefined = undefined, const Batch extends boolean = false>(
  name: string,
  options: ChangesOptions<S, Batch> = {},
): ChangesTrigger<DocumentOf<S>, Batch> {
  const {
    on = ["created", "updated", "deleted"],
    document: schema,
    batchSize = 100,
    batch = false,
  } = options;
  assertName("changes", name);
  assertSchema(schema, `\`document\` of the changes of "${name}"`);
  assertBatchSize("changes", name, batchSize);
  return { kind: "changes", name, on, schema, batchSize, batch };
}

import { AnyfnError, type DeadLetter, type Retry } from "../errors.ts";
import { assertSchema, type Schema } from "../schema.ts";
import type { Trigger } from "../trigger.ts";

/** Bytes that arrived with a message, record or task, read on demand. */
export interface Payload {
  /** The payload as UTF-8 text, exactly as it was sent. */
  text(): string;
  /** The payload as JSON. @throws AnyfnError `invalid-message` when it is not JSON. */
  json(): unknown;
  /** The payload's bytes. */
  bytes(): Uint8Array<ArrayBuffer>;
}

/** A value of a message's attributes; binary ones are bytes. */
export type AttributeValue = string | number | boolean | Uint8Array;

/** A queued message, the same on every provider. */
export interface Message<Data = unknown> extends Payload {
  /** The same for each delivery of one message: the key for idempotent work. */
  readonly id: string;
  /** The validated value; without a schema the JSON value, or the text where it is not JSON, or else the bytes. */
  readonly data: Data;
  /** The sender's attributes, by the sender's names. */
  readonly attributes: Readonly<Record<string, AttributeValue | undefined>>;
  /** Deliveries so far, this one included, from 1; undefined where the source does not count. */
  readonly deliveryCount: number | undefined;
  /** Messages with the same key are handled one after the other; undefined in an unordered source. */
  readonly orderingKey: string | undefined;
  readonly enqueuedAt: Date | undefined;
  /** The provider's own message. */
  readonly raw: unknown;
}

/** What a batch handler returns for one message: nothing when it is done. */
export type BatchOutcome = undefined | null | Retry | DeadLetter | Error;

/** What a handler with `batch: true` returns: an outcome for each message, in order, or nothing when all are done. */
export type BatchResult = readonly BatchOutcome[] | void;

/** Options shared by the sources of messages. */
export interface BatchOptions<Batch extends boolean = boolean> {
  /** The most messages to hand over at once, where the source can batch; 10 by default. */
  readonly batchSize?: number;
  /**
   * Gives the handler the whole batch instead of one message at a time; where messages are ordered, without those
   * behind an invalid one.
   */
  readonly batch?: Batch;
}

/** One event, or the whole list with `batch: true`. */
export type OneOrBatch<Event, Batch extends boolean> = Batch extends true ? readonly Event[] : Event;

/** What a handler of one event, or of the whole list, returns. */
export type OneOrBatchResult<Batch extends boolean> = Batch extends true ? BatchResult : unknown;

/** Options of a queue trigger. */
export interface QueueOptions<
  S extends Schema | undefined = Schema | undefined,
  Batch extends boolean = boolean,
> extends BatchOptions<Batch> {
  /** Validates each message's data; an invalid message is dead-lettered. */
  readonly message?: S;
}

/** A declared queue trigger. */
export interface QueueTrigger<Data = unknown, Batch extends boolean = boolean>
  extends Trigger<"queue", OneOrBatch<Message<Data>, Batch>, OneOrBatchResult<Batch>> {
  /** The queue's logical name; the target's configuration maps it. */
  readonly name: string;
  readonly schema: Schema | undefined;
  readonly batchSize: number;
  readonly batch: boolean;
}

/** The type that a schema gives, unknown without one. */
export type DataOf<S> = S extends Schema<unknown, infer Output> ? Output : unknown;

/**
 * Declares a function that consumes a queue. A throw means "deliver this message again".
 *
 * @example queue("orders", { message: z.object({ sku: z.string() }), batchSize: 10 })
 */
/* @__NO_SIDE_EFFECTS__ */
export function queue<S extends Schema | undefined = undefined, const Batch extends boolean = false>(
  name: string,
  options: QueueOptions<S, Batch> = {},
): QueueTrigger<DataOf<S>, Batch> {
  const { message: schema, batchSize = 10, batch = false } = options;
  assertName("queue", name);
  assertSchema(schema, `\`message\` of the queue "${name}"`);
  assertBatchSize("queue", name, batchSize);
  return { kind: "queue", name, schema, batchSize, batch };
}

/** Refuses an empty or missing logical name. */
export function assertName(kind: string, name: string): void {
  if (typeof name === "string" && name.trim() !== "") return;
  throw new AnyfnError("invalid-definition", `A ${kind} trigger needs a name, such as ${kind}("orders").`);
}

/** Refuses a batch size that is no whole number above 0. */
export function assertBatchSize(kind: string, name: string, batchSize: number): void {
  if (Number.isInteger(batchSize) && batchSize > 0) return;
  throw new AnyfnError(
    "invalid-definition",
    `The ${kind} "${name}" needs a batchSize of at least 1, in whole messages.`,
  );
}

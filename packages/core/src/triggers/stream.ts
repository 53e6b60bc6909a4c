import { assertSchema, type Schema } from "../schema.ts";
import type { Trigger } from "../trigger.ts";
import {
  type AttributeValue,
  assertBatchSize,
  assertName,
  type BatchOptions,
  type DataOf,
  type OneOrBatch,
  type OneOrBatchResult,
  type Payload,
} from "./queue.ts";

/** A record of a partitioned, ordered stream. */
export interface StreamRecord<Data = unknown> extends Payload {
  /** The same for each delivery of one record. */
  readonly id: string;
  /** The validated value; without a schema the JSON value, or the text where it is not JSON, or else the bytes. */
  readonly data: Data;
  /** The producer's key, which chose the partition; bytes that are not text are base64. */
  readonly partitionKey: string | undefined;
  /** Shard or partition that the record came from; records of one are handled in order. */
  readonly partition: string | undefined;
  /** Position in the partition, a whole number as text of any length. */
  readonly sequence: string | undefined;
  /** Offset in the partition as the source writes it. */
  readonly offset: string | undefined;
  readonly time: Date | undefined;
  /** Headers or properties that the producer attached. */
  readonly attributes: Readonly<Record<string, AttributeValue | undefined>>;
  /** The provider's own record. */
  readonly raw: unknown;
}

/** Options of a stream trigger. */
export interface StreamOptions<
  S extends Schema | undefined = Schema | undefined,
  Batch extends boolean = boolean,
> extends BatchOptions<Batch> {
  /** Validates each record's data; an invalid record is dead-lettered. */
  readonly record?: S;
}

/** A declared stream trigger. */
export interface StreamTrigger<Data = unknown, Batch extends boolean = boolean>
  extends Trigger<"stream", OneOrBatch<StreamRecord<Data>, Batch>, OneOrBatchResult<Batch>> {
  /** The stream's logical name; the target's configuration maps it. */
  readonly name: string;
  readonly schema: Schema | undefined;
  readonly batchSize: number;
  readonly batch: boolean;
}

/**
 * Declares a function that reads a stream. Records of one partition are handled in order; the first failure stops it.
 *
 * @example stream("clicks", { record: Click, batchSize: 100 })
 */
/* @__NO_SIDE_EFFECTS__ */
export function stream<S extends Schema | undefined = undefined, const Batch extends boolean = false>(
  name: string,
  options: StreamOptions<S, Batch> = {},
): StreamTrigger<DataOf<S>, Batch> {
  const { record: schema, batchSize = 100, batch = false } = options;
  assertName("stream", name);
  assertSchema(schema, `\`record\` of the stream "${name}"`);
  assertBatchSize("stream", name, batchSize);
  return { kind: "stream", name, schema, batchSize, batch };
}

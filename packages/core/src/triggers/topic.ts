import { assertSchema, type Schema } from "../schema.ts";
import type { Trigger } from "../trigger.ts";
import {
  assertBatchSize,
  assertName,
  type BatchOptions,
  type DataOf,
  type Message,
  type OneOrBatch,
  type OneOrBatchResult,
} from "./queue.ts";

/** A published message, the same on every provider. */
export interface TopicMessage<Data = unknown> extends Message<Data> {
  readonly subject: string | undefined;
  /** The provider's name of the topic; undefined where the message does not carry it. */
  readonly topic: string | undefined;
}

/** Options of a topic trigger. */
export interface TopicOptions<
  S extends Schema | undefined = Schema | undefined,
  Batch extends boolean = boolean,
> extends BatchOptions<Batch> {
  /** Validates each message's data; an invalid message is dead-lettered. */
  readonly message?: S;
}

/** A declared topic trigger. */
export interface TopicTrigger<Data = unknown, Batch extends boolean = boolean>
  extends Trigger<"topic", OneOrBatch<TopicMessage<Data>, Batch>, OneOrBatchResult<Batch>> {
  /** The topic's logical name; the target's configuration maps it. */
  readonly name: string;
  readonly schema: Schema | undefined;
  readonly batchSize: number;
  readonly batch: boolean;
}

/**
 * Declares a function that subscribes to a topic.
 *
 * @example topic("shipments", { message: z.object({ parcel: z.string() }) })
 */
/* @__NO_SIDE_EFFECTS__ */
export function topic<S extends Schema | undefined = undefined, const Batch extends boolean = false>(
  name: string,
  options: TopicOptions<S, Batch> = {},
): TopicTrigger<DataOf<S>, Batch> {
  const { message: schema, batchSize = 10, batch = false } = options;
  assertName("topic", name);
  assertSchema(schema, `\`message\` of the topic "${name}"`);
  assertBatchSize("topic", name, batchSize);
  return { kind: "topic", name, schema, batchSize, batch };
}

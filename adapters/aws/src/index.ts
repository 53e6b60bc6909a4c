import type { AnyFunction, TriggerKind } from "@anyfn/core";
import { AnyfnError } from "@anyfn/core";
import { type Adapter, isFunctionDefinition } from "@anyfn/core/adapter";
import { capabilities } from "./capabilities.ts";
import type { LambdaHandler } from "./native.ts";
import type { LambdaOptions } from "./triggers/_options.ts";
import { busHandler } from "./triggers/bus.ts";
import { changesHandler } from "./triggers/changes.ts";
import { directHandler } from "./triggers/direct.ts";
import { httpHandler } from "./triggers/http.ts";
import { httpStreamHandler } from "./triggers/http-stream.ts";
import { queueHandler } from "./triggers/queue.ts";
import { scheduleHandler } from "./triggers/schedule.ts";
import { storageHandler } from "./triggers/storage.ts";
import { streamHandler } from "./triggers/stream.ts";
import { topicHandler } from "./triggers/topic.ts";

export {
  type AlbEvent,
  type DocumentDbRecord,
  type DynamoRecord,
  type DynamoValue,
  type EventBridgeEvent,
  type HttpV1Event,
  type HttpV2Event,
  type KafkaRecord,
  type KinesisRecord,
  type LambdaContext,
  type LambdaEventOf,
  type LambdaHandler,
  type LambdaHttpEvent,
  type LogEvent,
  lambdaContext,
  lambdaEvent,
  type S3Record,
  type SnsNotification,
  type SnsRecord,
  type SqsRecord,
} from "./native.ts";
export type { LambdaOptions, RecordOptions, RequestOptions } from "./triggers/_options.ts";

/** AWS Lambda, and what it can do with each trigger. */
export const aws: Adapter = { name: "aws", title: "AWS Lambda", capabilities };

const HANDLERS: Readonly<
  Record<TriggerKind, (definition: AnyFunction, options: LambdaOptions) => LambdaHandler>
> = {
  http: (definition, options) =>
    options.streaming ? httpStreamHandler(definition, options) : httpHandler(definition, options),
  queue: queueHandler,
  topic: topicHandler,
  schedule: scheduleHandler,
  storage: storageHandler,
  changes: changesHandler,
  stream: streamHandler,
  bus: busHandler,
  direct: directHandler,
};

/**
 * Makes the Lambda handler of a function of any trigger. A bundle that imports it has the code of every trigger in it;
 * import `@anyfn/aws/http` and its like to have one.
 *
 * @example export const handler = toLambda(getOrder);
 * @throws AnyfnError `invalid-definition` for what `defineFunction` did not make.
 */
export function toLambda(definition: AnyFunction, options: LambdaOptions = {}): LambdaHandler {
  if (isFunctionDefinition(definition)) return HANDLERS[definition.trigger.kind](definition, options);
  throw new AnyfnError(
    "invalid-definition",
    "toLambda was given something else than a function. Pass what defineFunction(...) returned.",
    { provider: "aws" },
  );
}

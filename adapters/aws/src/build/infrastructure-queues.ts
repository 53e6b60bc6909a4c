import type { QueueTrigger, StorageTrigger, TopicTrigger } from "@anyfn/core";
import {
  deadLetterQueue,
  deadLettersOf,
  permission,
  queuePolicy,
  RETENTION,
} from "./infrastructure-function.ts";
import {
  allow,
  arnOf,
  type Fate,
  holding,
  idOf,
  type Parts,
  type Resource,
  ref,
  type Value,
} from "./infrastructure-template.ts";
import { type App, isCreated, resourceName, type Unit, type Wiring } from "./infrastructure-units.ts";

/** How often a message is delivered before it is a dead letter. */
const TRIES = 5;

/** A queue that triggers a function. */
export function queueWiring(unit: Unit, app: App): Wiring {
  const { name, batchSize } = unit.definition.trigger as QueueTrigger;
  const isFifo = unit.source === "sqs-fifo";
  const { arn, parts } = isCreated(app.settings, name) ? createdQueue(name, isFifo, app) : givenQueue(name);
  return { ...polling(unit, arn, batchSize, isFifo, parts) };
}

/** A topic that triggers a function, directly or through a queue of the function's own. */
export function topicWiring(unit: Unit, app: App): Wiring {
  const { name, batchSize } = unit.definition.trigger as TopicTrigger;
  const { arn, parts } = topicOf(name, app);
  return unit.source === "sns-sqs" ? throughQueue(unit, arn, batchSize, parts) : subscribed(unit, arn, parts);
}

/** S3's notifications by way of a topic or queue, which whoever owns the bucket has connected with it. */
export function notifiedWiring(unit: Unit): Wiring {
  const { name } = unit.definition.trigger as StorageTrigger;
  if (unit.source === "sns") {
    const { arn, parts } = givenTopic(name);
    return subscribed(unit, arn, parts);
  }
  const { arn, parts } = givenQueue(name);
  return polling(unit, arn, 10, false, parts);
}

/** Messages of a queue, up to ten unless it may wait for more. */
function polling(unit: Unit, queue: Value, batchSize: number, isFifo: boolean, parts: Parts): Wiring {
  const takesList = unit.settings.partialFailures !== false;
  return {
    ...parts,
    statements: [allow(["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], queue)],
    Resources: {
      ...parts.Resources,
      [`${unit.id}Mapping`]: {
        Type: "AWS::Lambda::EventSourceMapping",
        Properties: {
          BatchSize: batchSize,
          EventSourceArn: queue,
          FunctionName: unit.alias,
          FunctionResponseTypes: takesList ? ["ReportBatchItemFailures"] : undefined,
          // More than ten are only collected within a window.
          MaximumBatchingWindowInSeconds: batchSize > 10 && !isFifo ? 1 : undefined,
        },
      },
    },
  };
}

/** SNS invokes asynchronously: what it cannot deliver and what the function cannot handle are both kept. */
function subscribed(unit: Unit, topic: Value, parts: Parts): Wiring {
  return {
    ...parts,
    asynchronous: true,
    deadLetters: true,
    senders: [{ service: "sns.amazonaws.com", sourceArn: topic }],
    Resources: {
      ...parts.Resources,
      [`${unit.id}Permission`]: permission(unit, "sns.amazonaws.com", topic),
      [`${unit.id}Subscription`]: {
        Type: "AWS::SNS::Subscription",
        Properties: {
          Endpoint: unit.alias,
          Protocol: "lambda",
          RedrivePolicy: { deadLetterTargetArn: deadLettersOf(unit) },
          TopicArn: topic,
        },
      },
    },
  };
}

function throughQueue(unit: Unit, topic: Value, batchSize: number, parts: Parts): Wiring {
  const queue = `${unit.id}Queue`;
  const { Resources = {}, ...rest } = polling(unit, arnOf(queue), batchSize, false, parts);
  return {
    ...rest,
    Resources: {
      ...Resources,
      ...queueWithDeadLetters(queue, unit.definition.timeout, "Delete"),
      [`${queue}Policy`]: queuePolicy(queue, [{ service: "sns.amazonaws.com", sourceArn: topic }]),
      [`${unit.id}Subscription`]: {
        Type: "AWS::SNS::Subscription",
        Properties: { Endpoint: arnOf(queue), Protocol: "sqs", TopicArn: topic },
      },
    },
  };
}

/** A queue whose messages stay hidden for six times as long as the function may run, as Lambda advises. */
function queueWithDeadLetters(
  id: string,
  timeout: number,
  fate: Fate,
  isFifo = false,
): Readonly<Record<string, Resource>> {
  const properties = {
    ...(isFifo ? { FifoQueue: true } : {}),
    MessageRetentionPeriod: RETENTION,
    RedrivePolicy: { deadLetterTargetArn: arnOf(`${id}DeadLetters`), maxReceiveCount: TRIES },
    SqsManagedSseEnabled: true,
    VisibilityTimeout: 6 * timeout,
  };
  return {
    [id]: holding(fate, "AWS::SQS::Queue", properties),
    [`${id}DeadLetters`]: deadLetterQueue(fate, isFifo),
  };
}

interface Source {
  readonly arn: Value;
  readonly parts: Parts;
}

function createdQueue(name: string, isFifo: boolean, { units }: App): Source {
  const id = `${idOf(name)}Queue`;
  const consumers = units.filter(
    ({ definition }) => definition.trigger.kind === "queue" && resourceName(definition) === name,
  );
  const timeout = Math.max(...consumers.map(({ definition }) => definition.timeout));
  return {
    arn: arnOf(id),
    parts: {
      Resources: queueWithDeadLetters(id, timeout, "Retain", isFifo),
      Outputs: { [`${id}Url`]: { Description: `The queue "${name}"`, Value: ref(id) } },
    },
  };
}

function givenQueue(name: string): Source {
  const id = `${idOf(name)}QueueArn`;
  const Description = `ARN of the queue "${name}"; its visibility timeout is six times its function's, and it has a redrive policy`;
  return {
    arn: ref(id),
    parts: { Parameters: { [id]: { Type: "String", Description, AllowedPattern: "arn:[^:]+:sqs:.+" } } },
  };
}

function topicOf(name: string, { settings }: App): Source {
  if (!isCreated(settings, name)) return givenTopic(name);
  const id = `${idOf(name)}Topic`;
  return {
    arn: ref(id),
    parts: {
      Resources: { [id]: { Type: "AWS::SNS::Topic", Properties: {} } },
      Outputs: { [`${id}Arn`]: { Description: `The topic "${name}"`, Value: ref(id) } },
    },
  };
}

function givenTopic(name: string): Source {
  const id = `${idOf(name)}TopicArn`;
  const Description = `ARN of the topic "${name}"`;
  return {
    arn: ref(id),
    parts: { Parameters: { [id]: { Type: "String", Description, AllowedPattern: "arn:[^:]+:sns:.+" } } },
  };
}

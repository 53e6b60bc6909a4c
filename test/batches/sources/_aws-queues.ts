import type { LambdaOptions } from "@anyfn/aws";
import { notification, sqsRecord } from "../../../adapters/aws/src/_testing.ts";
import { keptAsWhole } from "../oracle.ts";
import { isSpoilt, type Sent, type Source, type State, textOf } from "../source.ts";
import { identifiersIn, isFailed, lambda, object, reporting, whole } from "./_lambda.ts";

/** Deletes what is not reported; an identifier that it does not know would fail the batch. */
function sqs(bodyOf: (message: Sent) => unknown, fifo: boolean, options?: LambdaOptions) {
  return {
    ...lambda(options),
    ordering: fifo ? "group" : "none",
    make: (messages) => ({
      Records: messages.map((message) => {
        const { key, group, count = 1 } = message;
        const record = sqsRecord(key, "", fifo ? group : undefined);
        const attributes = { ...record.attributes, ApproximateReceiveCount: String(count) };
        return { ...record, attributes, body: isSpoilt(message) ? 5 : bodyOf(message) };
      }),
    }),
    expected: (states, messages) =>
      reporting(
        new Set(messages.filter((_, index) => isFailed(states[index] as State)).map(({ key }) => key)),
      ),
    kept: (answer, messages) => {
      if ("thrown" in answer) return messages;
      const failed = new Set(identifiersIn(answer));
      const kept = messages.filter(({ key }) => failed.has(key));
      return new Set(kept.map(({ key }) => key)).size === failed.size ? kept : messages;
    },
  } satisfies Partial<Source>;
}

const inTopic = (message: Sent): string =>
  JSON.stringify({
    ...notification,
    Type: "Notification",
    MessageId: `n-${message.key}`,
    Message: textOf(message),
  });
const inStorage = (message: Sent): string => JSON.stringify({ Records: [object(message)] });

/** SQS queues, and what comes through them. */
export const queues: readonly Source[] = [
  { ...sqs(textOf, false), name: "SQS", kind: "queue" },
  { ...sqs(textOf, true), name: "SQS FIFO", kind: "queue" },
  {
    ...sqs(textOf, false, { partialFailures: false }),
    name: "SQS without a list of failures",
    kind: "queue",
    expected: whole.expected,
    kept: keptAsWhole,
  },
  { ...sqs(inTopic, false), name: "SNS in SQS", kind: "topic" },
  { ...sqs(inTopic, true), name: "SNS in SQS FIFO", kind: "topic" },
  { ...sqs(inStorage, false), name: "S3 in SQS", kind: "storage" },
  { ...sqs(inStorage, true), name: "S3 in SQS FIFO", kind: "storage" },
];

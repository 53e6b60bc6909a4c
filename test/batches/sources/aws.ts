import { notification } from "../../../adapters/aws/src/_testing.ts";
import { thrownFor } from "../oracle.ts";
import { dataOf, isSpoilt, type Source, textOf } from "../source.ts";
import { queues } from "./_aws-queues.ts";
import { records } from "./_aws-records.ts";
import { isFailed, object, whole } from "./_lambda.ts";

export const sources: readonly Source[] = [
  ...queues,
  ...records,
  {
    ...whole,
    name: "SNS",
    kind: "topic",
    ordering: "none",
    make: (messages) => ({
      Records: messages.map((message) => ({
        EventSource: "aws:sns",
        Sns: { ...notification, MessageId: message.key, Message: isSpoilt(message) ? 5 : textOf(message) },
      })),
    }),
  },
  {
    ...whole,
    name: "S3",
    kind: "storage",
    ordering: "none",
    undecodable: undefined,
    make: (messages) => ({ Records: messages.map(object) }),
  },
  {
    ...whole,
    name: "EventBridge",
    kind: "bus",
    ordering: "none",
    size: 1,
    make: ([message]) => ({
      id: message && !isSpoilt(message) ? message.key : "",
      source: "shop",
      "detail-type": "job",
      detail: message && dataOf(message),
    }),
    expected: (states) => (states.some(isFailed) ? thrownFor(states) : { returned: null }),
  },
];

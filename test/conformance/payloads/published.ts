import { records, sqsRecord } from "./aws/messages.ts";
import { snsEnvelope, snsRecord } from "./aws/sns.ts";
import { bytes, serviceBus } from "./azure/messages.ts";
import { publishedEvent, pubsubMessage, push, unwrappedPush } from "./gcp/pubsub.ts";
import { binary, cloudEvent, structured } from "./node/cloudevents.ts";
import type { Everywhere } from "./queued.ts";

/** A topic's message by every way that it can take. */
export function published(text: string): Everywhere {
  return {
    aws: [records(sqsRecord(text)), records(snsRecord(text)), records(sqsRecord(snsEnvelope(text)))],
    azure: [serviceBus(bytes(text))],
    gcp: [
      push(pubsubMessage(text)),
      structured(publishedEvent(pubsubMessage(text)), "/"),
      unwrappedPush(text),
    ],
    node: [
      binary(cloudEvent(), text, "text/plain"),
      structured(cloudEvent({ datacontenttype: "text/plain", data: text })),
    ],
  };
}

import type { Case } from "../case.ts";
import { fifoRecord, records } from "../payloads/aws/messages.ts";
import { bytes, serviceBus, serviceBusBatch } from "../payloads/azure/messages.ts";
import { publishedEvent, pubsubMessage, push, unwrappedPush } from "../payloads/gcp/pubsub.ts";
import { batched, binary, cloudEvent, structured } from "../payloads/node/cloudevents.ts";
import { ON_SERVICE_BUS } from "../payloads/queued.ts";
import { DONE, seeing } from "./_consumers.ts";

const TEXT = '{"sku":"tea"}';
const TIME = "2026-03-01T10:00:00.123Z";

const MESSAGE = pubsubMessage(TEXT, {
  messageId: "m-1",
  message_id: "m-1",
  attributes: { tenant: "acme" },
  orderingKey: "customer-1",
});
const { data, datacontenttype, ...ATTRIBUTES } = publishedEvent(MESSAGE) as Record<string, unknown>;
const METADATA = {
  MessageId: "m-1",
  SessionId: "customer-1",
  EnqueuedTimeUtc: TIME,
  ApplicationProperties: { tenant: "acme" },
};
const EVENT = { id: "m-1", time: TIME, tenant: "acme", partitionkey: "customer-1" };

/** One message by each way that it can take. */
export const QUEUE_WAYS: readonly Case[] = [
  {
    id: "Q19",
    title: "gives the same message, whichever way it came",
    define: seeing(({ id, text, data: value, attributes, orderingKey, enqueuedAt, deliveryCount }) => ({
      id,
      text: text(),
      value,
      tenant: attributes.tenant,
      orderingKey,
      enqueuedAt,
      deliveryCount,
    })),
    options: ON_SERVICE_BUS,
    native: {
      aws: [
        records(
          fifoRecord(TEXT, "customer-1", {
            messageId: "m-1",
            attributes: { SentTimestamp: "1772359200123", MessageGroupId: "customer-1" },
            messageAttributes: { tenant: { dataType: "String", stringValue: "acme" } },
          }),
        ),
      ],
      azure: [
        serviceBus(bytes(TEXT), { ...METADATA, DeliveryCount: undefined }),
        serviceBus({ string: TEXT }, { ...METADATA, DeliveryCount: undefined }),
        serviceBus({ json: TEXT }, { ...METADATA, DeliveryCount: undefined }),
        serviceBusBatch({ collectionBytes: { bytes: [Buffer.from(TEXT)] } }, [
          { ...METADATA, DeliveryCount: undefined },
        ]),
        serviceBusBatch({ collectionString: { string: [TEXT] } }, [
          { ...METADATA, DeliveryCount: undefined },
        ]),
        serviceBusBatch({ json: `[${TEXT}]` }, [{ ...METADATA, DeliveryCount: undefined }]),
      ],
      gcp: [
        push(MESSAGE),
        push(MESSAGE, {}, "/projects/shop/topics/orders?pubsub_trigger=true"),
        push(MESSAGE, { subscription: undefined }),
        unwrappedPush(
          TEXT,
          [
            ["tenant", "acme"],
            ["x-goog-pubsub-ordering-key", "customer-1"],
          ],
          "m-1",
        ),
        binary(ATTRIBUTES, JSON.stringify(data), String(datacontenttype), "/"),
        structured(publishedEvent(MESSAGE), "/"),
        structured(publishedEvent(MESSAGE), "/", "application/cloudevents+json; charset=utf-8"),
        structured(publishedEvent(MESSAGE), "/", "application/json"),
        batched([publishedEvent(MESSAGE)], "/"),
      ],
      node: [
        binary(cloudEvent(EVENT), TEXT, "application/json"),
        structured(cloudEvent({ ...EVENT, data: JSON.parse(TEXT) })),
        structured(
          cloudEvent({
            ...EVENT,
            datacontenttype: "application/json",
            data_base64: Buffer.from(TEXT).toString("base64"),
          }),
        ),
        batched([cloudEvent({ ...EVENT, data: JSON.parse(TEXT) })]),
      ],
    },
    expect: {
      seen: [
        {
          id: "m-1",
          text: TEXT,
          value: { sku: "tea" },
          tenant: "acme",
          orderingKey: "customer-1",
          enqueuedAt: new Date(TIME),
          deliveryCount: undefined,
        },
      ],
    },
    expectOn: DONE,
  },
];

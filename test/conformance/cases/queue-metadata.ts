import { expect } from "vitest";
import type { AdapterName, Case } from "../case.ts";
import { records, sqsRecord } from "../payloads/aws/messages.ts";
import { bytes, serviceBus, storageQueue } from "../payloads/azure/messages.ts";
import { publishedEvent, pubsubMessage, push, task, unwrappedPush } from "../payloads/gcp/pubsub.ts";
import { post } from "../payloads/http.ts";
import { binary, cloudEvent, EVENTS, structured } from "../payloads/node/cloudevents.ts";
import { type Everywhere, ON_SERVICE_BUS } from "../payloads/queued.ts";
import { DONE, seeing } from "./_consumers.ts";

const TIME = "2026-03-01T10:00:00.123Z";
const AT = new Date(TIME);
const ID = { messageId: "m-1", message_id: "m-1" };
/** Ids that are numbers to a parser of JSON. */
const LOOKALIKES = ["12345678901234567891", "12345678901234567892", "1", "true", "null", "0012", "[1]"];

const seeTime = seeing(({ enqueuedAt }) => enqueuedAt);
const seeId = seeing(({ id }) => id);

const lookalikes: Everywhere = {
  aws: LOOKALIKES.map((messageId) => records(sqsRecord("a", { messageId }))),
  azure: LOOKALIKES.map((MessageId, index) =>
    serviceBus(bytes("a"), { MessageId, SequenceNumber: 100 + index }),
  ),
  gcp: LOOKALIKES.map((id) => push(pubsubMessage("a", { messageId: id, message_id: id }))),
  node: LOOKALIKES.map((id) => structured(cloudEvent({ id }))),
};

/** A record of SQS with other attributes of the system. */
const withSystem = (attributes: object) => records(sqsRecord("a", { attributes }));

/** What is known about a message beside its payload. */
export const QUEUE_METADATA: readonly Case[] = [
  {
    id: "Q3",
    title: "gives the time of sending, in whatever form it came",
    define: seeTime,
    native: {
      aws: [withSystem({ SentTimestamp: "1772359200123" }), withSystem({ SentTimestamp: 1772359200123 })],
      azure: [
        storageQueue(bytes("a"), { InsertionTime: "2026-03-01T10:00:00.123+00:00" }),
        storageQueue(bytes("a"), { InsertionTime: "2026-03-01T11:00:00.1230000+01:00" }),
      ],
      gcp: [
        push(pubsubMessage("a", { publishTime: TIME })),
        push(pubsubMessage("a", { publishTime: "2026-03-01T10:00:00.123456789Z" })),
        push(pubsubMessage("a", { publishTime: undefined, publish_time: TIME })),
        unwrappedPush("a"),
      ],
      node: [
        binary(cloudEvent({ time: TIME }), "a", "text/plain"),
        structured(cloudEvent({ time: "2026-03-01T11:00:00.123+01:00" })),
      ],
    },
    expect: { seen: [AT] },
  },
  {
    id: "Q3",
    title: "takes a time without offset for UTC",
    needs: { trigger: "queue", source: "Service Bus queue" },
    define: seeTime,
    options: ON_SERVICE_BUS,
    native: {
      azure: [
        serviceBus(bytes("a"), { EnqueuedTimeUtc: "2026-03-01T10:00:00.1230000" }),
        serviceBus(bytes("a"), { EnqueuedTimeUtc: "2026-03-01T10:00:00.123" }),
        serviceBus(bytes("a"), { EnqueuedTimeUtc: undefined, EnqueuedTime: "2026-03-01T10:00:00.123+00:00" }),
      ],
    },
    expect: { seen: [AT] },
  },
  {
    id: "Q3",
    title: "knows no time where none was given",
    define: seeTime,
    native: {
      aws: [
        withSystem({}),
        withSystem({ SentTimestamp: "" }),
        withSystem({ SentTimestamp: "soon" }),
        withSystem({ SentTimestamp: null }),
      ],
      azure: [
        storageQueue(bytes("a"), { InsertionTime: undefined }),
        storageQueue(bytes("a"), { InsertionTime: null }),
        storageQueue(bytes("a"), { InsertionTime: "0001-01-01T00:00:00+00:00" }),
      ],
      gcp: [push(pubsubMessage("a", { publishTime: undefined, publish_time: undefined })), task("a")],
      node: [structured(cloudEvent({ time: undefined })), structured(cloudEvent({ time: null }))],
    },
    expect: { seen: [undefined] },
    expectOn: DONE,
  },
  {
    id: "Q12",
    title: "gives a message the same id each time it is delivered",
    define: seeId,
    native: {
      aws: ["AQEB1", "AQEB2"].map((receiptHandle, index) =>
        records(
          sqsRecord("a", {
            messageId: "m-1",
            receiptHandle,
            attributes: { ApproximateReceiveCount: String(index + 1) },
          }),
        ),
      ),
      azure: ["AgAA1", "AgAA2"].map((PopReceipt, index) =>
        storageQueue(bytes("a"), { Id: "m-1", PopReceipt, DequeueCount: index + 1 }),
      ),
      gcp: [
        ...[1, 2].map((deliveryAttempt) => push(pubsubMessage("a", ID), { deliveryAttempt })),
        // The same message through two subscriptions: Eventarc gives its event an id of its own.
        structured(publishedEvent(pubsubMessage("a", ID), { id: "another" }), "/"),
        unwrappedPush("a", [], "m-1"),
      ],
      node: [1, 2].map((deliverycount) => structured(cloudEvent({ id: "m-1", deliverycount }))),
    },
    expect: { seen: ["m-1"] },
  },
  {
    id: "Q12",
    title: "gives different messages different ids, also where these look like numbers",
    decision:
      "Azure's library parses an id that is a number. One beyond 2^53 has lost digits, so that the sequence number stands in for it.",
    define: seeId,
    options: ON_SERVICE_BUS,
    scenario: async (harness) => {
      const seen: unknown[] = [];
      const deployed = await harness.deploy(
        seeId((id) => seen.push(id)),
        harness.adapter.name === "azure" ? ON_SERVICE_BUS.azure : {},
      );
      for (const native of lookalikes[harness.adapter.name as AdapterName]) await deployed.deliver(native);
      await deployed.close?.();
      expect(new Set(seen).size).toBe(LOOKALIKES.length);
    },
  },
  {
    id: "Q18",
    title: "reads what an emulator sends, which leaves out much",
    define: seeing((message) => {
      const { id, text, deliveryCount, orderingKey, enqueuedAt, attributes } = message;
      return [id, text(), deliveryCount, orderingKey, enqueuedAt, Object.keys(attributes)];
    }),
    native: {
      aws: [
        records({ messageId: "m-1", body: "a", eventSource: "aws:sqs" }),
        records({
          messageId: "m-1",
          body: "a",
          eventSource: "aws:sqs",
          attributes: {},
          messageAttributes: {},
        }),
        records({
          messageId: "m-1",
          body: "a",
          eventSource: "aws:sqs",
          attributes: null,
          messageAttributes: null,
        }),
      ],
      azure: [
        { inputData: bytes("a"), triggerMetadata: { Id: { string: "m-1" } } },
        { inputData: { string: "a" }, triggerMetadata: { Id: { string: "m-1" } } },
        { inputData: { json: '{"Data":{"message":"a"},"Metadata":{"Id":"m-1"}}' } },
      ],
      gcp: [
        post(
          "/",
          '{"message":{"data":"YQ==","messageId":"m-1"},"subscription":"projects/p/subscriptions/s"}',
        ),
        post("/", '{"message":{"data":"YQ==","messageId":"m-1","attributes":{}}}'),
        post("/", '{"message":{"data":"YQ==","message_id":"m-1"}}'),
        post(
          "/",
          '{"message":{"data":"YQ==","messageId":"","message_id":"m-1","orderingKey":"","publishTime":""}}',
        ),
        post("/", '{"message":{"data":"YQ==","messageId":"m-1"},"subscription":"s"}', "text/plain"),
      ],
      node: [
        post(EVENTS, "a", "text/plain", [
          ["ce-specversion", "1.0"],
          ["ce-id", "m-1"],
          ["ce-source", "/"],
          ["ce-type", "m"],
        ]),
      ],
    },
    expect: { seen: [["m-1", "a", undefined, undefined, undefined, []]] },
    expectOn: DONE,
  },
];

import { expect } from "vitest";
import { hostJson } from "../../../adapters/azure/src/build/host-json.ts";
import type { Case } from "../case.ts";
import { records, sqsRecord } from "../payloads/aws/messages.ts";
import { bytes, serviceBus, storageQueue } from "../payloads/azure/messages.ts";
import { publishedEvent, pubsubMessage, push, task, unwrappedPush } from "../payloads/gcp/pubsub.ts";
import { binary, cloudEvent, structured } from "../payloads/node/cloudevents.ts";
import { ON_SERVICE_BUS, queued, queuedTogether } from "../payloads/queued.ts";
import { DONE, seeing, seeText } from "./_consumers.ts";

const seeBytes = seeing(({ bytes: read }) => [...read()]);

const BINARY = Uint8Array.of(0, 255, 128, 10);

/** What the extended client library of SQS sends in the place of a large payload. */
const POINTER =
  '["software.amazon.payloadoffloading.PayloadS3Pointer",{"s3BucketName":"large","s3Key":"4f0a"}]';

/** What the payload of a message is. */
export const QUEUE_PAYLOADS: readonly Case[] = [
  {
    id: "Q15",
    title: "decodes base64 once: text that looks like it stays as it was sent",
    define: seeText,
    native: queued("aGVsbG8="),
    expect: { seen: ["aGVsbG8="] },
  },
  {
    id: "Q15",
    title: "tells the host how messages of a Storage Queue are encoded",
    needs: { trigger: "queue", source: "Storage Queue" },
    decision:
      'The host\'s default, "base64", moves every other message to the poison queue unseen; senders of this model send plain text.',
    define: seeText,
    native: { azure: [storageQueue(bytes("hello"))] },
    expect: { seen: ["hello"] },
    scenario: async () => {
      const functions = [{ name: "fulfil", definition: seeText(() => {}) }] as never;
      const encodingOf = (text: string): unknown => JSON.parse(text).extensions.queues.messageEncoding;
      expect(encodingOf(hostJson(functions, {}))).toBe("none");
      expect(encodingOf(hostJson(functions, { queueEncoding: "base64" }))).toBe("base64");
    },
  },
  {
    id: "Q16",
    title: "gives the bytes of text in UTF-8",
    define: seeBytes,
    native: queued("é€"),
    expect: { seen: [[0xc3, 0xa9, 0xe2, 0x82, 0xac]] },
  },
  {
    id: "Q16",
    title: "gives bytes that are no UTF-8 as they were sent",
    needs: {
      trigger: "queue",
      source: ["Storage Queue", "Pub/Sub push subscription", "CloudEvents over HTTP"],
    },
    decision: "The body of an SQS message is text. Elsewhere, `data` is the bytes where they are no UTF-8.",
    define: seeing(({ bytes: read, data, text }) => [[...read()], data === read(), text()]),
    native: {
      gcp: [push(pubsubMessage(BINARY)), unwrappedPush(BINARY), task(BINARY)],
      azure: [storageQueue(bytes(BINARY)), storageQueue({ stream: Buffer.from(BINARY) })],
      node: [
        binary(cloudEvent(), BINARY, "application/octet-stream"),
        binary(cloudEvent(), BINARY),
        structured(cloudEvent({ data_base64: Buffer.from(BINARY).toString("base64") })),
      ],
    },
    expect: { seen: [[[0, 255, 128, 10], true, "\0\ufffd\ufffd\n"]] },
  },
  {
    id: "Q16",
    title: "takes a message whose data is no base64 for none, and does not acknowledge it",
    needs: { trigger: "queue", source: ["Pub/Sub push subscription", "CloudEvents over HTTP"] },
    define: seeText,
    native: {
      gcp: [push(pubsubMessage("", { data: "{}" })), push(pubsubMessage("", { data: ["aGk="] }))],
      node: [
        structured(cloudEvent({ data_base64: "{}" })),
        structured(cloudEvent({ data_base64: ["aGk="] })),
      ],
    },
    expect: { seen: [], error: "invalid-payload", message: /data/ },
    expectOn: { gcp: { reply: { status: 400 } }, node: { reply: { status: 400 } } },
  },
  {
    id: "Q17",
    title: "takes a message of attributes alone for one with an empty payload",
    define: seeing(({ text, bytes: read, attributes }) => [text(), read().length, { ...attributes }]),
    options: ON_SERVICE_BUS,
    native: {
      aws: [
        records(sqsRecord("", { messageAttributes: { kind: { dataType: "String", stringValue: "ping" } } })),
      ],
      azure: [
        serviceBus({}, { ApplicationProperties: { kind: "ping" } }),
        serviceBus(bytes(""), { ApplicationProperties: { kind: "ping" } }),
      ],
      gcp: [
        push(pubsubMessage("", { data: undefined, attributes: { kind: "ping" } })),
        push(pubsubMessage("", { data: "", attributes: { kind: "ping" } })),
        push(pubsubMessage("", { data: null, attributes: { kind: "ping" } })),
        unwrappedPush("", [["kind", "ping"]]),
        structured(publishedEvent(pubsubMessage("", { data: undefined, attributes: { kind: "ping" } })), "/"),
        task("", [["kind", "ping"]]),
      ],
      node: [
        binary(cloudEvent({ kind: "ping" }), undefined),
        binary(cloudEvent({ kind: "ping" }), ""),
        structured(cloudEvent({ kind: "ping" })),
        structured(cloudEvent({ kind: "ping", data: null })),
      ],
    },
    expect: { seen: [["", 0, { kind: "ping" }]] },
    expectOn: DONE,
  },
  {
    id: "Q21",
    title: "leaves a pointer to a payload elsewhere as it was sent",
    define: seeing(({ text, data }) => [text(), data]),
    options: ON_SERVICE_BUS,
    native: queuedTogether(POINTER),
    expect: { seen: [[POINTER, JSON.parse(POINTER)]] },
    expectOn: DONE,
  },
  {
    id: "Q21",
    title: "keeps the size that a pointer's sender gave it",
    define: seeing(({ text, attributes }) => [text(), { ...attributes }]),
    options: ON_SERVICE_BUS,
    native: {
      aws: [
        records(
          sqsRecord(POINTER, {
            messageAttributes: { ExtendedPayloadSize: { dataType: "Number", stringValue: "300000" } },
          }),
        ),
      ],
      azure: [serviceBus(bytes(POINTER), { ApplicationProperties: { extendedPayloadSize: "300000" } })],
      gcp: [push(pubsubMessage(POINTER, { attributes: { ExtendedPayloadSize: "300000" } }))],
      node: [binary(cloudEvent({ extendedpayloadsize: "300000" }), POINTER, "application/json")],
    },
    expect: { seen: [[POINTER, { ExtendedPayloadSize: "300000" }]] },
    expectOn: {
      azure: { seen: [[POINTER, { extendedPayloadSize: "300000" }]] },
      node: { seen: [[POINTER, { extendedpayloadsize: "300000" }]] },
    },
  },
];

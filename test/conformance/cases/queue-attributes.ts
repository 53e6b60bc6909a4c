import { defineFunction, queue } from "@anyfn/core";
import type { PlainRequest } from "../../runtimes/hosts/host.ts";
import type { Case } from "../case.ts";
import { fifoRecord, records, sqsRecord } from "../payloads/aws/messages.ts";
import { bytes, serviceBus, storageQueue } from "../payloads/azure/messages.ts";
import {
  appEngineTask,
  publishedEvent,
  pubsubMessage,
  push,
  task,
  unwrappedPush,
} from "../payloads/gcp/pubsub.ts";
import { binary, cloudEvent, structured } from "../payloads/node/cloudevents.ts";
import { ON_SERVICE_BUS } from "../payloads/queued.ts";
import { plain, seeing } from "./_consumers.ts";

const seeCount = seeing(({ deliveryCount }) => deliveryCount);
const seeAttributes = seeing(({ attributes }) => plain(attributes));

/** A record of SQS with other attributes of the system. */
const withSystem = (attributes: object) => records(sqsRecord("a", { attributes }));

const TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

function withHeader(request: PlainRequest, name: string): PlainRequest {
  return { ...request, headers: [...(request.headers ?? []), [name, TRACEPARENT]] };
}

/** What senders attach, and how often a message came. */
export const QUEUE_ATTRIBUTES: readonly Case[] = [
  {
    id: "Q4",
    title: "gives the sender's attributes by name",
    decision:
      "Numbers of SQS stay text, since they have up to 38 digits. Azure's library lowers first letters.",
    define: seeAttributes,
    options: ON_SERVICE_BUS,
    native: {
      aws: [
        records(
          sqsRecord("a", {
            messageAttributes: {
              tenant: { dataType: "String", stringValue: "acme", stringListValues: [], binaryListValues: [] },
              empty: { dataType: "String.note", stringValue: "" },
              weight: { dataType: "Number", stringValue: "12345678901234567890.5" },
              count: { dataType: "Number.int", stringValue: "7" },
              digest: { dataType: "Binary", binaryValue: "AP+A" },
              image: { dataType: "Binary.png", binaryValue: "iVBO" },
              constructor: { dataType: "String", stringValue: "own" },
            },
          }),
        ),
      ],
      azure: [
        serviceBus(bytes("a"), {
          ApplicationProperties: {
            tenant: "acme",
            empty: "",
            count: 7,
            weight: 1.5,
            urgent: false,
            absent: null,
            constructor: "own",
          },
          UserProperties: undefined,
        }),
        serviceBus(bytes("a"), {
          ApplicationProperties: undefined,
          UserProperties: {
            tenant: "acme",
            empty: "",
            count: 7,
            weight: 1.5,
            urgent: false,
            constructor: "own",
          },
        }),
      ],
      gcp: [
        push(
          pubsubMessage("a", { attributes: { tenant: "acme", empty: "", Count: "7", constructor: "own" } }),
        ),
      ],
      node: [
        structured(
          cloudEvent({
            tenant: "acme",
            empty: "",
            count: 7,
            urgent: false,
            absent: null,
            constructor: "own",
          }),
        ),
      ],
    },
    expectOn: {
      aws: {
        seen: [
          {
            tenant: "acme",
            empty: "",
            weight: "12345678901234567890.5",
            count: "7",
            digest: [0, 255, 128],
            image: [137, 80, 78],
            constructor: "own",
          },
        ],
      },
      azure: {
        seen: [{ tenant: "acme", empty: "", count: 7, weight: 1.5, urgent: false, constructor: "own" }],
      },
      gcp: { seen: [{ tenant: "acme", empty: "", Count: "7", constructor: "own" }] },
      node: { seen: [{ tenant: "acme", empty: "", count: 7, urgent: false, constructor: "own" }] },
    },
  },
  {
    id: "Q4",
    title: "gives the attributes that came as headers",
    needs: { trigger: "queue", source: ["Pub/Sub push subscription", "CloudEvents over HTTP"] },
    define: seeAttributes,
    native: {
      gcp: [unwrappedPush("a", [["tenant", "acme"]]), task("a", [["Tenant", "acme"]])],
      node: [binary(cloudEvent({ tenant: "acme" }), "a", "text/plain")],
    },
    expect: { seen: [{ tenant: "acme" }] },
  },
  {
    id: "Q4",
    title: "gives an empty map where there are no attributes",
    define: seeing(({ attributes }) => ({ ...attributes })),
    native: {
      aws: [
        records(sqsRecord("a")),
        records(sqsRecord("a", { messageAttributes: undefined })),
        records(sqsRecord("a", { messageAttributes: null })),
      ],
      azure: [storageQueue(bytes("a"))],
      gcp: [
        push(pubsubMessage("a")),
        push(pubsubMessage("a", { attributes: undefined })),
        push(pubsubMessage("a", { attributes: null })),
      ],
      node: [binary(cloudEvent(), "a", "text/plain")],
    },
    expect: { seen: [{}] },
  },
  {
    id: "Q5",
    title: "counts deliveries from 1",
    define: seeCount,
    native: {
      aws: [withSystem({ ApproximateReceiveCount: "3" })],
      azure: [storageQueue(bytes("a"), { DequeueCount: 3 }), storageQueue(bytes("a"), { DequeueCount: "3" })],
      gcp: [push(pubsubMessage("a"), { deliveryAttempt: 3 }), task("a", [], 2), appEngineTask("a", 2)],
      node: [
        binary(cloudEvent({ deliverycount: "3" }), "a", "text/plain"),
        structured(cloudEvent({ deliverycount: 3 })),
      ],
    },
    expect: { seen: [3] },
  },
  {
    id: "Q5",
    title: "counts the first delivery as 1",
    define: seeCount,
    native: {
      aws: [withSystem({ ApproximateReceiveCount: "1" })],
      azure: [storageQueue(bytes("a"), { DequeueCount: 1 })],
      gcp: [push(pubsubMessage("a"), { deliveryAttempt: 1 }), task("a"), appEngineTask("a", 0)],
      node: [binary(cloudEvent({ deliverycount: "1" }), "a", "text/plain")],
    },
    expect: { seen: [1] },
  },
  {
    id: "Q5",
    title: "counts the deliveries of ordered messages alike",
    define: seeCount,
    options: ON_SERVICE_BUS,
    native: {
      aws: [
        records(fifoRecord("a", "g", { attributes: { ApproximateReceiveCount: "2", MessageGroupId: "g" } })),
      ],
      azure: [serviceBus(bytes("a"), { DeliveryCount: 2 }), serviceBus(bytes("a"), { DeliveryCount: "2" })],
      gcp: [push(pubsubMessage("a", { orderingKey: "g" }), { deliveryAttempt: 2 })],
      node: [structured(cloudEvent({ deliverycount: 2, partitionkey: "g" }))],
    },
    expect: { seen: [2] },
  },
  {
    id: "Q5",
    title: "leaves the count undefined where the source does not tell it",
    define: seeCount,
    native: {
      aws: [
        withSystem({}),
        withSystem({ ApproximateReceiveCount: "" }),
        withSystem({ ApproximateReceiveCount: null }),
      ],
      azure: [
        storageQueue(bytes("a"), { DequeueCount: undefined }),
        storageQueue(bytes("a"), { DequeueCount: null }),
      ],
      gcp: [
        push(pubsubMessage("a")),
        push(pubsubMessage("a"), { deliveryAttempt: 0 }),
        unwrappedPush("a"),
        structured(publishedEvent(pubsubMessage("a")), "/"),
      ],
      node: [binary(cloudEvent(), "a", "text/plain"), structured(cloudEvent({ deliverycount: "many" }))],
    },
    expect: { seen: [undefined] },
  },
  {
    id: "Q4",
    title: "reads the trace that came with a message",
    define: (see) =>
      defineFunction({ trigger: queue("orders"), handler: (_message, { trace }) => see(trace?.traceId) }),
    options: ON_SERVICE_BUS,
    native: {
      aws: [
        withSystem({
          AWSTraceHeader: "Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=00f067aa0ba902b7;Sampled=1",
        }),
      ],
      azure: [
        serviceBus(bytes("a"), { ApplicationProperties: { "Diagnostic-Id": TRACEPARENT } }),
        serviceBus(bytes("a"), {
          ApplicationProperties: { traceparent: TRACEPARENT },
          UserProperties: undefined,
        }),
        { ...serviceBus(bytes("a")), traceContext: { traceParent: TRACEPARENT } },
      ],
      gcp: [withHeader(push(pubsubMessage("a")), "traceparent")],
      node: [withHeader(binary(cloudEvent(), "a", "text/plain"), "traceparent")],
    },
    expect: { seen: ["4bf92f3577b34da6a3ce929d0e0e4736"] },
  },
];

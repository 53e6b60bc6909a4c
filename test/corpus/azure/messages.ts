import type { AzureSettings } from "@anyfn/azure";
import { changes, queue, schedule, stream, topic } from "@anyfn/core";
import { expect } from "vitest";
import { toMetadata } from "../../support/azure-app.ts";
import { type Expectation, type Facts, sendJson, sendTyped, sendWorker, type Worker } from "./delivery.ts";

const orders = queue("orders");
const shipments = topic("shipments");
const clicks = stream("clicks");
const customers = changes("customers");
const nightly = schedule("0 2 * * *");
const onServiceBus: AzureSettings = { queues: { orders: { source: "service-bus" } } };
const onKafka: AzureSettings = { streams: { clicks: { source: "kafka" } } };

/** Queues, topics, streams, change feeds, timers, and bare values. */
export const MESSAGES: Readonly<Record<string, Expectation>> = {
  "azure/cosmos-db/all-versions-and-deletes.json": {
    trigger: customers,
    events: [
      {
        id: "zh0fAJ+aGAMBAAAAAAAAAA==:1:create",
        action: "created",
        keys: { id: "1" },
        before: undefined,
        after: { id: "1", v: 1 },
        sequence: "1",
        time: new Date("2024-03-01T12:00:00Z"),
        expired: false,
        collection: "customers",
      },
      {
        action: "updated",
        before: { id: "1", v: 1 },
        after: { id: "1", v: 2 },
        sequence: "2",
        time: new Date("2024-03-01T12:00:01Z"),
      },
    ],
  },
  "azure/cosmos-db/latest-version-batch.json": {
    trigger: changes("customers", { on: ["created", "updated"] }),
    events: [
      {
        id: "zh0fAJ+aGAMBAAAAAAAAAA==:5",
        action: "updated",
        keys: { id: "1" },
        before: undefined,
        after: { id: "1", name: "Ana", total: 12.5 },
        sequence: "5",
        time: new Date("2024-03-01T12:00:00Z"),
      },
      { keys: { id: "2" }, after: { id: "2", name: "Zoë", tags: ["a", "b"], address: null } },
    ],
  },
  "azure/cosmos-db/string-array-from-worker-test.json": {
    trigger: customers,
    events: [
      {
        id: "doc-123:5",
        action: "updated",
        after: { id: "doc-123", data: "hello" },
        time: new Date(1785870475000),
      },
    ],
  },
  "azure/event-hubs/batch-collection-string.json": {
    trigger: clicks,
    events: [
      {
        id: "invocation-1:0",
        data: { "device-status": "good1" },
        time: new Date("2020-07-14T01:27:55.627Z"),
      },
      {
        id: "invocation-1:1",
        data: { "device-status": "good2" },
        time: new Date("2020-07-14T01:27:55.628Z"),
      },
    ],
  },
  "azure/event-hubs/batch-json-iot-hub.json": {
    trigger: clicks,
    events: [
      { data: { "device-status": "good1" }, time: new Date("2020-07-14T01:27:55.627Z") },
      { data: { "device-status": "good2" }, time: new Date("2020-07-14T01:27:55.627Z") },
    ],
  },
  "azure/event-hubs/diagnostic-logs-records.json": {
    trigger: clicks,
    settings: { streams: { clicks: { diagnosticLogs: true } } },
    events: [
      {
        id: "1:0",
        data: { time: "2024-03-01T11:59:00Z", category: "Administrative", level: "Information" },
        time: new Date("2024-03-01T11:59:00Z"),
        sequence: "1",
        offset: "0",
        partitionKey: undefined,
      },
      {
        id: "1:1",
        data: expect.objectContaining({ level: "Error" }),
        time: new Date("2024-03-01T11:59:01Z"),
      },
    ],
  },
  "azure/event-hubs/real-batch-metadata.json": {
    trigger: clicks,
    events: [
      {
        id: "azurelogs:2:59",
        text: '{"records": [{"foo": "bar"}, {"foo": "baz"}]}',
        partition: "2",
        partitionKey: undefined,
        sequence: "59",
        offset: "616008",
        time: new Date("2023-03-13T01:25:02.250Z"),
      },
    ],
  },
  "azure/event-hubs/single-iot-hub.json": {
    trigger: clicks,
    events: [{ data: { "device-status": "good" }, time: new Date("2020-07-14T01:27:55.627Z") }],
  },
  "azure/kafka/batch-collection-string.json": {
    trigger: clicks,
    settings: onKafka,
    events: [
      {
        id: "message:1:62",
        text: "a",
        partition: "1",
        partitionKey: undefined,
        offset: "62",
        sequence: "62",
        time: new Date("2020-06-20T05:06:25.139Z"),
      },
      { id: "message:1:63", text: "a", partition: "1", time: new Date("2020-06-20T05:06:25.945Z") },
    ],
  },
  "azure/kafka/single.json": {
    trigger: clicks,
    settings: onKafka,
    events: [
      {
        id: "users:0:1",
        text: "hello",
        partition: "0",
        offset: "1",
        time: new Date("2020-06-20T04:43:28.998Z"),
      },
    ],
  },
  "azure/service-bus/batch-as-json-array.json": {
    trigger: queue("orders", { batch: true }),
    settings: onServiceBus,
    events: [0, 1].map((n) => ({ id: `msg-${n}`, data: { id: n + 1 }, attributes: { n } })),
  },
  "azure/service-bus/batch-of-three.json": {
    trigger: orders,
    settings: onServiceBus,
    events: [0, 1, 2].map((n) => ({
      id: `msg-${n}`,
      data: { id: n + 1 },
      attributes: { n },
      deliveryCount: 1,
      orderingKey: undefined,
      enqueuedAt: new Date(`2024-03-01T12:00:0${n}Z`),
    })),
  },
  "azure/service-bus/empty-body-topic.json": {
    trigger: shipments,
    events: [{ id: "e-1", text: "", deliveryCount: 1, enqueuedAt: new Date("2024-03-01T12:00:00.500Z") }],
  },
  "azure/service-bus/handler-view.json": {
    trigger: shipments,
    send: ({ message, triggerMetadata }: { message: unknown; triggerMetadata: Facts }) => ({
      ...sendJson(message),
      triggerMetadata: toMetadata(triggerMetadata),
    }),
    events: [{ id: "a11f788b439b4c5daa6a9f173bf78d68", data: { name: "world" }, deliveryCount: 1 }],
  },
  "azure/service-bus/queue-python-metadata.json": {
    trigger: orders,
    settings: onServiceBus,
    events: [
      {
        id: "87c66eaf88e84119b66a26278a7b4149",
        data: { lucky_number: 23 },
        enqueuedAt: new Date("2020-06-18T05:39:12.170Z"),
      },
    ],
  },
  "azure/service-bus/topic-real-metadata.json": {
    trigger: shipments,
    events: [
      {
        id: "a11f788b439b4c5daa6a9f173bf78d68",
        data: { name: "world" },
        attributes: { $AzureWebJobsParentId: "4cad516d-0081-4fa8-8ddb-2f898c664d2b" },
        enqueuedAt: new Date("2022-08-25T05:06:39.775Z"),
      },
    ],
  },
  "azure/storage-queue/custom-handler.json": {
    trigger: orders,
    send: ({ Data, Metadata }: { Data: { myQueueItem: string }; Metadata: Facts }) => ({
      inputData: { string: Data.myQueueItem },
      triggerMetadata: toMetadata(Metadata),
    }),
    events: [
      {
        id: "800ae4b3-bdd2-4c08-badd-f08e5a34b865",
        data: '{ message: "Message sent" }',
        deliveryCount: 1,
        enqueuedAt: new Date("2019-10-09T17:58:31Z"),
      },
    ],
  },
  "azure/storage-queue/handler-view.json": {
    trigger: orders,
    send: ({ queueEntry, triggerMetadata }: { queueEntry: unknown; triggerMetadata: Facts }) => ({
      ...sendJson(queueEntry),
      triggerMetadata: toMetadata(triggerMetadata),
    }),
    events: [{ id: "814b3b66-0200-4121-8ef3-405846a124bf", data: { name: "world" } }],
  },
  "azure/storage-queue/json-message.json": {
    trigger: orders,
    events: [
      {
        id: "814b3b66-0200-4121-8ef3-405846a124bf",
        data: { name: "world" },
        deliveryCount: 1,
        enqueuedAt: new Date("2022-08-25T05:06:39Z"),
      },
    ],
  },
  "azure/storage-queue/plain-text.json": {
    trigger: orders,
    events: [{ id: "814b3b66-0200-4121-8ef3-405846000001", data: "hello queue", text: "hello queue" }],
  },
  "azure/timer/input-with-status.json": {
    trigger: nightly,
    events: [{ scheduledAt: new Date("2022-03-28T20:45:00Z") }],
  },
  "azure/timer/rpc-metadata.json": {
    trigger: nightly,
    // The fixture is metadata alone, which the library keeps from timers; this is the value of one without a status.
    send: (fixture: Omit<Worker, "inputData">) =>
      sendWorker({
        ...fixture,
        inputData: [{ data: { json: '{"ScheduleStatus":null,"IsPastDue":false}' } }],
      }),
    events: [{ scheduledAt: undefined }],
  },
  "azure/timer/v4-camel-case.json": {
    trigger: nightly,
    send: sendJson,
    events: [{ scheduledAt: new Date("2024-03-01T12:05:00Z") }],
  },
  "azure/typed-data/collection-bytes.json": {
    trigger: clicks,
    send: sendTyped,
    events: [{ text: "test1" }, { text: "test2" }],
  },
  "azure/typed-data/collection-sint64.json": {
    trigger: clicks,
    send: sendTyped,
    events: [{ data: 123 }, { data: 9007199254740992 }],
  },
  "azure/typed-data/collection-string.json": {
    trigger: clicks,
    send: sendTyped,
    events: [{ data: { a: "b" } }, { data: "test2", text: "test2" }],
  },
};

/** Fixtures that are lists of values, each a message of its own. */
export const LISTS: Readonly<Record<string, readonly Facts[]>> = {
  "azure/typed-data/json-values.json": [
    { data: { a: "b" } },
    { data: [1, 2] },
    { data: true },
    { data: false },
    { data: 1 },
    { data: 0 },
  ],
  "azure/typed-data/strings.json": [
    { data: "test", text: "test" },
    { data: { a: "b" } },
    { data: '{ "a": "b" ' },
    { data: [1, 2], text: "[1,2]" },
    { data: true, text: "true" },
    { data: false, text: "false" },
    { data: 1, text: "1" },
    { data: 0, text: "0" },
  ],
};

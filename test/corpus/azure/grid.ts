import type { AzureSettings } from "@anyfn/azure";
import { bus, storage, topic } from "@anyfn/core";
import { expect } from "vitest";
import { type Expectation, sendHttp, sendJson } from "./delivery.ts";

const images = storage("images", { on: ["created", "deleted", "archived", "metadata"] });
const shop = bus("shop");

const blobCreated = {
  id: "831e1650-001e-001b-66ab-eeb76e069631",
  action: "created",
  bucket: "test-container",
  key: "new-file.txt",
  size: 524288,
  etag: "0x8D4BCC2E4835CD0",
  contentType: "text/plain",
  sequence: "00000000000004420000000000028963",
  time: new Date("2017-06-26T18:41:00.958Z"),
};
const vehicles = "providers/Microsoft.EventGrid/topics/{event-grid-topic}";
const customTopic = `/subscriptions/{subscription-id}/resourceGroups/{resource-group}/${vehicles}`;
const motorcycle = {
  id: "1807",
  type: "recordInserted",
  source: customTopic,
  subject: "myapp/vehicles/motorcycles",
  time: new Date("2017-08-10T21:03:07Z"),
  data: { make: "Ducati", model: "Monster" },
  extensions: { dataversion: "1.0" },
};
const webhookBus: AzureSettings = { buses: { shop: { source: "event-grid-webhook" } } };

/** Event Grid and blob triggers. */
export const GRID: Readonly<Record<string, Expectation>> = {
  "azure/blob/real-metadata.json": {
    trigger: storage("images"),
    settings: { storage: { images: { source: "blob", container: "helloworldcontainer" } } },
    events: [
      {
        id: undefined,
        action: "created",
        bucket: "helloworldcontainer",
        key: "hello-at-2022-08-25T05-06-38Z",
        size: 16,
        etag: "0x8DA8657981E929A",
        contentType: "application/octet-stream",
        time: new Date("2022-08-25T05:06:39Z"),
      },
    ],
  },
  "azure/blob/v12-sdk-properties.json": {
    trigger: storage("images"),
    settings: { storage: { images: { source: "blob" } } },
    events: [
      {
        action: "created",
        bucket: "samples-workitems",
        key: "hello.txt",
        size: 5,
        etag: undefined,
        contentType: "text/plain",
        time: new Date("2024-03-01T12:00:00Z"),
      },
    ],
  },
  "azure/event-grid/adls-gen2-blob-created.json": { trigger: images, send: sendJson, events: [] },
  "azure/event-grid/blob-created-cloudevents-schema.json": {
    trigger: images,
    send: sendJson,
    events: [blobCreated],
  },
  "azure/event-grid/blob-created-eventgrid-schema.json": {
    trigger: images,
    send: sendJson,
    events: [blobCreated],
  },
  "azure/event-grid/rest-api-spec-blob-created.json": {
    trigger: images,
    send: sendJson,
    events: [{ ...blobCreated, time: new Date("2023-07-25T18:41:00.958Z") }],
  },
  "azure/event-grid/blob-deleted-eventgrid-schema.json": {
    trigger: images,
    send: sendJson,
    events: [
      {
        id: "4c2359fe-001e-00ba-0e04-58586806d298",
        action: "deleted",
        bucket: "testcontainer",
        key: "file-to-delete.txt",
        size: undefined,
        etag: undefined,
        sequence: "0000000000000281000000000002F5CA",
      },
    ],
  },
  "azure/event-grid/blob-tier-changed-cloudevents-single.json": {
    trigger: images,
    send: sendJson,
    events: [
      {
        action: "metadata",
        bucket: "testcontainer",
        key: "Auto.jpg",
        size: 105891,
        contentType: "image/jpeg",
      },
    ],
  },
  "azure/event-grid/sftp-blob-created-cloudevents.json": {
    trigger: images,
    send: sendJson,
    events: [{ action: "created", bucket: "testcontainer", key: "new-file.txt", size: 0 }],
  },
  "azure/event-grid/cloudevents-options-handshake.json": {
    trigger: shop,
    settings: webhookBus,
    send: sendHttp,
    events: [],
  },
  "azure/event-grid/subscription-validation.json": {
    trigger: shop,
    settings: webhookBus,
    send: (body: unknown) =>
      sendHttp({ method: "POST", path: "/hook", headers: {}, body: JSON.stringify(body) }),
    events: [],
  },
  "azure/event-grid/webhook-notification-http.json": {
    trigger: shop,
    settings: webhookBus,
    send: sendHttp,
    events: [{ ...motorcycle }],
  },
  "azure/event-grid/worker-input.json": { trigger: shop, events: [motorcycle] },
  "azure/event-grid/custom-topic-event.json": {
    trigger: topic("vehicles"),
    settings: { topics: { vehicles: { source: "event-grid" } } },
    send: sendJson,
    events: [
      {
        id: "1808",
        subject: "myapp/vehicles/cars",
        topic: customTopic,
        data: { make: "Contoso", model: "Monster" },
        attributes: { type: "recordInserted", source: customTopic, dataversion: "1.0" },
        enqueuedAt: new Date("2017-08-10T21:03:07Z"),
      },
    ],
  },
  "azure/event-grid/cloudevents-string-data.json": {
    trigger: shop,
    send: sendJson,
    events: [
      {
        id: "s-1",
        source: "/s",
        type: "com.example.string",
        data: "just a string",
        time: new Date("2019-07-26T18:14:38Z"),
      },
    ],
  },
  "azure/event-grid/event-hub-capture.json": {
    trigger: shop,
    send: sendJson,
    events: [
      {
        id: "7b11c4ce-1c34-4416-848b-1730e766f126",
        type: "captureFileCreated",
        subject: "eventhubs/test",
        data: expect.objectContaining({ firstSequenceNumber: -1, fileType: "AzureBlockBlob" }),
        extensions: {},
      },
    ],
  },
  "azure/signalr/upstream-message.json": { trigger: shop, send: sendJson, error: "unknown-payload" },
};

import type { FunctionName } from "../functions.ts";
import { openTree } from "../tree.ts";
import type { Seed } from "../trial.ts";
import { CALLER, cloudEvents, ORDER, post, readRequest } from "./requests.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const json = (value: unknown) => ({ json: JSON.stringify(value) });
const bytes = { bytes: base64(ORDER) };

const storageQueue = {
  inputData: bytes,
  triggerMetadata: {
    Id: { string: "q-1" },
    DequeueCount: { json: "1" },
    InsertionTime: json("2024-03-01T10:00:00+00:00"),
    PopReceipt: { string: "hunter2-receipt" },
  },
};
const serviceBus = {
  inputData: bytes,
  triggerMetadata: {
    MessageId: { string: "m-1" },
    DeliveryCount: { json: "1" },
    EnqueuedTimeUtc: json("2024-03-01T10:00:00Z"),
    SequenceNumber: { json: "7" },
    SessionId: { string: "a" },
    Subject: { string: "hello" },
    LockToken: { string: "hunter2-lock" },
    ApplicationProperties: json({ token: "hunter2-property", n: 1, nested: { a: 1 } }),
  },
};
const serviceBusBatch = {
  inputData: { collectionBytes: { bytes: [base64(ORDER), base64("plain"), base64("5")] } },
  triggerMetadata: {
    MessageIdArray: json(["m-1", "m-2", "m-3"]),
    DeliveryCountArray: json([1, 2, 3]),
    SequenceNumberArray: json([1, 2, 3]),
    ApplicationPropertiesArray: json([{ token: "hunter2-property" }, {}, {}]),
  },
};
const eventHubs = {
  inputData: {
    collectionBytes: { bytes: [base64(ORDER), base64('{"records":[{"time":"2024-03-01T11:59:00Z"}]}')] },
  },
  triggerMetadata: {
    PartitionContext: json({ PartitionId: "0", EventHubName: "clicks", ConsumerGroup: "$Default" }),
    PartitionKeyArray: json(["a", "b"]),
    OffsetArray: json(["4096", "4097"]),
    SequenceNumberArray: json([1, 2]),
    EnqueuedTimeUtcArray: json(["2024-03-01T10:00:00.500Z", "2024-03-01T10:00:00.501Z"]),
    PropertiesArray: json([{ token: "hunter2-property" }, {}]),
    SystemPropertiesArray: json([{}, { "x-opt-sequence-number": 2 }]),
  },
};
const kafkaEvent = {
  Offset: 15,
  Partition: 0,
  Topic: "clicks",
  Timestamp: "2024-03-01T10:00:00Z",
  Key: "k",
  Value: ORDER,
  Headers: [{ Key: "token", Value: base64("hunter2-header") }],
};
const kafka = {
  inputData: { collectionString: { string: [JSON.stringify(kafkaEvent), JSON.stringify(kafkaEvent)] } },
};
const blob = {
  id: "831e1650-001e-001b-66ab-eeb76e069631",
  topic: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/shop",
  subject: "/blobServices/default/containers/images/blobs/a b.jpg",
  eventType: "Microsoft.Storage.BlobCreated",
  eventTime: "2024-03-01T10:00:00.123Z",
  dataVersion: "",
  metadataVersion: "1",
  data: {
    api: "PutBlob",
    contentType: "image/jpeg",
    contentLength: 524288,
    eTag: "0x8D4BCC2E4835CD0",
    url: "https://shop.blob.core.windows.net/images/a%20b.jpg?sig=hunter2-sas",
    sequencer: "00000000000004420000000000028963",
  },
};
const {
  topic: source,
  eventType: type,
  eventTime: time,
  dataVersion: _v,
  metadataVersion: _m,
  ...rest
} = blob;
const blobEvent = { specversion: "1.0", source, type, time, ...rest };
const renamed = {
  ...blob,
  eventType: "Microsoft.Storage.BlobRenamed",
  data: { ...blob.data, sourceUrl: "https://shop.dfs.core.windows.net/images/old.jpg?sig=hunter2-sas" },
};
const placed = {
  ...blob,
  eventType: "order.placed",
  subject: "orders/1",
  data: { password: "hunter2-data" },
};
const blobTrigger = {
  inputData: bytes,
  triggerMetadata: {
    BlobTrigger: { string: "images/a.jpg" },
    Uri: json("https://shop.blob.core.windows.net/images/a.jpg?sig=hunter2-sas"),
    Properties: json({
      contentLength: 5,
      contentType: "image/jpeg",
      eTag: '"0x8"',
      lastModified: "2024-03-01T10:00:00Z",
    }),
  },
};
const document = {
  id: "42",
  name: "Ana",
  _rid: "zh0f=",
  _etag: '"e"',
  _ts: 1709294400,
  _lsn: 5,
  password: "hunter2-document",
};
const version = {
  current: document,
  previous: { ...document, name: "An" },
  metadata: {
    operationType: "replace",
    lsn: 6,
    crts: 1709294401,
    timeToLiveExpired: false,
    partitionKey: { id: "42" },
  },
};
const timer = {
  Schedule: { AdjustForDST: true },
  ScheduleStatus: {
    Last: "2024-03-01T02:00:00+00:00",
    Next: "2099-01-01T02:00:00+00:00",
    LastUpdated: "2024-03-01T02:00:00+00:00",
  },
  IsPastDue: false,
};

/** A request as the host writes it down. */
export function invocationOf(payload: unknown): object {
  const { method, path, headers, bytes: body } = readRequest(payload);
  const nullableHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, { value }]),
  );
  const url = `https://app.azurewebsites.net${path}`;
  return { inputData: { http: { method, url, nullableHeaders, body: { bytes: body.toString("base64") } } } };
}

const grid = cloudEvents("/hook", {
  type: "order.placed",
  subject: "orders/1",
  data: { password: "hunter2-data" },
});
const validation = {
  ...placed,
  eventType: "Microsoft.EventGrid.SubscriptionValidationEvent",
  data: { validationCode: "512d38b6" },
};
const hello = {
  ...post("/hook", ""),
  method: "OPTIONS",
  headers: { ...CALLER, "webhook-request-origin": "eventgrid.azure.net", "webhook-request-rate": "120" },
};
const hooks = [
  post("/hook", [placed, placed]),
  ...Object.values(grid),
  post("/hook", [validation]),
  hello,
].map(invocationOf);
const orderCall = invocationOf(post("/call", ORDER));

const OWN: readonly (readonly [readonly FunctionName[], string, readonly object[]])[] = [
  [
    ["http"],
    "",
    [
      invocationOf(post("/a%20b?q=1&sig=hunter2-sas", ORDER)),
      invocationOf({ ...post("/a", ""), method: "GET" }),
    ],
  ],
  [["order"], "", [invocationOf(post("/orders/42?q=1", ORDER))]],
  [["shared"], "", [invocationOf(post("/shared/x", ORDER))]],
  [["queue", "orders"], "storage-queue", [storageQueue]],
  [["queue", "orders"], "service-bus", [serviceBus]],
  [["batch"], "service-bus", [serviceBusBatch]],
  [["topic"], "service-bus", [serviceBus]],
  [
    ["topic", "bus"],
    "event-grid",
    [{ inputData: json(placed) }, { inputData: json({ ...blobEvent, data: "x" }) }],
  ],
  [["topic", "bus"], "event-grid-webhook", hooks],
  [["storage"], "event-grid", [{ inputData: json(blob) }, { inputData: json([blobEvent, renamed]) }]],
  [
    ["storage"],
    "event-grid-webhook",
    [
      invocationOf(post("/hook", [blob])),
      invocationOf(post("/hook", blobEvent, { "content-type": "application/cloudevents+json" })),
    ],
  ],
  [["storage"], "blob", [blobTrigger]],
  [["stream", "streams"], "event-hubs", [eventHubs]],
  [["stream", "streams"], "kafka", [kafka]],
  [["changes"], "", [{ inputData: json([document, document]) }, { inputData: json([version]) }]],
  [["schedule"], "", [{ inputData: json(timer) }]],
  [["direct", "vat"], "http", [orderCall]],
  [["direct", "vat"], "activity", [{ inputData: json(JSON.parse(ORDER)) }]],
];

/** Seeds in the documented shapes of the host's messages, bytes in base64. */
export function azureSeeds(): Seed[] {
  return OWN.flatMap(([functions, source, invocations]) =>
    functions.flatMap((fn) =>
      invocations.map((invocation, index) => ({
        name: `own ${source} ${index}`,
        fn,
        source,
        tree: openTree(invocation),
      })),
    ),
  );
}

import {
  bus,
  changes,
  defineFunction,
  queue,
  schedule,
  storage,
  stream,
  type Trigger,
  type TriggerKind,
  topic,
} from "@anyfn/core";
import { expect } from "vitest";
import type { Case, Expectation, See } from "../case.ts";
import { httpEvent } from "../payloads/aws/http.ts";
import { records, sqsRecord } from "../payloads/aws/messages.ts";
import { snsEnvelope, snsRecord } from "../payloads/aws/sns.ts";
import { grid, gridEvent, gridHook, gridValidation } from "../payloads/azure/event-grid.ts";
import { azureRequest } from "../payloads/azure/http.ts";
import { pubsubMessage, push } from "../payloads/gcp/pubsub.ts";
import { post } from "../payloads/http.ts";
import { batched, binary, cloudEvent, EVENTS } from "../payloads/node/cloudevents.ts";
import { ON_SERVICE_BUS, queued } from "../payloads/queued.ts";

const seeText = (see: See) =>
  defineFunction({ trigger: queue("orders"), handler: async ({ text }) => see(text()) });
const seeTick = (see: See) =>
  defineFunction({
    trigger: schedule("0 2 * * *"),
    handler: ({ scheduledAt }) => see(scheduledAt?.toISOString() ?? "tick"),
  });
const seeKey = (see: See) => defineFunction({ trigger: storage("images"), handler: ({ key }) => see(key) });

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
const S3_TEST = {
  Service: "Amazon S3",
  Event: "s3:TestEvent",
  Time: "2026-03-01T10:00:00.000Z",
  Bucket: "images",
  RequestId: "5582815E1AEA5ADF",
  HostId: "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE",
};

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html */
const SCHEDULER_DEFAULT = {
  version: "0",
  id: "7bf73129-1428-4cd3-a780-95db273d1602",
  "detail-type": "Scheduled Event",
  source: "aws.scheduler",
  account: "123456789012",
  time: "2026-03-01T02:00:00Z",
  region: "eu-west-1",
  resources: ["arn:aws:scheduler:eu-west-1:123456789012:schedule/default/nightly"],
  detail: "{}",
};

const SECRET = '{"secret":"s3cr3t-value"}';

const withoutId: Expectation = { error: "invalid-payload", message: /^\[azure\/.*[iI]d` / };

/** A payload of no source that a trigger has; on Azure, where any JSON is a message, what says nothing about it. */
function unknownTo(kind: string, trigger: Trigger, onAzure: Expectation = {}): Case {
  return {
    id: "D12",
    title: `refuses an unknown payload of a ${kind} by its keys, without its values`,
    define: (see) => defineFunction({ trigger, handler: (event: unknown) => see(event) } as never),
    native: {
      aws: [JSON.parse(SECRET)],
      azure: [{ inputData: { json: SECRET } }],
      gcp: [post("/", SECRET)],
      node: [post(EVENTS, SECRET)],
    },
    expect: {
      seen: [],
      error: "unknown-payload",
      message: new RegExp(`${kind}.*"secret"`),
      notLogged: [/s3cr3t/],
    },
    expectOn: { azure: onAzure },
  };
}

/** A delivery of nothing; a Service Bus queue needs to be one for that, and a Pub/Sub push has always a message. */
function emptyBatch(kind: TriggerKind, trigger: Trigger, sources: readonly string[]): Case {
  return {
    id: "D9",
    title: `takes an empty batch of a ${kind} for done`,
    needs: { trigger: kind, source: [...sources, "CloudEvents over HTTP"] },
    define: (see) => defineFunction({ trigger, handler: () => see("ran") } as never),
    options: ON_SERVICE_BUS,
    native: {
      aws: [records()],
      azure: [
        kind === "queue" ? { inputData: { collectionBytes: { bytes: [] } } } : { inputData: { json: "[]" } },
      ],
      node: [batched([])],
    },
    expect: { seen: [] },
    expectOn: { aws: { answer: { batchItemFailures: [] } }, node: { reply: { status: 204 } } },
  };
}

/** Which variant of an event's payload a delivery is. */
export const EVENT_DETECTION: readonly Case[] = [
  {
    id: "D7",
    title: "knows the discriminators in the letter case of their source",
    define: (see) => defineFunction({ trigger: topic("orders"), handler: ({ data }) => see(data) }),
    options: { azure: { topics: { orders: { source: "event-grid" } } } },
    native: {
      aws: [records(snsRecord('{"sku":"tea"}'))],
      azure: [grid(gridEvent())],
      gcp: [push(pubsubMessage('{"sku":"tea"}'))],
      node: [
        post(EVENTS, '{"sku":"tea"}', "application/json", [
          ["CE-SpecVersion", "1.0"],
          ["CE-ID", "e-1"],
          ["Ce-Source", "/shop/orders"],
          ["cE-tYPE", "order.placed"],
        ]),
      ],
    },
    expect: { seen: [{ sku: "tea" }] },
  },
  {
    id: "D7",
    title: "does not take another spelling of the discriminator for SNS",
    needs: { trigger: "topic", source: "SNS topic" },
    define: (see) => defineFunction({ trigger: topic("orders"), handler: () => see("ran") }),
    native: { aws: [records({ ...snsRecord("x"), EventSource: undefined, eventSource: "aws:kinesis" })] },
    expect: { seen: [], error: "unknown-payload", message: /topic.*"Records"/ },
  },
  {
    id: "D8",
    title: "acknowledges the source's own test delivery without calling the handler",
    unconfirmed: true,
    needs: { trigger: "storage", source: ["S3 notification", "Event Grid web hook"] },
    define: seeKey,
    options: { azure: { storage: { images: { source: "event-grid-webhook" } } } },
    native: {
      aws: [S3_TEST, records(snsRecord(JSON.stringify(S3_TEST)))],
      azure: [gridHook(JSON.stringify([gridValidation()]))],
    },
    expect: { seen: [] },
    expectOn: {
      azure: {
        reply: {
          status: 200,
          body: { validationResponse: "512d38b6-c7b8-40c8-89fe-f46f9e9622b6" },
        },
      },
    },
  },
  {
    id: "D8",
    title: "takes the test delivery out of its queue",
    unconfirmed: true,
    needs: { trigger: "storage", source: "S3 through SQS" },
    define: seeKey,
    native: {
      aws: [
        records(sqsRecord(JSON.stringify(S3_TEST))),
        records(sqsRecord(snsEnvelope(JSON.stringify(S3_TEST)))),
      ],
    },
    expect: { seen: [], answer: { batchItemFailures: [] } },
  },
  emptyBatch("queue", queue("orders"), ["SQS standard queue", "Service Bus queue"]),
  emptyBatch("topic", topic("orders"), ["SNS topic", "Service Bus topic"]),
  emptyBatch("storage", storage("images"), ["S3 notification", "Event Grid blob events"]),
  emptyBatch("changes", changes("orders"), ["DynamoDB stream", "Cosmos DB change feed"]),
  emptyBatch("stream", stream("orders"), ["Kinesis data stream", "Event Hubs"]),
  {
    id: "D10",
    title: "reads a schedule's event whose detail is text",
    unconfirmed: true,
    needs: { trigger: "schedule", source: "EventBridge Scheduler" },
    define: seeTick,
    native: { aws: [SCHEDULER_DEFAULT, { ...SCHEDULER_DEFAULT, source: "aws.events", detail: {} }] },
    expect: { seen: ["2026-03-01T02:00:00.000Z"] },
  },
  {
    id: "D11",
    title: "fires a schedule whatever input it was given",
    define: seeTick,
    native: {
      aws: [{ task: "close" }, "close", 42, null, [], {}, { source: "erp", detail: "x" }],
      azure: [{ inputData: { json: '{"isPastDue":false}' } }],
      gcp: ["", "close", "42", "null", '{"Records":[{"eventSource":"aws:sqs"}]}'].map((body) =>
        post("/", body, "application/octet-stream", [["x-cloudscheduler", "true"]]),
      ),
      node: [binary(cloudEvent({ time: undefined }), "42", "text/plain")].map((request) => ({
        ...request,
        headers: request.headers?.filter(([name]) => name !== "ce-time"),
      })),
    },
    expect: { seen: ["tick"] },
  },
  unknownTo("queue", queue("orders"), withoutId),
  unknownTo("topic", topic("orders"), withoutId),
  unknownTo("storage", storage("images")),
  unknownTo("changes", changes("orders"), withoutId),
  unknownTo("stream", stream("orders"), { seen: [expect.anything()], error: undefined, message: undefined }),
  unknownTo("bus", bus("shop")),
  {
    id: "D13",
    title: "gives a message that looks like another source's event as the message it is",
    define: seeText,
    native: queued(JSON.stringify(httpEvent("http-api", { url: "/admin" }))),
    expect: { seen: [expect.stringMatching(/^\{.*"rawPath":"\/admin"/)] },
  },
  {
    id: "D13",
    title: "refuses an HTTP request where a queue was declared",
    define: seeText,
    native: {
      aws: [httpEvent("http-api", { url: "/orders" }), httpEvent("rest-api"), httpEvent("alb")],
      azure: [azureRequest()],
      gcp: [{ method: "GET", url: "/orders" }],
      node: [post(EVENTS, "sku=tea", "application/x-www-form-urlencoded")],
    },
    expect: { seen: [], error: "any" },
  },
];

import type { AzureSettings } from "@anyfn/azure";
import { expect } from "vitest";
import type { AzureInvocation, RpcTypedData } from "../../runtimes/hosts/azure/rpc.ts";
import { deploy, toMetadata } from "../../support/azure-app.ts";
import { answerOf, bytes, json, post } from "../../support/azure-function.ts";
import { keptAsWhole, thrownFor } from "../oracle.ts";
import { dataOf, isSpoilt, type Sent, type Source, settle, textOf } from "../source.ts";

/** The host takes an invocation for done unless it throws, and has one verdict on a whole batch. */
function host(settings: AzureSettings): Pick<Source, "adapter" | "deploy" | "expected" | "kept"> {
  return {
    adapter: "azure",
    deploy: async (definition) => {
      const { invoke } = deploy(definition, settings);
      const name = definition.name ?? "";
      return (payload) =>
        settle(async () => {
          const result = await invoke(name, payload as AzureInvocation);
          return result.ok ? (result.returnValue ?? undefined) : Promise.reject(result.error);
        });
    },
    expected: thrownFor,
    kept: keptAsWhole,
  };
}

/** Event Grid delivers over HTTP: again after any status but 2xx, and never after 400. */
function webhook(settings: AzureSettings): Pick<Source, "adapter" | "deploy" | "expected" | "kept"> {
  return {
    ...host(settings),
    deploy: async (definition) => {
      const { invoke } = deploy(definition, settings);
      return async (payload) => {
        const { status, text } = await answerOf(invoke(definition.name ?? "", payload as AzureInvocation));
        return { status: Number(status), retryAfter: undefined, body: text };
      };
    },
    kept: (answer, messages) =>
      "status" in answer && answer.status === 400 ? [] : keptAsWhole(answer, messages),
    expected: (states) => {
      const failed = states.filter(({ verdict }) => verdict !== "done");
      const unreadable = failed.filter(({ fate }) => fate === "cannot be decoded");
      if (failed.length === 0) return { status: 200, retryAfter: undefined, body: "" };
      return expect.objectContaining({ status: unreadable.length === states.length ? 400 : 500 });
    },
  };
}

const collection = (messages: readonly Sent[]): RpcTypedData => ({
  collectionBytes: { bytes: messages.map((message) => Buffer.from(textOf(message))) },
});
const numberIn = ({ key }: Sent): number => Number(key.replace(/\D/g, ""));

function onServiceBus(kind: "queue" | "topic", sessions: boolean): Source {
  const where = { source: "service-bus", sessions } as const;
  return {
    ...host({ queues: { jobs: where }, topics: { jobs: where } }),
    name: `Service Bus ${kind}${sessions ? " with sessions" : ""}, batches`,
    kind,
    ordering: sessions ? "group" : "none",
    size: Number.POSITIVE_INFINITY,
    undecodable: "retry",
    make: (messages) => ({
      inputData: collection(messages),
      triggerMetadata: toMetadata({
        MessageIdArray: messages.map((message) => (isSpoilt(message) ? null : message.key)),
        SessionIdArray: messages.map(({ group }) => (sessions ? group : null)),
        DeliveryCountArray: messages.map(({ count = 1 }) => count),
      }),
    }),
  };
}

/** One message an invocation. */
function alone(
  name: string,
  kind: "queue" | "topic",
  settings: AzureSettings,
  metadataOf: (message: Sent) => Record<string, unknown>,
): Source {
  return {
    ...host(settings),
    name,
    kind,
    ordering: "none",
    size: 1,
    undecodable: "retry",
    make: ([message]) =>
      message && {
        inputData: bytes(textOf(message)),
        triggerMetadata: toMetadata(isSpoilt(message) ? {} : metadataOf(message)),
      },
  };
}

const cloudEvent = (message: Sent): object => ({
  specversion: isSpoilt(message) ? "7" : "1.0",
  id: message.key,
  source: "/shop",
  type: "job",
  data: dataOf(message),
});
const gridEvent = (message: Sent): object => ({
  id: isSpoilt(message) ? 5 : message.key,
  topic: "/shop",
  subject: "jobs",
  eventType: "job",
  eventTime: "2026-01-01T00:00:00Z",
  data: dataOf(message),
});
const blobEvent = (message: Sent): object => ({
  ...gridEvent(message),
  subject: `/blobServices/default/containers/jobs/blobs/${message.key}`,
  eventType: "Microsoft.Storage.BlobCreated",
  data: { api: "PutBlob", contentLength: 3 },
});

function eventGrid(kind: "bus" | "topic" | "storage", schema: string, eventOf: (message: Sent) => object) {
  const shared = {
    kind,
    ordering: "none",
    size: Number.POSITIVE_INFINITY,
    undecodable: "retry",
  } as const;
  const from = (source: "event-grid" | "event-grid-webhook"): AzureSettings => {
    const jobs = { jobs: { source } };
    return kind === "bus" ? { buses: jobs } : kind === "topic" ? { topics: jobs } : { storage: jobs };
  };
  return [
    {
      ...shared,
      ...host(from("event-grid")),
      name: `Event Grid, ${kind}, ${schema}`,
      make: (messages) => json(messages.map(eventOf)),
    },
    {
      ...shared,
      ...webhook(from("event-grid-webhook")),
      name: `Event Grid web hook, ${kind}, ${schema}`,
      make: (messages) => {
        const type = schema === "CloudEvents" ? "application/cloudevents-batch+json" : "application/json";
        return post(messages.map(eventOf), { "content-type": type });
      },
    },
  ] satisfies Source[];
}

export const sources: readonly Source[] = [
  alone("Storage Queue", "queue", {}, ({ key, count = 1 }) => ({ Id: key, DequeueCount: count })),
  alone("Service Bus queue", "queue", { queues: { jobs: { source: "service-bus" } } }, ({ key }) => ({
    MessageId: key,
  })),
  alone("Service Bus topic", "topic", {}, ({ key }) => ({ MessageId: key })),
  onServiceBus("queue", false),
  onServiceBus("queue", true),
  onServiceBus("topic", true),
  {
    ...host({}),
    name: "Event Hubs",
    kind: "stream",
    ordering: "partition",
    size: Number.POSITIVE_INFINITY,
    undecodable: undefined,
    make: (messages) => ({
      inputData: collection(messages),
      triggerMetadata: toMetadata({
        PartitionContext: { PartitionId: "3", EventHubName: "jobs" },
        SequenceNumberArray: messages.map(numberIn),
        PartitionKeyArray: messages.map(({ group }) => group),
      }),
    }),
  },
  {
    ...host({ streams: { jobs: { source: "kafka" } } }),
    name: "Kafka",
    kind: "stream",
    ordering: "group",
    size: Number.POSITIVE_INFINITY,
    undecodable: undefined,
    make: (messages) => ({
      inputData: collection(messages),
      triggerMetadata: toMetadata({
        TopicArray: messages.map(() => "jobs"),
        PartitionArray: messages.map(({ group }) => group.charCodeAt(0)),
        OffsetArray: messages.map(numberIn),
      }),
    }),
  },
  {
    ...host({}),
    name: "Cosmos DB, latest versions",
    kind: "changes",
    ordering: "partition",
    size: Number.POSITIVE_INFINITY,
    undecodable: "retry",
    make: (messages) =>
      json(
        messages.map((message) => ({
          id: isSpoilt(message) ? {} : message.key,
          ok: dataOf(message).ok,
          _lsn: numberIn(message),
        })),
      ),
  },
  {
    ...host({}),
    name: "Cosmos DB, all versions",
    kind: "changes",
    ordering: "partition",
    size: Number.POSITIVE_INFINITY,
    undecodable: "retry",
    make: (messages) =>
      json(
        messages.map((message) => ({
          current: { id: message.key, ok: dataOf(message).ok },
          metadata: { operationType: isSpoilt(message) ? "merge" : "create", lsn: numberIn(message) },
        })),
      ),
  },
  ...eventGrid("bus", "CloudEvents", cloudEvent),
  ...eventGrid("bus", "Event Grid schema", gridEvent),
  ...eventGrid("topic", "CloudEvents", cloudEvent),
  ...eventGrid("storage", "Event Grid schema", blobEvent),
];

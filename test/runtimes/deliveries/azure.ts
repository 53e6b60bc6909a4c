import type { AzureHost, AzureInvocation, AzureResult } from "../hosts/index.ts";
import type {
  Deliver,
  Delivered,
  Delivery,
  SentChange,
  SentEvent,
  SentMessage,
  SentObject,
} from "./delivery.ts";
import { same } from "./delivery.ts";

/** Delivers as Storage Queue, Service Bus topic, timer, Event Grid, Cosmos DB, Event Hubs and a function key do. */
export function deliverToAzure(host: AzureHost): Deliver {
  return async (functionName, delivery) => {
    const results: Delivered[] = [];
    for (const [invocation, part] of invocationsOf(delivery)) {
      const result = await host.invoke(functionName, invocation);
      results.push(...same(part, verdict(part, result)));
    }
    return results;
  };
}

function* invocationsOf(delivery: Delivery): Generator<readonly [AzureInvocation, Delivery]> {
  switch (delivery.trigger) {
    case "queue":
      for (const event of delivery.events) yield [storageQueue(event), { trigger: "queue", events: [event] }];
      return;
    case "topic":
      for (const event of delivery.events) yield [serviceBus(event), { trigger: "topic", events: [event] }];
      return;
    case "stream":
      yield [eventHubs(delivery.events), delivery];
      return;
    case "changes":
      yield [cosmos(delivery.events), delivery];
      return;
    case "schedule":
      yield [timer(delivery.events[0].at), delivery];
      return;
    case "storage":
      yield [{ inputData: { json: JSON.stringify(blobCreated(delivery.events[0])) } }, delivery];
      return;
    case "bus":
      yield [{ inputData: { json: JSON.stringify(gridEvent(delivery.events[0])) } }, delivery];
      return;
    case "direct":
      yield [call(delivery.events[0].input), delivery];
  }
}

function storageQueue({ id, data }: SentMessage): AzureInvocation {
  return {
    inputData: { bytes: Buffer.from(JSON.stringify(data)) },
    triggerMetadata: {
      Id: { string: id },
      DequeueCount: { json: "1" },
      PopReceipt: { string: "AgAAAAMAAAAAAAAA" },
      InsertionTime: { json: '"2026-03-01T10:00:00+00:00"' },
      ExpirationTime: { json: '"2026-03-08T10:00:00+00:00"' },
      NextVisibleTime: { json: '"2026-03-01T10:10:00+00:00"' },
    },
  };
}

function serviceBus({ id, data, attributes }: SentMessage): AzureInvocation {
  return {
    inputData: { bytes: Buffer.from(JSON.stringify(data)) },
    triggerMetadata: {
      MessageId: { string: id },
      DeliveryCount: { json: "1" },
      EnqueuedTimeUtc: { json: '"2026-03-01T10:00:00Z"' },
      SequenceNumber: { json: "7" },
      LockToken: { string: "0f2b6c1e-7a55-4a3c-9a63-0f6d1f0f9d11" },
      ContentType: { string: "application/json" },
      ApplicationProperties: { json: JSON.stringify(attributes) },
    },
  };
}

function eventHubs(events: readonly SentMessage[]): AzureInvocation {
  return {
    inputData: { collectionBytes: { bytes: events.map(({ data }) => Buffer.from(JSON.stringify(data))) } },
    triggerMetadata: {
      PartitionContext: {
        json: JSON.stringify({ PartitionId: "0", EventHubName: "clicks", ConsumerGroup: "$Default" }),
      },
      PartitionKeyArray: { json: JSON.stringify(events.map(() => "device-1")) },
      OffsetArray: { json: JSON.stringify(events.map((_, index) => String(4096 + index))) },
      SequenceNumberArray: { json: JSON.stringify(events.map(({ id }) => Number(id))) },
      EnqueuedTimeUtcArray: { json: JSON.stringify(events.map(() => "2026-03-01T10:00:00.500Z")) },
      PropertiesArray: { json: JSON.stringify(events.map(({ attributes }) => attributes)) },
      SystemPropertiesArray: { json: JSON.stringify(events.map(() => ({}))) },
    },
  };
}

function cosmos(changes: readonly SentChange[]): AzureInvocation {
  const documents = changes.map(({ id, after }) => ({
    ...after,
    _rid: "abc=",
    _etag: `"${id}"`,
    _ts: 1772359200,
    _lsn: Number(id),
  }));
  return { inputData: { json: JSON.stringify(documents) } };
}

function timer(at: string): AzureInvocation {
  const status = { Last: at, Next: "2099-01-01T02:00:00+00:00", LastUpdated: at };
  return {
    inputData: {
      json: JSON.stringify({ Schedule: { AdjustForDST: true }, ScheduleStatus: status, IsPastDue: false }),
    },
  };
}

function blobCreated({ id, bucket, key, size }: SentObject): unknown {
  return {
    id,
    topic: "/subscriptions/0a1b/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/shop",
    subject: `/blobServices/default/containers/${bucket}/blobs/${key}`,
    eventType: "Microsoft.Storage.BlobCreated",
    eventTime: "2026-03-01T10:00:00.000Z",
    dataVersion: "",
    metadataVersion: "1",
    data: {
      api: "PutBlob",
      contentType: "image/png",
      contentLength: size,
      blobType: "BlockBlob",
      eTag: "0x8D4BCC2E4835CD0",
      url: `https://shop.blob.core.windows.net/${bucket}/${encodeURIComponent(key).replaceAll("%2F", "/")}`,
      sequencer: "00000000000004420000000000028963",
    },
  };
}

function gridEvent({ id, source, type, data }: SentEvent): unknown {
  return { specversion: "1.0", id, source, type, time: "2026-03-01T10:00:00Z", data };
}

function call(input: unknown): AzureInvocation {
  return {
    inputData: {
      http: {
        url: "https://app.azurewebsites.net/direct",
        method: "POST",
        nullableHeaders: { "content-type": { value: "application/json" } },
        nullableQuery: {},
        nullableParams: {},
        body: { bytes: Buffer.from(JSON.stringify(input)) },
      },
    },
  };
}

function verdict(delivery: Delivery, result: AzureResult): Delivered {
  if (!result.ok) return { status: "failed", reason: result.error.message };
  if (delivery.trigger !== "direct") return { status: "done" };
  const answer = (
    result.returnValue as { http?: { statusCode?: string; body?: { bytes?: Uint8Array; string?: string } } }
  ).http;
  const text = answer?.body?.string ?? Buffer.from(answer?.body?.bytes ?? []).toString();
  if (answer?.statusCode !== "200") return { status: "failed", reason: text };
  return { status: "done", output: JSON.parse(text) };
}

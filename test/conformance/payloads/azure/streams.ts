import type { AzureInvocation } from "../../../runtimes/hosts/azure/rpc.ts";
import { typed } from "./messages.ts";

/** Settings under which the stream `clicks` is a topic of Kafka. */
export const ON_KAFKA = { streams: { clicks: { source: "kafka" } } } as const;

/** Settings under which the stream `clicks` is what Azure Monitor exports to a hub. */
export const EXPORTED = { streams: { clicks: { diagnosticLogs: true } } } as const;

/** Two entries of an export: https://learn.microsoft.com/azure/azure-monitor/essentials/resource-logs-schema */
export const DIAGNOSTICS = [
  { time: "2026-03-01T10:00:00.123Z", category: "Administrative", level: "Information" },
  { time: "2026-03-01T10:00:00.124Z", category: "Administrative", level: "Error" },
] as const;

/** Entries in the one event that an export makes of them. */
export function exported(entries: readonly unknown[]): AzureInvocation {
  return eventHubs([{ payload: JSON.stringify({ records: entries }) }]);
}

/** An event of a hub or topic: its payload, and members that differ from the others'. */
export interface Streamed {
  readonly payload: string | Uint8Array;
  readonly change?: object;
}

/** https://learn.microsoft.com/azure/azure-functions/functions-bindings-event-hubs-trigger#event-metadata */
export function eventHubs(list: readonly Streamed[], change: object = {}): AzureInvocation {
  const metadata = listsOf(
    list.map(({ change: own }, index) => {
      const { PartitionKey, SequenceNumber, Offset, EnqueuedTimeUtc, Properties } = {
        PartitionKey: "p-1",
        SequenceNumber: 41 + index,
        Offset: `${616_008 + index}`,
        EnqueuedTimeUtc: "2026-03-01T10:00:00.123Z",
        Properties: {},
        ...own,
      };
      const SystemProperties = {
        "x-opt-sequence-number": SequenceNumber,
        "x-opt-offset": Number(Offset),
        "x-opt-enqueued-time": EnqueuedTimeUtc,
        SequenceNumber,
        Offset: Number(Offset),
        PartitionKey,
        EnqueuedTimeUtc,
      };
      return { PartitionKey, SequenceNumber, Offset, EnqueuedTimeUtc, Properties, SystemProperties };
    }),
  );
  const PartitionContext = {
    FullyQualifiedNamespace: "shop.servicebus.windows.net",
    EventHubName: "clicks",
    ConsumerGroup: "$Default",
    PartitionId: "2",
  };
  return {
    inputData: { collectionBytes: { bytes: list.map(({ payload }) => Buffer.from(payload)) } },
    triggerMetadata: typed({ PartitionContext, ...metadata, ...change }),
  };
}

/** The same without a batch: each member of the metadata as such. */
export function eventHub(payload: string | Uint8Array): AzureInvocation {
  const { triggerMetadata = {} } = eventHubs([{ payload }]);
  const single = Object.entries(triggerMetadata).map(([name, value]): [string, unknown] => {
    const content: unknown = JSON.parse(value.json ?? "null");
    return name.endsWith("Array") ? [name.slice(0, -5), (content as unknown[])[0]] : [name, content];
  });
  return { inputData: { bytes: Buffer.from(payload) }, triggerMetadata: typed(Object.fromEntries(single)) };
}

/** https://learn.microsoft.com/azure/azure-functions/functions-bindings-kafka-trigger */
export function kafkaEvents(list: readonly Streamed[]): AzureInvocation {
  const metadata = listsOf(
    list.map(({ change }, index) => ({
      Offset: 15 + index,
      Partition: 0,
      Topic: "clicks",
      Timestamp: "2026-03-01T10:00:00.123Z",
      Key: "p-1",
      Headers: [],
      ...change,
    })),
  );
  return {
    inputData: { collectionBytes: { bytes: list.map(({ payload }) => Buffer.from(payload)) } },
    triggerMetadata: typed(metadata),
  };
}

/** The same where the host does not honour the wish for bytes: objects that have all of it. */
export function kafkaObjects(...list: readonly object[]): AzureInvocation {
  const whole = list.map((change, index) => ({
    Offset: 15 + index,
    Partition: 0,
    Topic: "clicks",
    Timestamp: "2026-03-01T10:00:00.123Z",
    Value: "",
    ...change,
  }));
  return { inputData: { collectionString: { string: whole.map((one) => JSON.stringify(one)) } } };
}

function listsOf(events: readonly object[]): Readonly<Record<string, unknown>> {
  const names = Object.keys(events[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [
      `${name}Array`,
      events.map((event) => (event as Readonly<Record<string, unknown>>)[name]),
    ]),
  );
}

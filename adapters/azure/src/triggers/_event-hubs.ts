import type { StreamRecord } from "@anyfn/core";
import { createRecord } from "@anyfn/core/adapter";
import {
  attributesOf,
  isObject,
  memberOf,
  type Opened,
  type Place,
  payloadOf,
  textOf,
  timeOf,
} from "./_values.ts";

/**
 * Events of an event hub: a batch with a list for every member of the metadata, or one.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-event-hubs-trigger#event-metadata
 */
export function fromEventHubs({ input, metadata }: Opened, invocationId: string): StreamRecord[] {
  const isBatch = Array.isArray(input);
  const bodies: readonly unknown[] = isBatch ? input : [input];
  const context = isObject(metadata.partitionContext) ? metadata.partitionContext : undefined;
  const partition = textOf(context?.partitionId);
  return bodies.map((body, index) => {
    const place: Place | undefined = isBatch ? { index, count: bodies.length } : undefined;
    const get = (name: string): unknown => memberOf(metadata, name, place);
    const properties = get("systemProperties");
    const system = isObject(properties) ? properties : {};
    const sequence =
      textOf(get("sequenceNumber")) ?? textOf(system.sequenceNumber ?? system["x-opt-sequence-number"]);
    return createRecord({
      id: idOf(textOf(context?.eventHubName), partition, sequence) ?? `${invocationId}:${index}`,
      payload: payloadOf(body),
      partitionKey:
        textOf(system.partitionKey ?? system["x-opt-partition-key"]) ?? textOf(get("partitionKey")),
      partition,
      sequence,
      offset: textOf(get("offset")) ?? textOf(system.offset ?? system["x-opt-offset"]),
      time:
        timeOf(get("enqueuedTimeUtc")) ??
        timeOf(system.enqueuedTimeUtc ?? system["x-opt-enqueued-time"]) ??
        timeOf(get("enqueuedTime")),
      attributes: attributesOf(get("properties")),
      raw: { body, triggerMetadata: metadata, index },
    });
  });
}

function idOf(hub = "", partition = "", sequence: string | undefined): string | undefined {
  return sequence === undefined ? undefined : [hub, partition, sequence].filter(Boolean).join(":");
}

/**
 * What Azure Monitor exports, one event with a list of entries, as a record for each entry.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/essentials/stream-monitoring-data-event-hubs#data-formats
 */
export function splitDiagnostics(records: readonly StreamRecord[]): StreamRecord[] {
  return records.flatMap((record) => {
    const { data } = record;
    if (!isObject(data) || !Array.isArray(data.records)) return [record];
    return data.records.map((value: unknown, index) =>
      createRecord({
        id: `${record.id}:${index}`,
        payload: { value },
        partitionKey: record.partitionKey,
        partition: record.partition,
        sequence: record.sequence,
        offset: record.offset,
        time: (isObject(value) ? timeOf(value.time) : undefined) ?? record.time,
        attributes: record.attributes,
        raw: record.raw,
      }),
    );
  });
}

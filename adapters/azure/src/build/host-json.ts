import type { DiscoveredFunction } from "@anyfn/build";
import type { BatchOptions, QueueTrigger, StreamTrigger, TopicTrigger } from "@anyfn/core";
import { type AzureSettings, settingsOf } from "../settings.ts";

type Extension = Readonly<Record<string, unknown>>;

/**
 * The text of host.json, with every default that loses events or hides behind the host said aloud.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-host-json
 */
export function hostJson(functions: readonly DiscoveredFunction[], settings: AzureSettings): string {
  const host = {
    version: "2.0",
    extensionBundle: { id: "Microsoft.Azure.Functions.ExtensionBundle", version: "[4.*, 5.0.0)" },
    functionTimeout: toTimeSpan(timeoutOf(functions, settings)),
    extensions: { http: { routePrefix: settings.routePrefix ?? "" }, ...extensionsOf(functions, settings) },
  };
  return `${JSON.stringify(host, null, 2)}\n`;
}

function extensionsOf(
  functions: readonly DiscoveredFunction[],
  settings: AzureSettings,
): Record<string, Extension> {
  const extensions: Record<string, Extension> = {};
  const sources = functions.map((fn) => sourceOf(fn, settings));
  if (sources.includes("storage-queue")) {
    extensions.queues = {
      messageEncoding: settings.queueEncoding ?? "none",
      maxDequeueCount: 5,
      visibilityTimeout: "00:00:30",
    };
  }
  const sizes = batchSizesOf(functions, settings);
  if (sources.includes("service-bus")) {
    const size = sizes["service-bus"];
    extensions.serviceBus = {
      autoCompleteMessages: true,
      ...(size === undefined ? {} : { maxMessageBatchSize: size }),
    };
  }
  if (sizes["event-hubs"] !== undefined) extensions.eventHubs = { maxEventBatchSize: sizes["event-hubs"] };
  if (sizes.kafka !== undefined) extensions.kafka = { maxBatchSize: sizes.kafka };
  return extensions;
}

/** The size of batches by source, where functions get batches from it: the host has one for all of them. */
export function batchSizesOf(
  functions: readonly DiscoveredFunction[],
  settings: AzureSettings,
): Readonly<Partial<Record<"service-bus" | "event-hubs" | "kafka", number>>> {
  const sizeOf = (source: string) => {
    const batched = functions.filter((fn) => sourceOf(fn, settings) === source && isBatched(fn));
    return batched.length === 0 ? {} : { [source]: largestBatch(batched) };
  };
  return { ...sizeOf("service-bus"), ...sizeOf("event-hubs"), ...sizeOf("kafka") };
}

/** Where the messages of a function come from; undefined for functions whose extension has nothing to set. */
export function sourceOf({ definition }: DiscoveredFunction, settings: AzureSettings): string | undefined {
  const { kind, name } = definition.trigger as QueueTrigger | TopicTrigger | StreamTrigger;
  if (kind === "queue") return settingsOf(settings.queues, name)?.source ?? "storage-queue";
  if (kind === "topic") return settingsOf(settings.topics, name)?.source ?? "service-bus";
  if (kind === "stream") return settingsOf(settings.streams, name)?.source ?? "event-hubs";
  return undefined;
}

/** Streams come in batches; messages do where a function asks for whole ones. */
function isBatched({ definition }: DiscoveredFunction): boolean {
  const { kind, batch } = definition.trigger as QueueTrigger | TopicTrigger | StreamTrigger;
  return kind === "stream" || batch;
}

/** The host has one size for all functions of an extension. */
function largestBatch(functions: readonly DiscoveredFunction[]): number {
  return Math.max(...functions.map(({ definition }) => (definition.trigger as BatchOptions).batchSize ?? 1));
}

/** Kept above the functions' own timeouts: the host ends the whole process, and every invocation in it. */
const SLACK_SECONDS = 60;

function timeoutOf(functions: readonly DiscoveredFunction[], { timeoutSeconds }: AzureSettings): number {
  return timeoutSeconds ?? Math.max(...functions.map(({ definition }) => definition.timeout)) + SLACK_SECONDS;
}

/** Seconds as `[days.]hours:minutes:seconds`. */
export function toTimeSpan(seconds: number): string {
  const whole = Math.ceil(seconds);
  const days = Math.floor(whole / 86_400);
  const clock = [Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60];
  const text = clock.map((part) => String(part).padStart(2, "0")).join(":");
  return days === 0 ? text : `${days}.${text}`;
}

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
  const ofSource = (source: string) => functions.filter((_, index) => sources[index] === source);
  const onServiceBus = ofSource("service-bus");
  if (onServiceBus.length > 0) {
    const batched = onServiceBus.filter(({ definition }) => isBatched(definition.trigger as BatchOptions));
    extensions.serviceBus = {
      autoCompleteMessages: true,
      ...(batched.length > 0 ? { maxMessageBatchSize: largestBatch(batched) } : {}),
    };
  }
  const hubs = ofSource("event-hubs");
  if (hubs.length > 0) extensions.eventHubs = { maxEventBatchSize: largestBatch(hubs) };
  const topics = ofSource("kafka");
  if (topics.length > 0) extensions.kafka = { maxBatchSize: largestBatch(topics) };
  return extensions;
}

/** Where the messages of a function come from; undefined for functions whose extension has nothing to set. */
export function sourceOf({ definition }: DiscoveredFunction, settings: AzureSettings): string | undefined {
  const { kind, name } = definition.trigger as QueueTrigger | TopicTrigger | StreamTrigger;
  if (kind === "queue") return settingsOf(settings.queues, name)?.source ?? "storage-queue";
  if (kind === "topic") return settingsOf(settings.topics, name)?.source ?? "service-bus";
  if (kind === "stream") return settingsOf(settings.streams, name)?.source ?? "event-hubs";
  return undefined;
}

function isBatched({ batch }: BatchOptions): boolean {
  return batch === true;
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

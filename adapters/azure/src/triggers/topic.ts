import { AnyfnError, type BusEvent, type TopicMessage, type TopicTrigger } from "@anyfn/core";
import {
  type CompiledEvents,
  compileEvents,
  createTopicMessage,
  type NamedFunction,
  type PayloadSource,
  preparePayload,
} from "@anyfn/core/adapter";
import { createAzureContext } from "../context.ts";
import type { AzureApp, AzureContext } from "../native.ts";
import { type AzureSettings, secondsOf, settingsOf, type TopicSettings } from "../settings.ts";
import { fromEventGrid } from "./_event-grid.ts";
import { handleAll } from "./_run.ts";
import { fromServiceBus, sessionsOf, traceOf } from "./_service-bus.ts";
import { open } from "./_values.ts";
import { registerWebhook } from "./_webhook.ts";

/** Registers `topic` functions on Service Bus subscriptions or Event Grid. */
export function registerTopic(
  app: AzureApp,
  functions: readonly NamedFunction[],
  settings: AzureSettings = {},
): void {
  for (const named of functions) register(app, named, settings);
}

function register(app: AzureApp, named: NamedFunction, settings: AzureSettings): void {
  const { definition } = named;
  const trigger = definition.trigger as TopicTrigger;
  const compiled = compileEvents<TopicTrigger, TopicMessage>(definition, "topic", preparePayload);
  const where: TopicSettings = settingsOf(settings.topics, trigger.name) ?? {};
  if (where.source === "event-grid-webhook") {
    registerWebhook(app, named, where, settings, (events, ctx) =>
      handleAll(compiled, toMessages(events), ctx, "topic"),
    );
  } else if (where.source === "event-grid") {
    registerEventGrid(app, named, compiled, settings);
  } else {
    registerServiceBus(app, named, compiled, where, settings);
  }
}

function registerEventGrid(
  app: AzureApp,
  { name, definition }: NamedFunction,
  compiled: CompiledEvents<TopicMessage>,
  settings: AzureSettings,
): void {
  const seconds = secondsOf(definition.timeout, settings);
  app.eventGrid(name, {
    handler: async (input: unknown, context: AzureContext) => {
      const messages = toMessages(fromEventGrid(open(input, context).input, "topic"));
      await handleAll(compiled, messages, createAzureContext(context, seconds), "topic");
    },
  });
}

function registerServiceBus(
  app: AzureApp,
  { name, definition }: NamedFunction,
  compiled: CompiledEvents<TopicMessage>,
  where: TopicSettings,
  settings: AzureSettings,
): void {
  const trigger = definition.trigger as TopicTrigger;
  const seconds = secondsOf(definition.timeout, settings);
  app.serviceBusTopic(name, {
    topicName: where.topic ?? trigger.name,
    subscriptionName: where.subscription ?? name,
    connection: where.connection ?? "ServiceBusConnection",
    // A batch has one verdict, so that only a function that asks for whole batches gets one.
    cardinality: trigger.batch ? "many" : "one",
    ...(where.sessions ? { isSessionsEnabled: true } : {}),
    dataType: "binary",
    handler: async (input: unknown, context: AzureContext) => {
      const opened = open(input, context);
      const ctx = createAzureContext(context, seconds, () => traceOf(opened.metadata));
      const messages = fromServiceBus(opened, "topic", createTopicMessage);
      const groupOf = where.sessions ? sessionsOf(opened) : undefined;
      await handleAll(compiled, messages, ctx, "topic", groupOf);
    },
  });
}

function toMessages(events: readonly (BusEvent | AnyfnError)[]): (TopicMessage | AnyfnError)[] {
  return events.map((event) => (event instanceof AnyfnError ? event : fromBusEvent(event)));
}

/** An event of an Event Grid topic as a published message: its data is the payload. */
export function fromBusEvent(event: BusEvent): TopicMessage {
  return createTopicMessage({
    id: event.id,
    payload: payloadOfData(event.data),
    attributes: { ...attributesOfExtensions(event.extensions), type: event.type, source: event.source },
    enqueuedAt: event.time,
    subject: event.subject,
    topic: event.source,
    raw: event.raw,
  });
}

/** JSON data has the text that it was sent as, spaces aside: a string keeps its quotes. */
function payloadOfData(data: unknown): PayloadSource {
  if (data instanceof Uint8Array) return { bytes: data as Uint8Array<ArrayBuffer> };
  if (data === undefined) return { text: "" };
  return typeof data === "string" ? { text: JSON.stringify(data) } : { value: data };
}

function attributesOfExtensions(
  extensions: BusEvent["extensions"],
): Record<string, string | number | boolean> {
  const attributes: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(extensions)) {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      attributes[name] = value;
  }
  return attributes;
}

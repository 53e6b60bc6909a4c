import type { Message, QueueTrigger } from "@anyfn/core";
import { compileEvents, createMessage, type NamedFunction, preparePayload } from "@anyfn/core/adapter";
import { createAzureContext } from "../context.ts";
import type { AzureApp, AzureContext } from "../native.ts";
import { type AzureSettings, secondsOf, settingsOf } from "../settings.ts";
import { handleAll } from "./_run.ts";
import { fromServiceBus, sessionsOf, traceOf } from "./_service-bus.ts";
import { countOf, malformed, type Opened, open, payloadOf, textOf, timeOf } from "./_values.ts";

/** Registers `queue` functions on Storage Queues or Service Bus queues. */
export function registerQueue(
  app: AzureApp,
  functions: readonly NamedFunction[],
  settings: AzureSettings = {},
): void {
  for (const named of functions) register(app, named, settings);
}

function register(app: AzureApp, { name, definition }: NamedFunction, settings: AzureSettings): void {
  const trigger = definition.trigger as QueueTrigger;
  const compiled = compileEvents<QueueTrigger, Message>(definition, "queue", preparePayload);
  const { source = "storage-queue", ...where } = settingsOf(settings.queues, trigger.name) ?? {};
  const onServiceBus = source === "service-bus";
  const decode = onServiceBus ? fromServiceBusQueue : fromStorageQueue;
  const seconds = secondsOf(definition.timeout, settings);
  const handler = async (input: unknown, context: AzureContext): Promise<void> => {
    const opened = open(input, context);
    const ctx = createAzureContext(
      context,
      seconds,
      onServiceBus ? () => traceOf(opened.metadata) : undefined,
    );
    const groupOf = where.sessions ? sessionsOf(opened) : undefined;
    await handleAll(compiled, decode(opened), ctx, "queue", groupOf);
  };
  const queueName = where.name ?? trigger.name;
  if (!onServiceBus) {
    const connection = where.connection ?? "AzureWebJobsStorage";
    app.storageQueue(name, { queueName, connection, dataType: "binary", handler });
    return;
  }
  app.serviceBusQueue(name, {
    queueName,
    connection: where.connection ?? "ServiceBusConnection",
    // A batch has one verdict, so that only a function that asks for whole batches gets one.
    cardinality: trigger.batch ? "many" : "one",
    ...(where.sessions ? { isSessionsEnabled: true } : {}),
    dataType: "binary",
    handler,
  });
}

function fromServiceBusQueue(opened: Opened): (Message | Error)[] {
  return fromServiceBus(opened, "queue", createMessage);
}

/**
 * The message of a Storage Queue; the host hands over one at a time.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#message-metadata
 */
export function fromStorageQueue({ input, metadata }: Opened): (Message | Error)[] {
  const id = textOf(metadata.id);
  if (id === undefined) return [malformed("queue", "id", "is missing")];
  const message = createMessage({
    id,
    payload: payloadOf(input),
    deliveryCount: countOf(metadata.dequeueCount),
    enqueuedAt: timeOf(metadata.insertionTime),
    raw: { body: input, triggerMetadata: metadata, index: 0 },
  });
  return [message];
}

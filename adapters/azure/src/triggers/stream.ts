import type { StreamRecord, StreamTrigger } from "@anyfn/core";
import { compileEvents, type GroupOf, type NamedFunction, preparePayload } from "@anyfn/core/adapter";
import { createAzureContext } from "../context.ts";
import type { AzureApp, AzureContext } from "../native.ts";
import { type AzureSettings, retryOf, type StreamSettings, secondsOf, settingsOf } from "../settings.ts";
import { fromEventHubs, splitDiagnostics } from "./_event-hubs.ts";
import { fromKafka } from "./_kafka.ts";
import { handleAll } from "./_run.ts";
import { open } from "./_values.ts";

/** Registers `stream` functions on event hubs or Kafka topics. */
export function registerStream(
  app: AzureApp,
  functions: readonly NamedFunction[],
  settings: AzureSettings = {},
): void {
  for (const named of functions) register(app, named, settings);
}

function register(app: AzureApp, { name, definition }: NamedFunction, settings: AzureSettings): void {
  const trigger = definition.trigger as StreamTrigger;
  const compiled = compileEvents<StreamTrigger, StreamRecord>(definition, "stream", preparePayload);
  const where: StreamSettings = settingsOf(settings.streams, trigger.name) ?? {};
  const seconds = secondsOf(definition.timeout, settings);
  const onKafka = where.source === "kafka";
  const decode = onKafka ? fromKafka : fromEventHubs;
  const handler = async (input: unknown, context: AzureContext): Promise<void> => {
    const decoded = decode(open(input, context), context.invocationId);
    const records = where.diagnosticLogs ? splitDiagnostics(decoded) : decoded;
    await handleAll(compiled, records, createAzureContext(context, seconds), "stream", byPartition);
  };
  const source = where.name ?? trigger.name;
  const consumerGroup = where.consumerGroup ?? "$Default";
  // Without a policy the host moves on behind a failed batch, which is lost then.
  const retry = retryOf(settings);
  if (onKafka) {
    app.generic(name, { trigger: kafkaTrigger(source, consumerGroup, where), retry, handler });
    return;
  }
  app.eventHub(name, {
    eventHubName: source,
    connection: where.connection ?? "EventHubConnection",
    consumerGroup,
    cardinality: "many",
    dataType: "binary",
    retry,
    handler,
  });
}

/** A batch of an event hub is of one partition, one of Kafka may be of several. */
const byPartition: GroupOf<StreamRecord> = ({ partition }) => partition ?? "";

/** @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-kafka-trigger#configuration */
function kafkaTrigger(
  topic: string,
  consumerGroup: string,
  { brokerList = "%KafkaBrokerList%", options }: StreamSettings,
): { type: string; name: string; [option: string]: unknown } {
  return {
    ...options,
    type: "kafkaTrigger",
    name: "events",
    topic,
    brokerList,
    consumerGroup,
    cardinality: "many",
    dataType: "binary",
  };
}

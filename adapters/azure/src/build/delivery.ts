import type { Delivery, DiscoveredFunction, TargetInput } from "@anyfn/build";
import type {
  BusTrigger,
  ChangesTrigger,
  QueueTrigger,
  ScheduleTrigger,
  StorageTrigger,
  StreamTrigger,
  TopicTrigger,
} from "@anyfn/core";
import { type AzureSettings, settingsOf } from "../settings.ts";
import { modeOf } from "../triggers/changes.ts";
import { toTimer } from "../triggers/schedule.ts";
import { batchSizesOf } from "./host-json.ts";

/** How a function's events arrive: the settings choose the source, and the app has one size of batches a source. */
export function delivery({ name, definition }: DiscoveredFunction, input: TargetInput): Delivery {
  const settings = input.settings as AzureSettings;
  const describe = DELIVERIES[definition.trigger.kind];
  return describe(definition.trigger as never, settings, { name, input, retries: retriesOf(settings) });
}

interface Place {
  readonly name: string;
  readonly input: TargetInput;
  readonly retries: Pick<Delivery, "capabilities">;
}

type Describe = (trigger: never, settings: AzureSettings, place: Place) => Delivery;

const DELIVERIES: Readonly<Record<DiscoveredFunction["definition"]["trigger"]["kind"], Describe>> = {
  http: (_trigger: unknown, { streaming = false }) => ({ streams: streaming }),
  queue: ({ name, batch }: QueueTrigger, settings, { input }) => {
    const { source = "storage-queue", sessions = false } = settingsOf(settings.queues, name) ?? {};
    if (source === "storage-queue") return { source: "Storage Queue" };
    return { source: "Service Bus queue", ...fromServiceBus(batch, sessions, input) };
  },
  topic: ({ name, batch }: TopicTrigger, settings, { input }) => {
    const { source = "service-bus", sessions = false } = settingsOf(settings.topics, name) ?? {};
    if (source === "event-grid") return { source: "Event Grid topic" };
    if (source === "event-grid-webhook") return { source: "Event Grid web hook" };
    return { source: "Service Bus topic", ...fromServiceBus(batch, sessions, input) };
  },
  schedule: (trigger: ScheduleTrigger, _settings, { retries }) => ({
    ...retries,
    schedule: `${toTimer(trigger)} in UTC`,
  }),
  storage: ({ name }: StorageTrigger, settings) => {
    const { source = "event-grid" } = settingsOf(settings.storage, name) ?? {};
    if (source === "blob") return { source: "Blob trigger" };
    return { source: source === "event-grid" ? "Event Grid blob events" : "Event Grid web hook" };
  },
  changes: (trigger: ChangesTrigger, settings, { retries }) => {
    const mode = modeOf(trigger, settingsOf(settings.changes, trigger.name) ?? {});
    if (mode === "all-versions-and-deletes") return retries;
    return { capabilities: { ...retries.capabilities, before: false, actions: ["updated"] } };
  },
  stream: ({ name }: StreamTrigger, settings, { input, retries }) => {
    const isKafka = settingsOf(settings.streams, name)?.source === "kafka";
    const batchSize = batchSizesOf(input.functions, settings)[isKafka ? "kafka" : "event-hubs"];
    return { ...retries, source: isKafka ? "Kafka" : "Event Hubs", ...(batchSize && { batchSize }) };
  },
  bus: ({ name }: BusTrigger, settings) => {
    const isWebhook = settingsOf(settings.buses, name)?.source === "event-grid-webhook";
    return { source: isWebhook ? "Event Grid web hook" : "Event Grid" };
  },
  direct: (_trigger: unknown, settings, { name }) => {
    const isActivity = settingsOf(settings.direct, name)?.source === "activity";
    return { source: isActivity ? "Durable activity" : "HTTP with a function key" };
  },
};

function fromServiceBus(batch: boolean, sessions: boolean, { functions, settings }: TargetInput): Delivery {
  const batchSize = batch ? batchSizesOf(functions, settings as AzureSettings)["service-bus"] : undefined;
  return { ...(batchSize && { batchSize }), capabilities: { ordering: sessions ? "group" : "none" } };
}

/** The policy that the settings give to streams, changes and schedules. */
function retriesOf({ retry }: AzureSettings): Pick<Delivery, "capabilities"> {
  if (retry === undefined) return {};
  const { attempts } = retry;
  if (attempts < 0) return { capabilities: { tries: Number.POSITIVE_INFINITY, retryDefault: "for ever" } };
  return {
    capabilities: { tries: attempts + 1, retryDefault: `${attempts} more tries, then it is passed over` },
  };
}

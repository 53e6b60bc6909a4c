import type { Capabilities, TriggerCapabilities } from "@anyfn/core/adapter";

const UNLIMITED = Number.POSITIVE_INFINITY;
const KIB = 1024;
const MIB = 1024 * KIB;

/** Memory of an instance in MiB. */
export const MEMORY_SIZES: readonly number[] = [512, 2048, 4096];

/** An app of the Flex Consumption plan: one process, one size of memory and one `functionTimeout` for all functions. */
const APP = {
  perFunction: { memory: false, timeout: false },
  memorySizes: MEMORY_SIZES,
} as const satisfies Partial<TriggerCapabilities>;

const STORAGE_QUEUE = { bytes: 64 * KIB, tries: 5, retryDefault: "5 tries, then the poison queue" };
const SERVICE_BUS = { tries: 10, retryDefault: "10 tries, then the dead letters" };
const EVENT_GRID = { tries: 30, retryDefault: "30 tries in 24 hours" };
const FOR_EVER = {
  tries: UNLIMITED,
  retryDefault: "for ever, by a policy of this adapter; the host would go on and lose the batch",
};

/** What Azure Functions on the Flex Consumption plan can do, by trigger; numbers from the services' documented limits. */
export const capabilities: Capabilities = {
  http: {
    ...APP,
    sources: ["HTTP trigger", "Static Web Apps"],
    batch: 1,
    partialFailure: false,
    ordering: "none",
    deadLetter: "none",
    delay: false,
    maxSeconds: 230,
    maxBytes: 100 * MIB,
    retryDefault: "none; the caller decides",
    streamingOut: true,
    streamingSwitch: "app",
    streamingIn: false,
    pathParams: "routes",
    platformCors: "preflight",
    deadline: "configured",
    notes: [
      "Answers are streamed where `streaming` is set, which holds for the whole app, and collected elsewhere.",
      "A slow caller does not slow a streamed answer down, and one that goes away does not end it before the deadline.",
      "Of several cookies, values are percent-encoded by the host, and `Partitioned` holds for one of them.",
      "Routes are case-insensitive to the host; a path in another case is answered with 404.",
    ],
  },
  queue: {
    ...APP,
    sources: ["Storage Queue", "Service Bus queue"],
    batch: 1000,
    partialFailure: false,
    ordering: "group",
    deadLetter: "after-retries",
    delay: false,
    maxSeconds: UNLIMITED,
    maxBytes: 256 * KIB,
    singly: true,
    retryDefault: `Storage Queue: ${STORAGE_QUEUE.retryDefault}. Service Bus: ${SERVICE_BUS.retryDefault}`,
    deadline: "configured",
    notes: [
      "Messages arrive one by one, unless a function on Service Bus asks for whole batches: these have one verdict.",
      `Messages of a Storage Queue have no attributes, no order, and at most ${STORAGE_QUEUE.bytes / KIB} KiB.`,
      "The first letter of an attribute's name arrives in lower case.",
    ],
    bySource: {
      "Storage Queue": {
        batch: 1,
        ordering: "none",
        maxBytes: STORAGE_QUEUE.bytes,
        tries: STORAGE_QUEUE.tries,
        retryDefault: STORAGE_QUEUE.retryDefault,
        atOnce: 24,
      },
      "Service Bus queue": { ...SERVICE_BUS, atOnce: 16 },
    },
  },
  topic: {
    ...APP,
    sources: ["Service Bus topic", "Event Grid topic", "Event Grid web hook"],
    batch: 1000,
    partialFailure: false,
    ordering: "group",
    deadLetter: "after-retries",
    delay: false,
    maxSeconds: UNLIMITED,
    maxBytes: 256 * KIB,
    singly: true,
    retryDefault: `Service Bus: ${SERVICE_BUS.retryDefault}. Event Grid: ${EVENT_GRID.retryDefault}`,
    deadline: "configured",
    bySource: {
      "Service Bus topic": { ...SERVICE_BUS, atOnce: 16 },
      "Event Grid topic": { ...EVENT_GRID, batch: 1, ordering: "none", maxBytes: MIB },
      "Event Grid web hook": { ...EVENT_GRID, batch: 1, ordering: "none", maxBytes: MIB },
    },
  },
  schedule: {
    ...APP,
    sources: ["Timer"],
    batch: 1,
    partialFailure: false,
    ordering: "none",
    deadLetter: "none",
    delay: false,
    maxSeconds: UNLIMITED,
    maxBytes: 0,
    tries: 1,
    retryDefault: "none; the next tick comes as planned",
    schedules: { fields: 6, timeZone: false, bothDays: false, clock: true },
    deadline: "configured",
    notes: ["Schedules are in UTC, and name days of the month or of the week but not both."],
  },
  storage: {
    ...APP,
    sources: ["Event Grid blob events", "Event Grid web hook", "Blob trigger"],
    batch: 1,
    partialFailure: false,
    ordering: "none",
    deadLetter: "after-retries",
    delay: false,
    maxSeconds: UNLIMITED,
    maxBytes: MIB,
    actions: ["created", "deleted", "archived"],
    ...EVENT_GRID,
    retryDefault: `Event Grid: ${EVENT_GRID.retryDefault}. Blob trigger: ${STORAGE_QUEUE.retryDefault}`,
    deadline: "configured",
    bySource: {
      "Event Grid blob events": EVENT_GRID,
      "Event Grid web hook": EVENT_GRID,
      "Blob trigger": {
        actions: ["created"],
        tries: STORAGE_QUEUE.tries,
        retryDefault: STORAGE_QUEUE.retryDefault,
      },
    },
    notes: [
      "A blob trigger sees created blobs alone, and reads each into memory.",
      "A changed tier is `archived` where the event names the archive tier, else `metadata`; changed metadata are not told.",
    ],
  },
  changes: {
    ...APP,
    sources: ["Cosmos DB change feed"],
    actions: ["created", "updated", "deleted"],
    before: true,
    batch: 1000,
    partialFailure: false,
    ordering: "partition",
    deadLetter: "none",
    delay: false,
    maxSeconds: UNLIMITED,
    maxBytes: 2 * MIB,
    ...FOR_EVER,
    deadline: "configured",
    notes: [
      "The latest version mode knows no deletions, reports every change as `updated`, and has no `before`.",
      "The mode with all versions and deletes needs continuous backup of the account.",
    ],
  },
  stream: {
    ...APP,
    sources: ["Event Hubs", "Kafka"],
    batch: 10_000,
    partialFailure: false,
    ordering: "partition",
    deadLetter: "none",
    delay: false,
    maxSeconds: UNLIMITED,
    maxBytes: MIB,
    ...FOR_EVER,
    deadline: "configured",
    notes: ["The size of a batch is set for the whole app: the largest `batchSize` holds."],
  },
  bus: {
    ...APP,
    sources: ["Event Grid", "Event Grid web hook"],
    batch: 1,
    partialFailure: false,
    ordering: "none",
    deadLetter: "after-retries",
    delay: false,
    maxSeconds: UNLIMITED,
    maxBytes: MIB,
    ...EVENT_GRID,
    deadline: "configured",
  },
  direct: {
    ...APP,
    sources: ["HTTP with a function key", "Durable activity"],
    batch: 1,
    partialFailure: false,
    ordering: "none",
    deadLetter: "none",
    delay: false,
    maxSeconds: 230,
    maxBytes: 100 * MIB,
    retryDefault: "none; the caller decides",
    deadline: "configured",
  },
};

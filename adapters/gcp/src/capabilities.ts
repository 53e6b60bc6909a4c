import type { Capabilities, TriggerCapabilities } from "@anyfn/core/adapter";

const MINUTE = 60;
const MIB = 1024 * 1024;

/** Cloud Run runs each function as a service of its own, through the functions API one request at a time. */
const RUN = {
  perFunction: { memory: true, timeout: true },
  atOnce: 1,
} as const satisfies Partial<TriggerCapabilities>;

/** Where the numbers are from: https://cloud.google.com/run/quotas and https://cloud.google.com/pubsub/quotas */
const PUBSUB = {
  ...RUN,
  batch: 1,
  partialFailure: true,
  deadLetter: "after-retries",
  delay: false,
  tries: Number.POSITIVE_INFINITY,
  // The longest acknowledgement deadline of a push subscription.
  maxSeconds: 10 * MINUTE,
  maxBytes: 10_000_000,
  deadline: "configured",
} as const;

const EVENTARC = {
  ...RUN,
  batch: 1,
  partialFailure: true,
  ordering: "none",
  deadLetter: "none",
  delay: false,
  maxSeconds: 10 * MINUTE,
  maxBytes: 512 * 1024,
  tries: 1,
  retryDefault:
    "A failed event is dropped unless the trigger is deployed with retries, which then go on for 24 hours.",
  deadline: "configured",
} satisfies Partial<TriggerCapabilities>;

const REDELIVERED =
  "A push subscription delivers again at once, until the message is done or its retention of 7 days ends.";
/** Cloud Tasks' own numbers. */
const TASKS = { maxSeconds: 30 * MINUTE, maxBytes: MIB, delay: true };
/** The most tries that a job of Cloud Scheduler can be given beyond the first. */
const SCHEDULER_RETRIES = 5;
const CLOCK_CHANGE = "a time that the clocks leave out or repeat may be missed or run twice";
const GUARDED =
  "Deliveries are HTTP requests: deploy the function with --no-allow-unauthenticated, so that IAM admits the service's alone.";
const DEAD_LETTER =
  "A dead letter stays failed until the subscription's own dead-letter policy moves it after 5 to 100 deliveries.";
const COUNT = "The count of deliveries is known only with a dead-letter policy.";

/** What Google Cloud can do with each trigger. */
export const capabilities: Capabilities = {
  http: {
    ...RUN,
    sources: ["Cloud Run functions"],
    batch: 1,
    partialFailure: false,
    ordering: "none",
    deadLetter: "none",
    delay: false,
    maxSeconds: 60 * MINUTE,
    maxBytes: 32 * MIB,
    retryDefault: "The caller decides.",
    streamingOut: true,
    streamingIn: false,
    pathParams: "address",
    deadline: "configured",
    notes: [
      "A body is read to its end before the handler runs.",
      "Work after the answer gets CPU time only with instance-based billing.",
    ],
  },
  queue: {
    ...PUBSUB,
    sources: ["Pub/Sub push subscription", "Cloud Tasks"],
    ordering: "group",
    retryDefault: REDELIVERED,
    notes: [
      GUARDED,
      DEAD_LETTER,
      COUNT,
      `Only Cloud Tasks minds Retry({ after }), and it lets a task run for ${TASKS.maxSeconds / MINUTE} minutes and have ` +
        `${TASKS.maxBytes / MIB} MiB.`,
    ],
    bySource: { "Cloud Tasks": { ...TASKS, ordering: "none" } },
  },
  topic: {
    ...PUBSUB,
    sources: ["Pub/Sub by Eventarc", "Pub/Sub push subscription"],
    ordering: "group",
    retryDefault: `${EVENTARC.retryDefault} ${REDELIVERED}`,
    notes: [GUARDED, DEAD_LETTER, COUNT],
    bySource: {
      "Pub/Sub by Eventarc": { tries: EVENTARC.tries, retryDefault: EVENTARC.retryDefault },
      "Pub/Sub push subscription": { retryDefault: REDELIVERED },
    },
  },
  schedule: {
    ...EVENTARC,
    sources: ["Cloud Scheduler by HTTP", "Cloud Scheduler by Pub/Sub"],
    maxSeconds: 30 * MINUTE,
    maxBytes: MIB,
    retryDefault: `A failed tick is not run again unless the job is given 1 to ${SCHEDULER_RETRIES} retries.`,
    schedules: {
      fields: 5,
      timeZone: true,
      bothDays: true,
      clockChange: CLOCK_CHANGE,
      clock: true,
    },
    notes: [
      GUARDED,
      "By Pub/Sub a tick may run for 10 minutes, and its time is that of the message.",
      `In a time zone, ${CLOCK_CHANGE}; UTC has none.`,
      "A tick may be delivered twice, and the next one while it runs.",
    ],
  },
  storage: {
    ...EVENTARC,
    sources: ["Cloud Storage by Eventarc", "Cloud Storage notification by Pub/Sub"],
    actions: ["created", "deleted", "archived", "metadata"],
    notes: [
      GUARDED,
      "Overwriting an object raises two events: the new generation is created, the old one deleted or archived.",
    ],
  },
  changes: {
    ...EVENTARC,
    sources: ["Firestore by Eventarc"],
    actions: ["created", "updated", "deleted"],
    before: true,
    notes: [
      GUARDED,
      "Timestamps in documents are RFC 3339 text to the nanosecond, references are the resource's name.",
      "Events of one document may arrive out of order; `sequence` is the document's time of update.",
    ],
  },
  stream: {
    ...PUBSUB,
    sources: ["Pub/Sub push subscription with message ordering"],
    ordering: "group",
    retryDefault: REDELIVERED,
    notes: [
      GUARDED,
      DEAD_LETTER,
      "Order holds for one ordering key, and one message of it is delivered at a time.",
    ],
  },
  bus: {
    ...EVENTARC,
    sources: ["Eventarc"],
    notes: [GUARDED, "Cloud Audit Logs arrive as events of the type google.cloud.audit.log.v1.written."],
  },
  direct: {
    ...RUN,
    sources: ["HTTP with OIDC", "Workflows"],
    batch: 1,
    partialFailure: false,
    ordering: "none",
    deadLetter: "none",
    delay: false,
    maxSeconds: 60 * MINUTE,
    maxBytes: 32 * MIB,
    retryDefault: "The caller decides.",
    deadline: "configured",
    notes: ["Calls are POST requests with a JSON body; IAM admits callers by their identity token."],
  },
};

import type { Capabilities, SourceCapabilities, TriggerCapabilities } from "@anyfn/core/adapter";

/** What Lambda does for each function, whatever starts it. */
const LAMBDA = {
  perFunction: { memory: true, timeout: true },
  atOnce: 1,
} as const satisfies Partial<TriggerCapabilities>;

const TWO_MORE = "Two more tries; then the event is dropped, unless an on-failure destination is set.";

/** One event an invocation, which Lambda itself queues and tries three times. */
const ASYNCHRONOUS = {
  ...LAMBDA,
  batch: 1,
  partialFailure: false,
  ordering: "none",
  deadLetter: "after-retries",
  delay: false,
  maxSeconds: 900,
  maxBytes: 1_048_576,
  tries: 3,
  retryDefault: TWO_MORE,
  deadline: "platform",
} as const satisfies Partial<TriggerCapabilities>;

const FAILURES =
  "The source's mapping needs ReportBatchItemFailures: without it Lambda takes a batch with failures for done.";

const HTTP_API_SECONDS = 30;
const REST_API_SECONDS = 29;
const LOAD_BALANCER_BYTES = 1_000_000;
const STREAM_BYTES = 200_000_000;
const FIFO_BATCH = 10;
const CLOCK_CHANGE = "a time that the clocks leave out is skipped, one that they repeat runs once";

/** A queue between the source and Lambda. */
const THROUGH_SQS = {
  batch: 10_000,
  partialFailure: true,
  tries: Number.POSITIVE_INFINITY,
  retryDefault:
    "Again after the visibility timeout until the message expires, unless a redrive policy limits the tries.",
} as const satisfies SourceCapabilities;

/** What Lambda can do with each trigger. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const capabilities: Capabilities = {
  http: {
    ...LAMBDA,
    sources: ["HTTP API", "REST API", "function URL", "Application Load Balancer"],
    batch: 1,
    partialFailure: false,
    ordering: "none",
    deadLetter: "none",
    delay: false,
    maxSeconds: 900,
    maxBytes: 6_291_456,
    retryDefault: "None; the caller gets the answer.",
    // Lambda takes bytes as base64, four for three.
    maxBinaryBytes: 4_718_592,
    streamingOut: true,
    streamingSwitch: "function",
    maxStreamBytes: STREAM_BYTES,
    streamingIn: false,
    pathParams: "routes",
    platformCors: "headers",
    deadline: "platform",
    notes: [
      `An HTTP API waits ${HTTP_API_SECONDS} seconds for an answer, a REST API ${REST_API_SECONDS} unless its quota is raised.`,
      `An answer streams from a function URL or a REST API only, up to ${STREAM_BYTES / 1_000_000} MB; a load balancer takes ` +
        `${LOAD_BALANCER_BYTES / 1_000_000} MB.`,
    ],
    bySource: {
      "HTTP API": { maxSeconds: HTTP_API_SECONDS, streamingOut: false },
      "REST API": { maxSeconds: REST_API_SECONDS },
      "function URL": { pathParams: "address" },
      "Application Load Balancer": {
        maxBytes: LOAD_BALANCER_BYTES,
        maxBinaryBytes: (LOAD_BALANCER_BYTES / 4) * 3,
        streamingOut: false,
      },
    },
  },
  queue: {
    ...LAMBDA,
    ...THROUGH_SQS,
    sources: ["SQS standard queue", "SQS FIFO queue"],
    ordering: "group",
    deadLetter: "after-retries",
    delay: false,
    maxSeconds: 900,
    maxBytes: 1_048_576,
    deadline: "platform",
    notes: [FAILURES, `A FIFO queue hands over at most ${FIFO_BATCH} messages at once.`],
    bySource: { "SQS standard queue": { ordering: "none" }, "SQS FIFO queue": { batch: FIFO_BATCH } },
  },
  topic: {
    ...ASYNCHRONOUS,
    sources: ["SNS topic", "SNS topic through an SQS queue"],
    maxBytes: 262_144,
    notes: ["Through an SQS queue, batches and partial failures are those of the queue."],
    bySource: { "SNS topic through an SQS queue": THROUGH_SQS },
  },
  schedule: {
    ...ASYNCHRONOUS,
    sources: ["EventBridge Scheduler", "EventBridge rule"],
    tries: 186,
    retryDefault:
      "EventBridge Scheduler: 185 more tries within 24 hours; a rule's events as any asynchronous one.",
    schedules: {
      fields: 6,
      timeZone: true,
      bothDays: false,
      clockChange: CLOCK_CHANGE,
      clock: true,
    },
    notes: [
      `A rule runs in UTC. The Scheduler keeps a time zone: ${CLOCK_CHANGE}.`,
      "A tick may be delivered twice, and the next one while it runs.",
    ],
    bySource: {
      "EventBridge Scheduler": { retryDefault: "185 more tries within 24 hours; then the tick is dropped." },
      "EventBridge rule": {
        tries: 3,
        retryDefault: TWO_MORE,
        schedules: { fields: 6, timeZone: false, bothDays: false, clock: true },
      },
    },
  },
  storage: {
    ...ASYNCHRONOUS,
    sources: ["S3 notification", "S3 through EventBridge", "S3 through SNS", "S3 through SQS"],
    actions: ["created", "deleted", "archived", "metadata"],
    notes: ["Through an SQS queue, batches and partial failures are those of the queue."],
    bySource: { "S3 through SQS": THROUGH_SQS },
  },
  changes: {
    ...LAMBDA,
    sources: ["DynamoDB stream", "DocumentDB change stream"],
    actions: ["created", "updated", "deleted"],
    before: true,
    batch: 10_000,
    partialFailure: true,
    ordering: "partition",
    deadLetter: "after-retries",
    delay: false,
    maxSeconds: 900,
    maxBytes: 6_291_456,
    tries: Number.POSITIVE_INFINITY,
    retryDefault: "Until the record expires after 24 hours, which blocks its shard.",
    deadline: "platform",
    notes: [
      FAILURES,
      "DocumentDB takes one verdict for a whole batch, and sends no document before the change unless asked to.",
    ],
    bySource: { "DocumentDB change stream": { partialFailure: false, before: false } },
  },
  stream: {
    ...LAMBDA,
    sources: ["Kinesis data stream", "Amazon MSK", "self-managed Kafka", "CloudWatch Logs"],
    batch: 10_000,
    partialFailure: true,
    ordering: "partition",
    deadLetter: "after-retries",
    delay: false,
    maxSeconds: 900,
    maxBytes: 6_291_456,
    tries: Number.POSITIVE_INFINITY,
    retryDefault: "Until the record expires, which blocks its shard or partition.",
    deadline: "platform",
    notes: [
      FAILURES,
      "Kafka reads the list of failures only with provisioned pollers.",
      "Logs have one verdict for a delivery, which is tried twice more and dropped then, without an on-failure destination.",
      "What the Kinesis Producer Library aggregated is one record, with its bytes as the library wrote them.",
    ],
    bySource: { "CloudWatch Logs": { partialFailure: false, tries: 3, retryDefault: TWO_MORE } },
  },
  bus: { ...ASYNCHRONOUS, sources: ["EventBridge rule"] },
  direct: {
    ...LAMBDA,
    sources: ["Invoke", "Step Functions task"],
    batch: 1,
    partialFailure: false,
    ordering: "none",
    deadLetter: "none",
    delay: false,
    maxSeconds: 900,
    maxBytes: 6_291_456,
    retryDefault: "None for a synchronous call; the caller gets the error.",
    deadline: "platform",
  },
};

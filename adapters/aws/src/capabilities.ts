import type { Capabilities, TriggerCapabilities } from "@anyfn/core/adapter";

/** One event an invocation, which Lambda itself queues and tries three times. */
const ASYNCHRONOUS = {
  batch: 1,
  partialFailure: false,
  ordering: "none",
  deadLetter: "after-retries",
  delay: false,
  maxSeconds: 900,
  maxBytes: 1_048_576,
  retryDefault: "Two more tries; then the event is dropped, unless an on-failure destination is set.",
  deadline: "platform",
} as const satisfies Partial<TriggerCapabilities>;

const FAILURES =
  "The source's mapping needs ReportBatchItemFailures: without it Lambda takes a batch with failures for done.";

/** What Lambda can do with each trigger. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const capabilities: Capabilities = {
  http: {
    sources: ["HTTP API", "REST API", "function URL", "Application Load Balancer"],
    batch: 1,
    partialFailure: false,
    ordering: "none",
    deadLetter: "none",
    delay: false,
    maxSeconds: 900,
    maxBytes: 6_291_456,
    retryDefault: "None; the caller gets the answer.",
    streamingOut: true,
    streamingIn: false,
    deadline: "platform",
    notes: [
      "An HTTP API waits 30 seconds for an answer, a REST API 29 unless its quota is raised.",
      "An answer streams from a function URL or a REST API only, up to 200 MB; a load balancer takes 1 MB.",
    ],
  },
  queue: {
    sources: ["SQS standard queue", "SQS FIFO queue"],
    batch: 10_000,
    partialFailure: true,
    ordering: "group",
    deadLetter: "after-retries",
    delay: false,
    maxSeconds: 900,
    maxBytes: 1_048_576,
    retryDefault:
      "Again after the visibility timeout until the message expires, unless a redrive policy limits the tries.",
    deadline: "platform",
    notes: [FAILURES, "A FIFO queue hands over at most 10 messages at once."],
  },
  topic: {
    ...ASYNCHRONOUS,
    sources: ["SNS topic", "SNS topic through an SQS queue"],
    maxBytes: 262_144,
    notes: ["Through an SQS queue, batches and partial failures are those of the queue."],
  },
  schedule: {
    ...ASYNCHRONOUS,
    sources: ["EventBridge Scheduler", "EventBridge rule"],
    retryDefault:
      "EventBridge Scheduler: 185 more tries within 24 hours; a rule's events as any asynchronous one.",
    notes: [
      "A rule runs in UTC. The Scheduler keeps a time zone: a time that its clocks leave out is skipped, one that they repeat runs once.",
      "A tick may be delivered twice, and the next one while it runs.",
    ],
  },
  storage: {
    ...ASYNCHRONOUS,
    sources: ["S3 notification", "S3 through EventBridge", "S3 through SNS", "S3 through SQS"],
    notes: ["Through an SQS queue, batches and partial failures are those of the queue."],
  },
  changes: {
    sources: ["DynamoDB stream", "DocumentDB change stream"],
    batch: 10_000,
    partialFailure: true,
    ordering: "partition",
    deadLetter: "after-retries",
    delay: false,
    maxSeconds: 900,
    maxBytes: 6_291_456,
    retryDefault: "Until the record expires after 24 hours, which blocks its shard.",
    deadline: "platform",
    notes: [
      FAILURES,
      "DocumentDB takes one verdict for a whole batch, and sends no document before the change unless asked to.",
    ],
  },
  stream: {
    sources: ["Kinesis data stream", "Amazon MSK", "self-managed Kafka", "CloudWatch Logs"],
    batch: 10_000,
    partialFailure: true,
    ordering: "partition",
    deadLetter: "after-retries",
    delay: false,
    maxSeconds: 900,
    maxBytes: 6_291_456,
    retryDefault: "Until the record expires, which blocks its shard or partition.",
    deadline: "platform",
    notes: [
      FAILURES,
      "Kafka reads the list of failures only with provisioned pollers.",
      "Logs have one verdict for a delivery, which is tried twice more and dropped then, without an on-failure destination.",
      "What the Kinesis Producer Library aggregated is one record, with its bytes as the library wrote them.",
    ],
  },
  bus: { ...ASYNCHRONOUS, sources: ["EventBridge rule"] },
  direct: {
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

import { ACCOUNT, type AwsRequest, REGION, type ServiceStub } from "./aws-service.ts";
import { at, createJsonStub, type Loose, paged, refusal } from "./aws-service-tables.ts";

/** A queue as the stand-in keeps it. */
export interface StubQueue {
  /** As text, all of them. */
  attributes: Readonly<Record<string, string>>;
  readonly tags: unknown;
}

/** The stand-in of SQS, and its queues by name. */
export interface SqsStub extends ServiceStub {
  readonly queues: Map<string, StubQueue>;
}

const DEFAULTS = {
  ApproximateNumberOfMessages: "0",
  MessageRetentionPeriod: "345600",
  SqsManagedSseEnabled: "true",
  VisibilityTimeout: "30",
};

/** Starts empty. */
export function createSqsStub(): SqsStub {
  const queues = new Map<string, StubQueue>();
  // The client asks where the URL of the queue is.
  const urlOf = (name: unknown, { headers }: AwsRequest) => `http://${headers.host}/${ACCOUNT}/${name}`;
  const nameAt = ({ QueueUrl }: Loose) => String(QueueUrl).split("/").at(-1) ?? "";
  const queueAt = (input: Loose) => at(queues, nameAt(input), "QueueDoesNotExist");
  const change = (input: Loose) => ({ ...queueAt(input).attributes, ...(input.Attributes as Loose) });
  const stub = createJsonStub("sqs", {
    CreateQueue: ({ QueueName, Attributes, tags }, request) => {
      const name = String(QueueName);
      const attributes: StubQueue["attributes"] = { ...DEFAULTS, ...(Attributes as Loose) };
      if (queues.has(name)) throw refusal("QueueNameExists");
      if (name.endsWith(".fifo") !== (attributes.FifoQueue === "true"))
        throw refusal("InvalidParameterValue");
      queues.set(name, { attributes, tags });
      return { QueueUrl: urlOf(name, request) };
    },
    GetQueueUrl: ({ QueueName }, request) => {
      at(queues, QueueName, "QueueDoesNotExist");
      return { QueueUrl: urlOf(QueueName, request) };
    },
    GetQueueAttributes: (input) => {
      const names = input.AttributeNames as readonly string[];
      const all = Object.entries({
        ...queueAt(input).attributes,
        QueueArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${nameAt(input)}`,
        CreatedTimestamp: "1790000000",
      });
      const asked = all.filter(
        ([name, value]) => value !== "" && (names.includes("All") || names.includes(name)),
      );
      return { Attributes: Object.fromEntries(asked) };
    },
    SetQueueAttributes: (input) => {
      const entries = Object.entries(change(input));
      if (entries.some(([, value]) => typeof value !== "string")) throw refusal("SerializationException");
      queueAt(input).attributes = Object.fromEntries(entries) as StubQueue["attributes"];
      return {};
    },
    ListQueues: ({ QueueNamePrefix, NextToken }, request) => {
      const names = [...queues.keys()].filter((name) => name.startsWith(String(QueueNamePrefix)));
      const [page, next] = paged(names, NextToken);
      return { QueueUrls: page.map((name) => urlOf(name, request)), NextToken: next };
    },
    ListQueueTags: (input) => ({ Tags: queueAt(input).tags }),
    DeleteQueue: (input) => {
      queueAt(input);
      queues.delete(nameAt(input));
      return {};
    },
  });
  return { ...stub, queues };
}

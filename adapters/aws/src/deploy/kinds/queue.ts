import { ifThere, isNamed } from "../_errors.ts";
import { retry } from "../_retry.ts";
import type { Aws, Found, Resource, ResourceKind } from "../kind.ts";
import { everything, fromMark, known, ours, parsed, prefixOf, toMark } from "./_service.ts";

const GONE = ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"];

/** SQS takes and gives all attributes as text. */
const FROM_TEXT: Readonly<Record<string, (text: string) => unknown>> = {
  FifoQueue: (text) => text === "true",
  MessageRetentionPeriod: Number,
  RedrivePolicy: (text) => {
    const { deadLetterTargetArn, maxReceiveCount } = parsed(text) as Record<string, unknown>;
    return { deadLetterTargetArn, maxReceiveCount: Number(maxReceiveCount) };
  },
  SqsManagedSseEnabled: (text) => text === "true",
  VisibilityTimeout: Number,
};

/** A queue, of messages or of dead letters. */
export const queue: ResourceKind = {
  type: "AWS::SQS::Queue",
  label: "queue",
  immutable: ["FifoQueue"],
  defaults: {
    FifoQueue: false,
    MessageRetentionPeriod: 345_600,
    SqsManagedSseEnabled: true,
    VisibilityTimeout: 30,
  },
  nameOf: (suggested, { properties }) => (properties.FifoQueue === true ? `${suggested}.fifo` : suggested),
  read: ({ aws, name }) => describe(aws, name),
  create: async ({ aws, name, properties, tags }) => {
    const sqs = await aws.clients.sqs();
    const asked = { QueueName: name, Attributes: toAttributes(properties), tags: { ...tags } };
    const passes = (error: unknown) =>
      isNamed(error, "QueueDeletedRecently", "AWS.SimpleQueueService.QueueDeletedRecently");
    const doing = "SQS to forget the deleted queue of this name";
    const { QueueUrl = "" } = await retry(aws, () => sqs.createQueue(asked), passes, { doing });
    return { id: QueueUrl, name, properties, attributes: attributesOf(aws, name, QueueUrl) };
  },
  update: async ({ aws, properties }, found, changed) => {
    const sqs = await aws.clients.sqs();
    const values = toAttributes(properties);
    const Attributes = Object.fromEntries(changed.map((name) => [name, values[name] ?? unset(name)]));
    await sqs.setQueueAttributes({ QueueUrl: found.id, Attributes });
    return { ...found, properties };
  },
  remove: async ({ aws }, { id: QueueUrl }) => {
    const sqs = await aws.clients.sqs();
    await ifThere(sqs.deleteQueue({ QueueUrl }), ...GONE);
  },
  isEmpty: async (aws, { id: QueueUrl }) => {
    const sqs = await aws.clients.sqs();
    const asked = sqs.getQueueAttributes({ QueueUrl, AttributeNames: [...COUNTS] });
    const counts = (await ifThere(asked, ...GONE))?.Attributes ?? {};
    return COUNTS.every((name) => Number(counts[name] ?? 0) === 0);
  },
  list: async (aws) => ours(aws, await queueNames(aws), (name) => describe(aws, name)),
};

/** Messages that wait, that are being handled and that wait for their time. */
const COUNTS = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const;

/** Who may send to a queue. It is one document, so that what others have put there is not deleted with ours. */
export const queuePolicy: ResourceKind = {
  type: "AWS::SQS::QueuePolicy",
  label: "queue policy",
  immutable: ["Queues"],
  read: async ({ aws, properties }) => {
    const [url] = (properties.Queues as readonly unknown[]).map(known);
    return url === undefined ? undefined : policyAt(aws, url);
  },
  create: (resource) => putPolicy(resource),
  update: (resource) => putPolicy(resource),
  remove: async ({ aws }, { parent: QueueUrl }) => {
    const sqs = await aws.clients.sqs();
    await ifThere(sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy: "" } }), ...GONE);
  },
  list: async (aws) => {
    const queues = await ours(aws, await queueNames(aws), (name) => describe(aws, name));
    const policies = await Promise.all(queues.map(({ id }) => policyAt(aws, id)));
    return policies.filter((policy) => policy !== undefined).filter(({ tags }) => tags !== undefined);
  },
};

async function describe(aws: Aws, QueueName: string): Promise<Found | undefined> {
  const sqs = await aws.clients.sqs();
  const there = await ifThere(sqs.getQueueUrl({ QueueName }), ...GONE);
  if (there?.QueueUrl === undefined) return undefined;
  const { QueueUrl } = there;
  const [attributes, tags] = await Promise.all([
    ifThere(sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["All"] }), ...GONE),
    ifThere(sqs.listQueueTags({ QueueUrl }), ...GONE),
  ]);
  if (attributes === undefined || tags === undefined) return undefined;
  const properties = Object.entries(attributes.Attributes ?? {}).flatMap(([name, text]) => {
    const read = FROM_TEXT[name];
    return read === undefined || text === "" ? [] : [[name, read(text)] as const];
  });
  return {
    id: QueueUrl,
    name: QueueName,
    properties: Object.fromEntries(properties),
    attributes: attributesOf(aws, QueueName, QueueUrl),
    tags: tags.Tags ?? {},
  };
}

function attributesOf(
  { partition, region, account }: Aws,
  QueueName: string,
  Ref: string,
): Found["attributes"] {
  return { Ref, Arn: `arn:${partition}:sqs:${region}:${account}:${QueueName}`, QueueName };
}

function toAttributes(properties: Resource["properties"]): Record<string, string> {
  const entries = Object.entries(properties).map(([name, value]) => [
    name,
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ]);
  return Object.fromEntries(entries);
}

/** What SQS takes for an attribute that is no longer declared. */
const unset = (name: string) => String(queue.defaults?.[name] ?? "");

async function queueNames(aws: Aws): Promise<readonly string[]> {
  const sqs = await aws.clients.sqs();
  const urls = await everything(async (NextToken) => {
    const page = await sqs.listQueues({ QueueNamePrefix: prefixOf(aws), MaxResults: 1000, NextToken });
    return [page.QueueUrls, page.NextToken];
  });
  return urls.map((url) => url.slice(url.lastIndexOf("/") + 1));
}

async function policyAt(aws: Aws, QueueUrl: string): Promise<Found | undefined> {
  const sqs = await aws.clients.sqs();
  const asked = sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["Policy"] });
  const document = parsed((await ifThere(asked, ...GONE))?.Attributes?.Policy);
  if (document === undefined) return undefined;
  const { Id, ...PolicyDocument } = document as { readonly Id?: string };
  const name = fromMark(aws, Id);
  return {
    id: `${QueueUrl}|policy`,
    name: name ?? "",
    properties: { PolicyDocument, Queues: [QueueUrl] },
    attributes: { Ref: `${QueueUrl}|policy` },
    tags: name === undefined ? undefined : aws.tags,
    parent: QueueUrl,
  };
}

async function putPolicy({ aws, name, properties }: Resource): Promise<Found> {
  const sqs = await aws.clients.sqs();
  const [QueueUrl = ""] = properties.Queues as readonly string[];
  const Policy = JSON.stringify({ Id: toMark(aws, name), ...(properties.PolicyDocument as object) });
  await sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy } });
  return {
    id: `${QueueUrl}|policy`,
    name,
    properties,
    attributes: { Ref: `${QueueUrl}|policy` },
    parent: QueueUrl,
  };
}

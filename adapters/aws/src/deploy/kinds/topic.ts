import { ifThere } from "../_errors.ts";
import type { Aws, Found, ResourceKind } from "../kind.ts";
import { atAlias } from "./_lambda.ts";
import { everything, fromTagList, known, ours, parsed, prefixOf, toTagList } from "./_service.ts";
import { queue } from "./queue.ts";

const GONE = ["NotFoundException", "ResourceNotFoundException"];

/** A topic. */
export const topic: ResourceKind = {
  type: "AWS::SNS::Topic",
  label: "topic",
  read: ({ aws, name }) => describe(aws, arnOf(aws, name)),
  create: async ({ aws, name, tags }) => {
    const sns = await aws.clients.sns();
    const { TopicArn = "" } = await sns.createTopic({ Name: name, Tags: toTagList(tags) });
    return topicAt(TopicArn);
  },
  // It has no properties.
  update: async (_resource, found) => found,
  remove: async ({ aws }, { id: TopicArn }) => {
    const sns = await aws.clients.sns();
    await ifThere(sns.deleteTopic({ TopicArn }), ...GONE);
  },
  list: async (aws) => {
    const sns = await aws.clients.sns();
    const topics = await everything(async (NextToken) => {
      const page = await sns.listTopics({ NextToken });
      return [page.Topics, page.NextToken];
    });
    const arns = topics.map(({ TopicArn = "" }) => TopicArn);
    const own = arns.filter((arn) => arn.startsWith(arnOf(aws, prefixOf(aws))));
    return ours(aws, own, (arn) => describe(aws, arn));
  },
};

/** Brings a topic's messages to a function or a queue. */
export const subscription: ResourceKind = {
  type: "AWS::SNS::Subscription",
  label: "subscription",
  immutable: ["Endpoint", "Protocol", "TopicArn"],
  read: async ({ aws, properties }) => {
    const TopicArn = known(properties.TopicArn);
    if (TopicArn === undefined || known(properties.Endpoint) === undefined) return undefined;
    const sns = await aws.clients.sns();
    const all = await everything(async (NextToken) => {
      const page = await ifThere(sns.listSubscriptionsByTopic({ TopicArn, NextToken }), ...GONE);
      return [page?.Subscriptions, page?.NextToken];
    });
    const found = all.find(
      ({ Endpoint, Protocol }) => Endpoint === properties.Endpoint && Protocol === properties.Protocol,
    );
    return found?.SubscriptionArn === undefined ? undefined : subscriptionAt(aws, found.SubscriptionArn);
  },
  create: async ({ aws, properties }) => {
    const sns = await aws.clients.sns();
    const { Endpoint, Protocol, TopicArn, RedrivePolicy } = properties as unknown as Subscription;
    const { SubscriptionArn = "" } = await sns.subscribe({
      TopicArn,
      Protocol,
      Endpoint,
      Attributes: RedrivePolicy === undefined ? {} : { RedrivePolicy: JSON.stringify(RedrivePolicy) },
      ReturnSubscriptionArn: true,
    });
    return toFound(SubscriptionArn, properties);
  },
  update: async ({ aws, properties }, found) => {
    const sns = await aws.clients.sns();
    const AttributeValue = JSON.stringify(properties.RedrivePolicy ?? {});
    const SubscriptionArn = found.id;
    await sns.setSubscriptionAttributes({ SubscriptionArn, AttributeName: "RedrivePolicy", AttributeValue });
    return toFound(SubscriptionArn, properties);
  },
  remove: async ({ aws }, { id: SubscriptionArn }) => {
    const sns = await aws.clients.sns();
    await ifThere(sns.unsubscribe({ SubscriptionArn }), ...GONE);
  },
  list: listSubscriptions,
};

interface Subscription {
  readonly Endpoint: string;
  readonly Protocol: string;
  readonly TopicArn: string;
  readonly RedrivePolicy?: unknown;
}

const arnOf = ({ partition, region, account }: Aws, name: string) =>
  `arn:${partition}:sns:${region}:${account}:${name}`;

function topicAt(TopicArn: string): Found {
  const TopicName = TopicArn.slice(TopicArn.lastIndexOf(":") + 1);
  return {
    id: TopicArn,
    name: TopicName,
    properties: {},
    attributes: { Ref: TopicArn, TopicArn, TopicName },
  };
}

async function describe(aws: Aws, TopicArn: string): Promise<Found | undefined> {
  const sns = await aws.clients.sns();
  const answer = await ifThere(sns.listTagsForResource({ ResourceArn: TopicArn }), ...GONE);
  return answer === undefined ? undefined : { ...topicAt(TopicArn), tags: fromTagList(answer.Tags) };
}

async function subscriptionAt(aws: Aws, SubscriptionArn: string): Promise<Found | undefined> {
  const sns = await aws.clients.sns();
  const answer = await ifThere(sns.getSubscriptionAttributes({ SubscriptionArn }), ...GONE);
  if (answer?.Attributes === undefined) return undefined;
  const { Endpoint, Protocol, TopicArn, RedrivePolicy } = answer.Attributes;
  return toFound(SubscriptionArn, { Endpoint, Protocol, TopicArn, RedrivePolicy: parsed(RedrivePolicy) });
}

function toFound(SubscriptionArn: string, properties: Found["properties"]): Found {
  const { Endpoint, TopicArn } = properties as unknown as Subscription;
  const name = [TopicArn, Endpoint.replace(/:live$/, "")].map((arn) => arn.split(":").at(-1)).join(" → ");
  return {
    id: SubscriptionArn,
    name,
    properties,
    attributes: { Ref: SubscriptionArn },
    parent: TopicArn,
  };
}

/** Subscriptions have no tags: they are the stage's when what they bring messages to is. */
async function listSubscriptions(aws: Aws): Promise<readonly Found[]> {
  const sns = await aws.clients.sns();
  const all = await everything(async (NextToken) => {
    const page = await sns.listSubscriptions({ NextToken });
    return [page.Subscriptions, page.NextToken];
  });
  const owned = await owns(aws);
  const own = all.filter(({ Endpoint = "" }) => owned(Endpoint));
  const found = await Promise.all(
    own.map(({ SubscriptionArn = "" }) => subscriptionAt(aws, SubscriptionArn)),
  );
  return found.filter((one) => one !== undefined);
}

/** Tells the ARNs of the stage's aliases and queues from others. */
async function owns(aws: Aws): Promise<(arn: string) => boolean> {
  const functions = (await aws.functions()).map(({ name }) => name);
  const queues = ((await queue.list?.(aws)) ?? []).map(({ attributes }) => attributes.Arn);
  return (arn) => functions.includes(atAlias(arn)?.FunctionName ?? "") || queues.includes(arn);
}

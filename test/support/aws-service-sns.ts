import { ACCOUNT, createIds, REGION, type ServiceStub } from "./aws-service.ts";
import { at, createQueryStub, type Loose, paged } from "./aws-service-tables.ts";

/** The stand-in of SNS: topics and subscriptions by ARN. */
export interface SnsStub extends ServiceStub {
  readonly topics: Map<string, { readonly tags: unknown }>;
  readonly subscriptions: Map<string, Loose>;
}

/** Starts empty. */
export function createSnsStub(): SnsStub {
  const topics = new Map<string, { readonly tags: unknown }>();
  const subscriptions = new Map<string, Loose>();
  const ids = createIds();
  const topicAt = (arn: unknown, error = "NotFound") => at(topics, arn, error, 404);
  const listed = (all: readonly Loose[], token: unknown): Loose => {
    const [page, NextToken] = paged(all, token);
    const Subscriptions = page.map(({ RedrivePolicy: _, ...shown }) => shown);
    return { Subscriptions, NextToken };
  };
  const stub = createQueryStub("sns", {
    CreateTopic: ({ Name, Tags }) => {
      const TopicArn = `arn:aws:sns:${REGION}:${ACCOUNT}:${Name}`;
      topics.set(TopicArn, { tags: Tags });
      return { TopicArn };
    },
    ListTagsForResource: ({ ResourceArn }) => ({ Tags: topicAt(ResourceArn, "ResourceNotFound").tags }),
    ListTopics: ({ NextToken }) => {
      const [page, next] = paged(topics.keys(), NextToken);
      return { Topics: page.map((TopicArn) => ({ TopicArn })), NextToken: next };
    },
    DeleteTopic: ({ TopicArn }) => {
      topics.delete(String(TopicArn));
      for (const [arn, one] of subscriptions) if (one.TopicArn === TopicArn) subscriptions.delete(arn);
      return {};
    },
    Subscribe: ({ TopicArn, Protocol, Endpoint, Attributes }) => {
      topicAt(TopicArn);
      const SubscriptionArn = `${TopicArn}:${ids("subscription-")}`;
      const subscription = { SubscriptionArn, TopicArn, Protocol, Endpoint, ...(Attributes as Loose) };
      subscriptions.set(SubscriptionArn, subscription);
      return { SubscriptionArn };
    },
    ListSubscriptionsByTopic: ({ TopicArn, NextToken }) => {
      topicAt(TopicArn);
      return listed(
        [...subscriptions.values()].filter((one) => one.TopicArn === TopicArn),
        NextToken,
      );
    },
    ListSubscriptions: ({ NextToken }) => listed([...subscriptions.values()], NextToken),
    GetSubscriptionAttributes: ({ SubscriptionArn }) => ({
      Attributes: new Map(Object.entries(at(subscriptions, SubscriptionArn, "NotFound", 404))),
    }),
    SetSubscriptionAttributes: ({ SubscriptionArn, AttributeName, AttributeValue }) => {
      const found = at(subscriptions, SubscriptionArn, "NotFound", 404);
      const { [String(AttributeName)]: _, ...rest } = found;
      const isUnset = AttributeValue === "{}";
      subscriptions.set(
        String(SubscriptionArn),
        isUnset ? rest : { ...rest, [String(AttributeName)]: AttributeValue },
      );
      return {};
    },
    Unsubscribe: ({ SubscriptionArn }) => {
      at(subscriptions, SubscriptionArn, "NotFound", 404);
      subscriptions.delete(String(SubscriptionArn));
      return {};
    },
  });
  return { ...stub, topics, subscriptions };
}

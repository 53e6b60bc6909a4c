import { type Planned, triggerAccount, triggerMail, uriOf } from "./_service.ts";
import {
  type Block,
  data,
  expression,
  identifier,
  literal,
  resource,
  resourceName,
  variable,
} from "./_terraform.ts";
import type { GcpMessageSettings, GcpSettings } from "./settings.ts";

type Kind = "queue" | "topic" | "stream";

/** Seconds; https://cloud.google.com/pubsub/docs/subscription-properties#ack_deadline */
const MOST_ACK = 600;
/** Kept above the function's timeout, so that its answer comes before the next delivery. */
const ACK_SLACK = 10;
const NEVER = { ttl: "" };
const AGENT = `serviceAccount:service-\${data.google_project.project.number}@gcp-sa-pubsub.iam.gserviceaccount.com`;

/** The topic that a queue, a topic or a stream reads: one that exists, or a created one. */
export function topicOf(
  kind: Kind,
  name: string,
  settings: GcpSettings,
): { id: string; blocks: readonly Block[] } {
  const id = `${kind}_${identifier(name)}`;
  const topic = entryOf(kind, name, settings).topic ?? name;
  if (isCreated(name, settings)) {
    const body = { name: literal(topic), depends_on: ["google_project_service.api"] };
    return {
      id: expression(`google_pubsub_topic.${id}.id`),
      blocks: [resource("google_pubsub_topic", id, body)],
    };
  }
  const text = `Name of the Pub/Sub topic of the ${kind} "${literal(name)}".`;
  return {
    id: expression(`data.google_pubsub_topic.${id}.id`),
    blocks: [
      variable(`${id}_topic`, text, { default: literal(topic) }),
      data("google_pubsub_topic", id, { name: expression(`var.${id}_topic`) }),
    ],
  };
}

/** Whether the configuration asks for a resource of this logical name. */
export function isCreated(name: string, { create }: GcpSettings): boolean {
  return create === true || create.includes(name);
}

/**
 * A push subscription of our own: the only kind that has dead letters, explicit retries and a deadline that fits the
 * function.
 */
export function pushOf(planned: Planned, kind: Kind, name: string): readonly Block[] {
  const { app, fn, id, settings } = planned;
  const { minSeconds, maxSeconds } = settings.retry;
  const fallback = kind === "stream" ? 100 : 5;
  const topic = topicOf(kind, name, settings);
  const label = resourceName([app, fn.name], 200, "", 3);
  const seconds = Math.ceil(fn.definition.timeout);
  return [
    ...triggerAccount(planned),
    ...topic.blocks,
    ...deadLetters(planned),
    resource("google_pubsub_subscription", id, {
      name: label,
      topic: topic.id,
      ack_deadline_seconds: Math.min(MOST_ACK, seconds + ACK_SLACK),
      message_retention_duration: "604800s",
      expiration_policy: NEVER,
      enable_message_ordering: kind === "stream",
      retry_policy: { minimum_backoff: `${minSeconds}s`, maximum_backoff: `${maxSeconds}s` },
      dead_letter_policy: {
        dead_letter_topic: expression(`google_pubsub_topic.${id}-dead-letters.id`),
        max_delivery_attempts: entryOf(kind, name, settings).maxDeliveryAttempts ?? fallback,
      },
      push_config: {
        push_endpoint: uriOf(id),
        oidc_token: { service_account_email: triggerMail(id), audience: uriOf(id) },
      },
      depends_on: [
        `google_cloud_run_v2_service_iam_member.${id}-trigger`,
        `google_pubsub_topic_iam_member.${id}-dead-letters`,
      ],
    }),
  ];
}

/** A topic keeps nothing by itself: without a subscription its dead letters would be gone. */
function deadLetters({ app, fn, id }: Planned): readonly Block[] {
  const topic = expression(`google_pubsub_topic.${id}-dead-letters.id`);
  const label = resourceName([app, fn.name], 200, "dead-letters");
  return [
    data("google_project", "project", { project_id: expression("var.project") }),
    resource("google_pubsub_topic", `${id}-dead-letters`, {
      name: label,
      depends_on: ["google_project_service.api"],
    }),
    resource("google_pubsub_subscription", `${id}-dead-letters`, {
      name: label,
      topic,
      message_retention_duration: "2678400s",
      expiration_policy: NEVER,
    }),
    resource("google_pubsub_topic_iam_member", `${id}-dead-letters`, {
      topic,
      role: "roles/pubsub.publisher",
      member: AGENT,
    }),
    resource("google_pubsub_subscription_iam_member", id, {
      subscription: expression(`google_pubsub_subscription.${id}.id`),
      role: "roles/pubsub.subscriber",
      member: AGENT,
    }),
  ];
}

function entryOf(kind: Kind, name: string, { queues, topics, streams }: GcpSettings): GcpMessageSettings {
  const entries = { queue: queues, topic: topics, stream: streams }[kind];
  return (Object.hasOwn(entries, name) ? entries[name] : undefined) ?? {};
}

import type { BusTrigger, ChangesTrigger, StorageTrigger, TopicTrigger } from "@anyfn/core";
import { isCreated, topicOf } from "./_pubsub.ts";
import { memberOf, type Planned, type Triggered, triggerAccount, triggerMail } from "./_service.ts";
import {
  type Block,
  type Body,
  data,
  expression,
  hash,
  identifier,
  literal,
  resource,
  resourceName,
  type Value,
  variable,
} from "./_terraform.ts";

interface Filter {
  readonly attribute: string;
  readonly value: string;
  readonly operator?: string;
}

interface Source {
  /** Where the events are; a trigger must be in the same place. */
  readonly location: string;
  readonly filters: readonly Filter[];
  readonly blocks: readonly Block[];
  readonly dependsOn?: readonly string[];
  readonly pubsubTopic?: string;
  readonly contentType?: string;
  readonly channel?: string;
}

const REGION = expression("var.region");
const API = "google_project_service.api";

/** Messages of a topic by Eventarc: no dead letters, and the deadline that Google gives the subscription. */
export function topicTrigger(planned: Planned): Triggered {
  const { name } = planned.fn.definition.trigger as TopicTrigger;
  const topic = topicOf("topic", name, planned.settings);
  const source = { location: REGION, filters: [], blocks: topic.blocks, pubsubTopic: topic.id };
  return byEventarc(planned, ["google.cloud.pubsub.topic.v1.messagePublished"], source);
}

const STORAGE_TYPES = {
  created: "finalized",
  deleted: "deleted",
  archived: "archived",
  metadata: "metadataUpdated",
} as const;

/** Changes of a bucket's objects; prefix and suffix are no filters of Eventarc, and the adapter sorts out. */
export function storageTrigger(planned: Planned): Triggered {
  const { name, on } = planned.fn.definition.trigger as StorageTrigger;
  const { settings } = planned;
  const id = `storage_${identifier(name)}`;
  const given = settings.storage[name]?.bucket ?? name;
  const created = isCreated(name, settings);
  const text = `Name of the bucket "${literal(name)}"; names are shared by all of Google Cloud.`;
  const source: Source = {
    location: expression(`var.${id}_location`),
    filters: [
      {
        attribute: "bucket",
        value: expression(created ? `google_storage_bucket.${id}.name` : `var.${id}_bucket`),
      },
    ],
    blocks: [
      variable(`${id}_bucket`, text, { default: literal(given) }),
      locationOf(id, `of the bucket "${literal(name)}", such as "eu" or "europe-west1"`),
      ...(created ? [bucketOf(id)] : []),
      data("google_storage_project_service_account", "storage", { project: expression("var.project") }),
      resource("google_project_iam_member", "app-storage-agent", {
        project: expression("var.project"),
        role: "roles/pubsub.publisher",
        member: `serviceAccount:\${data.google_storage_project_service_account.storage.email_address}`,
      }),
    ],
    dependsOn: ["google_project_iam_member.app-storage-agent"],
  };
  const types = on.map((action) => `google.cloud.storage.object.v1.${STORAGE_TYPES[action]}`);
  return byEventarc(planned, types, source);
}

function bucketOf(id: string): Block {
  return resource("google_storage_bucket", id, {
    name: expression(`var.${id}_bucket`),
    location: expression(`var.${id}_location`),
    uniform_bucket_level_access: true,
    public_access_prevention: "enforced",
    depends_on: [API],
  });
}

/** Changes of a collection of Firestore: `written` stands for all three. */
export function changesTrigger(planned: Planned): Triggered {
  const { name, on } = planned.fn.definition.trigger as ChangesTrigger;
  const id = `changes_${identifier(name)}`;
  const { collection = name, database = "(default)" } = planned.settings.changes[name] ?? {};
  const isAll = (["created", "updated", "deleted"] as const).every((action) => on.includes(action));
  const source: Source = {
    location: expression(`var.${id}_location`),
    filters: [
      { attribute: "database", value: literal(database) },
      { attribute: "document", value: `${literal(collection)}/{document}`, operator: "match-path-pattern" },
    ],
    blocks: [locationOf(id, `of the Firestore database, such as "eur3" or "europe-west1"`)],
    contentType: "application/protobuf",
  };
  const verbs = isAll ? ["written"] : on;
  return byEventarc(
    planned,
    verbs.map((verb) => `google.cloud.firestore.document.v1.${verb}`),
    source,
  );
}

/** CloudEvents by type. Without declared types the user says which, since Eventarc has no trigger for all. */
export function busTrigger(planned: Planned): Triggered {
  const { name, types } = planned.fn.definition.trigger as BusTrigger;
  const id = `bus_${identifier(name)}`;
  const { filters = {}, channel = false } = planned.settings.buses[name] ?? {};
  const channelText = `Id of the Eventarc channel of the bus "${literal(name)}": projects/<id>/locations/<region>/channels/<name>.`;
  const typesText = `Types of the events of the bus "${literal(name)}".`;
  const source: Source = {
    location: REGION,
    filters: Object.entries(filters)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([attribute, value]) => ({ attribute, value: literal(value) })),
    blocks: [
      ...(channel ? [variable(`${id}_channel`, channelText)] : []),
      ...(types === undefined ? [variable(`${id}_types`, typesText, { type: "set(string)" })] : []),
    ],
    ...(channel ? { channel: expression(`var.${id}_channel`) } : {}),
  };
  return byEventarc(planned, types ?? expression(`var.${id}_types`), source);
}

function locationOf(id: string, what: string): Block {
  return variable(`${id}_location`, `Location ${what}. Its events are raised there.`);
}

/**
 * One type of event is a trigger of the function, whose default would drop what failed. A function has one such trigger, so
 * that more types, and channels, get triggers of Eventarc, which deliver failed events again for 24 hours.
 */
function byEventarc(planned: Planned, types: readonly string[] | string, source: Source): Triggered {
  const { id } = planned;
  const { location, pubsubTopic, channel } = source;
  const receiver = `google_project_iam_member.${id}-trigger`;
  const blocks = [
    ...triggerAccount(planned),
    resource("google_project_iam_member", `${id}-trigger`, {
      project: expression("var.project"),
      role: "roles/eventarc.eventReceiver",
      member: memberOf(`${id}-trigger`),
    }),
    ...source.blocks,
  ];
  const dependsOn = [receiver, ...(source.dependsOn ?? [])];
  const [type] = types;
  if (typeof types === "string" || types.length !== 1 || type === undefined || channel !== undefined) {
    return { blocks: [...blocks, ...eventarcTriggers(planned, types, source, dependsOn)] };
  }
  const eventTrigger: Body = {
    event_type: type,
    trigger_region: location,
    ...(pubsubTopic === undefined ? {} : { pubsub_topic: pubsubTopic }),
    ...(source.filters.length === 0 ? {} : { event_filters: source.filters.map(({ ...filter }) => filter) }),
    retry_policy: "RETRY_POLICY_RETRY",
    service_account_email: triggerMail(id),
  };
  return { blocks, eventTrigger, dependsOn };
}

function eventarcTriggers(
  planned: Planned,
  types: readonly string[] | string,
  source: Source,
  dependsOn: readonly string[],
): readonly Block[] {
  const { app, fn, id } = planned;
  const bodyOf = (type: string, name: string, extra: Body): Body => ({
    ...extra,
    name,
    location: source.location,
    matching_criteria: [{ attribute: "type", value: type } as Filter, ...source.filters].map(
      ({ ...filter }): Value => filter,
    ),
    destination: {
      cloud_run_service: {
        service: expression(`google_cloudfunctions2_function.${id}.name`),
        region: expression(`google_cloudfunctions2_function.${id}.location`),
      },
    },
    service_account: triggerMail(id),
    ...(source.contentType === undefined ? {} : { event_data_content_type: source.contentType }),
    ...(source.channel === undefined ? {} : { channel: source.channel }),
    depends_on: [...dependsOn, `google_cloud_run_v2_service_iam_member.${id}-trigger`].sort(),
  });
  if (typeof types === "string") {
    const name = `${resourceName([app, fn.name], 50, "on")}-${expression("substr(sha256(each.value), 0, 8)")}`;
    return [
      resource("google_eventarc_trigger", id, bodyOf(expression("each.value"), name, { for_each: types })),
    ];
  }
  return types.map((type) => {
    const name = resourceName([app, fn.name], 63, hash(type, 8));
    return resource("google_eventarc_trigger", `${id}-${hash(type, 8)}`, bodyOf(literal(type), name, {}));
  });
}

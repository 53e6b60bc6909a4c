import { isRecord, type Json } from "./_answer.ts";
import { camelCase } from "./_case.ts";
import { functionKind } from "./function.ts";
import { type Args, type Kind, nameOf } from "./kind.ts";
import { descriptionOf, labelsOf, type Place } from "./place.ts";
import { type At, type RestKind, restKind } from "./rest.ts";
import { serviceKind } from "./service.ts";

const ofProject =
  (collection: string) =>
  (_args: Args, { project }: Place) =>
    `projects/${project}/${collection}`;
const ofRegion =
  (collection: string) =>
  (_args: Args, { project, region }: Place) =>
    `projects/${project}/locations/${region}/${collection}`;
const argument = (name: string) => (args: Args) => String(args[name]);

/** The arguments in the API's terms, with the mark of the stage. */
const body =
  (mark: "labels" | "description", ...without: readonly string[]) =>
  (args: Args, place: Place): Json => ({
    ...camelCase(Object.fromEntries(Object.entries(args).filter(([name]) => !without.includes(name)))),
    ...(mark === "labels" ? { labels: labelsOf(place) } : { description: descriptionOf(place) }),
  });

/** `POST …/topics?topicId=orders` */
const posted =
  (idParameter: string) =>
  ({ collection, id, body: sent }: At) =>
    ({ method: "POST", path: collection, query: { [idParameter]: id }, body: sent }) as const;
const patched = (at: At, mask: readonly string[]) =>
  ({
    method: "PATCH",
    path: at.path,
    query: { updateMask: mask.join(",") },
    body: only(at.body, mask),
  }) as const;
/** Pub/Sub and IAM want what is changed beside the mask. */
const patchedBeside =
  (member: string) =>
  ({ path, body: sent }: At, mask: readonly string[]) =>
    ({
      method: "PATCH",
      path,
      body: { [member]: { name: path, ...only(sent, mask) }, updateMask: mask.join(",") },
    }) as const;

const pubsub = { service: "pubsub", version: "v1", mark: "labels", id: argument("name") } as const;
const logging = { service: "logging", version: "v2", mark: "description" } as const;

const topics: RestKind = {
  ...pubsub,
  label: "topic",
  collection: ofProject("topics"),
  body: body("labels", "name"),
  create: ({ path, body: sent }) => ({ method: "PUT", path, body: sent }),
  update: patchedBeside("topic"),
  rank: 3,
};

const subscriptions: RestKind = {
  ...pubsub,
  label: "subscription",
  collection: ofProject("subscriptions"),
  // No `ttl` means never, as in the API no member does.
  body: (args, place) => ({
    ...body("labels", "name", "expiration_policy")(args, place),
    expirationPolicy: {},
  }),
  immutable: ["topic", "enableMessageOrdering"],
  create: ({ path, body: sent }) => ({ method: "PUT", path, body: sent }),
  update: patchedBeside("subscription"),
  rank: 1,
};

const accounts: RestKind = {
  label: "service account",
  service: "iam",
  version: "v1",
  mark: "description",
  collection: ofProject("serviceAccounts"),
  id: (args, place) => mailOf(String(args.account_id), place),
  items: "accounts",
  body: body("description", "account_id"),
  attributes: (path) => ({ email: nameOf(path) }),
  create: ({ collection, id, body: sent }) => ({
    method: "POST",
    path: collection,
    body: { accountId: id.slice(0, id.indexOf("@")), serviceAccount: sent },
  }),
  update: patchedBeside("serviceAccount"),
  rank: 4,
};

const repositories: RestKind = {
  label: "image repository",
  service: "artifactregistry",
  version: "v1",
  mark: "labels",
  isLong: true,
  collection: ofRegion("repositories"),
  id: argument("repository_id"),
  body: (args, place) => ({
    ...body("labels", "repository_id", "location", "cleanup_policies")(args, place),
    cleanupPolicies: policiesById(args.cleanup_policies),
  }),
  immutable: ["format"],
  create: posted("repositoryId"),
  update: patched,
  rank: 3,
};

const jobs: RestKind = {
  label: "schedule",
  service: "cloudscheduler",
  version: "v1",
  mark: "description",
  collection: ofRegion("jobs"),
  id: argument("name"),
  body: body("description", "name", "region"),
  create: ({ collection, path, body: sent }) => ({
    method: "POST",
    path: collection,
    body: { name: path, ...sent },
  }),
  update: patched,
  rank: 1,
};

const triggers: RestKind = {
  label: "trigger",
  service: "eventarc",
  version: "v1",
  mark: "labels",
  isLong: true,
  collection: ({ location }, { project }) => `projects/${project}/locations/${String(location)}/triggers`,
  all: ({ project }) => ({ path: `projects/${project}/locations/-/triggers` }),
  id: argument("name"),
  body: (args, place) => {
    const { matching_criteria: filters, destination, channel, event_data_content_type: contentType } = args;
    const { cloud_run_service: cloudRun } = destination as Args;
    return {
      eventFilters: filters,
      destination: { cloudRun },
      serviceAccount: args.service_account,
      eventDataContentType: contentType,
      channel,
      labels: labelsOf(place),
    };
  },
  // Those of Cloud Run functions are theirs.
  isIgnored: ({ labels }) => isRecord(labels) && labels["goog-managed-by"] !== undefined,
  immutable: ["channel"],
  create: (at) => posted("triggerId")({ ...at, body: { name: at.path, ...at.body } }),
  update: patched,
  rank: 1,
};

const logBuckets: RestKind = {
  ...logging,
  label: "log bucket",
  collection: ofRegion("buckets"),
  id: argument("bucket_id"),
  body: body("description", "bucket_id", "location", "project"),
  create: posted("bucketId"),
  update: patched,
  // A deleted one stays for seven days, and its name with it.
  isIgnored: ({ lifecycleState }) => lifecycleState === "DELETE_REQUESTED",
  restore: ({ path }) => ({ method: "POST", path: `${path}:undelete`, body: {} }),
  isStore: true,
  rank: 3,
};

const OWN_WRITER = { uniqueWriterIdentity: "true" };

const sinks: RestKind = {
  ...logging,
  label: "log sink",
  collection: ofProject("sinks"),
  id: argument("name"),
  body: body("description", "name", "project", "unique_writer_identity"),
  create: (at) => ({ ...named(at), query: OWN_WRITER }),
  update: (at, mask) => {
    const request = patched(at, mask);
    return { ...request, query: { ...request.query, ...OWN_WRITER } };
  },
  pathOf: (item, place) => `projects/${place.project}/sinks/${String(item.name)}`,
  rank: 2,
};

const exclusions: RestKind = {
  ...logging,
  label: "log exclusion",
  collection: ofProject("exclusions"),
  id: argument("name"),
  body: body("description", "name", "project"),
  create: named,
  update: patched,
  pathOf: (item, place) => `projects/${place.project}/exclusions/${String(item.name)}`,
  rank: 1,
};

const buckets: RestKind = {
  label: "bucket",
  service: "storage",
  version: "storage/v1",
  mark: "labels",
  collection: () => "b",
  all: ({ project }) => ({ path: "b", query: { project } }),
  id: argument("name"),
  items: "items",
  body: ({ name, location }, place) => ({
    name,
    location,
    iamConfiguration: { uniformBucketLevelAccess: { enabled: true }, publicAccessPrevention: "enforced" },
    labels: labelsOf(place),
  }),
  immutable: ["location"],
  create: ({ place, body: sent }) => ({
    method: "POST",
    path: "b",
    query: { project: place.project },
    body: sent,
  }),
  update: ({ path, body: sent }, mask) => ({ method: "PATCH", path, body: only(sent, mask) }),
  pathOf: ({ name }) => `b/${String(name)}`,
  isStore: true,
  rank: 5,
};

/** All types of resources that the document can have, without the rights and what holds sources. */
export const KINDS: Readonly<Record<string, Kind>> = {
  google_artifact_registry_repository: restKind(repositories),
  google_cloud_scheduler_job: restKind(jobs),
  google_cloudfunctions2_function: functionKind,
  google_eventarc_trigger: restKind(triggers),
  google_logging_project_bucket_config: restKind(logBuckets),
  google_logging_project_exclusion: restKind(exclusions),
  google_logging_project_sink: restKind(sinks),
  google_project_service: serviceKind,
  google_pubsub_subscription: restKind(subscriptions),
  google_pubsub_topic: restKind(topics),
  google_service_account: restKind(accounts),
  google_storage_bucket: restKind(buckets),
};

/** The mail address of a service account; ids of projects can have a domain in front. */
export function mailOf(account: string, { project }: Pick<Place, "project">): string {
  return `${account}@${project.split(":").reverse().join(".")}.iam.gserviceaccount.com`;
}

/** A resource of Logging has its name in the body. */
function named({ collection, id, body: sent }: At) {
  return { method: "POST", path: collection, body: { name: id, ...sent } } as const;
}

function only(sent: Json, mask: readonly string[]): Json {
  return Object.fromEntries(mask.map((name) => [name, sent[name]]));
}

function policiesById(policies: unknown): Json {
  const all = (Array.isArray(policies) ? policies : []) as readonly Args[];
  return Object.fromEntries(all.map((policy) => [String(policy.id), camelCase(policy)]));
}

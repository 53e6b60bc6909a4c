import { isRecord, type Json } from "./_answer.ts";
import type { Call } from "./google.ts";
import type { Args } from "./kind.ts";
import type { Place } from "./place.ts";
import { UNKNOWN } from "./template.ts";

/** That a member has a role on a resource. */
export interface Right {
  readonly on: Guarded;
  readonly role: string;
  readonly member: string;
  readonly condition?: Json | undefined;
}

/** A resource that has a policy. */
export interface Guarded {
  readonly type: string;
  /** `projects/shop/topics/orders` */
  readonly path: string;
}

/** The right that a block grants. */
export function rightOf(type: string, args: Args, place: Place): Right {
  const { role, member, condition } = args;
  const on = { type, path: POLICIES[type]?.path(args, place) ?? "" };
  const who = member === UNKNOWN ? "a service agent that is known later" : String(member);
  return { on, role: String(role), member: who, ...(isRecord(condition) ? { condition } : {}) };
}

/** Whether a type of Terraform's is a right. */
export function isRight(type: string): boolean {
  return Object.hasOwn(POLICIES, type);
}

/** Conditions are only in policies of version 3. */
export function readOf({ type, path }: Guarded): Call {
  const { service = "", version = "", read } = POLICIES[type] ?? {};
  const url = `${version}/${path}`;
  if (type === DATASET) return { service, method: "GET", path: url };
  if (type === BUCKET)
    return { service, method: "GET", path: `${url}/iam`, query: { optionsRequestedPolicyVersion: "3" } };
  const at = { service, path: `${url}:getIamPolicy` };
  if (read === "POST") return { ...at, method: "POST", body: { options: { requestedPolicyVersion: 3 } } };
  return { ...at, method: "GET", query: { "options.requestedPolicyVersion": "3" } };
}

/** Writes what was read, and changed: the etag in it tells when somebody else was faster. */
export function writeOf({ type, path }: Guarded, policy: Json): Call {
  const { service = "", version = "" } = POLICIES[type] ?? {};
  const url = `${version}/${path}`;
  if (type === DATASET) {
    const headers = { "if-match": String(policy.etag) };
    return { service, method: "PATCH", path: url, headers, body: { access: policy.access } };
  }
  if (type === BUCKET) return { service, method: "PUT", path: `${url}/iam`, body: policy };
  return { service, method: "POST", path: `${url}:setIamPolicy`, body: { policy } };
}

/** The rights that a policy gives. */
export function rightsIn(policy: Json | undefined, on: Guarded): readonly Right[] {
  if (policy === undefined) return [];
  if (on.type === DATASET) {
    return records(policy.access).flatMap(({ role, userByEmail, iamMember }) => {
      const member = typeof userByEmail === "string" ? `serviceAccount:${userByEmail}` : iamMember;
      return typeof member === "string" ? [{ on, role: BASIC[String(role)] ?? String(role), member }] : [];
    });
  }
  return records(policy.bindings).flatMap(({ role, members, condition }) =>
    (Array.isArray(members) ? members : []).map((member) => ({
      on,
      role: String(role),
      member: String(member),
      ...(isRecord(condition) ? { condition } : {}),
    })),
  );
}

/** A policy with a right more, or less. */
export function editPolicy(policy: Json, right: Right, isAdded: boolean): Json {
  return right.on.type === DATASET
    ? editAccess(policy, right, isAdded)
    : editBindings(policy, right, isAdded);
}

/** What BigQuery calls three of its roles. */
const BASIC: Readonly<Record<string, string>> = {
  READER: "roles/bigquery.dataViewer",
  WRITER: "roles/bigquery.dataEditor",
  OWNER: "roles/bigquery.dataOwner",
};

function editAccess(dataset: Json, { role, member }: Right, isAdded: boolean): Json {
  const email = member.slice(member.indexOf(":") + 1);
  const others = records(dataset.access).filter(
    (entry) => entry.userByEmail !== email || (BASIC[String(entry.role)] ?? entry.role) !== role,
  );
  return { ...dataset, access: isAdded ? [...others, { role, userByEmail: email }] : others };
}

function editBindings(policy: Json, { role, member, condition }: Right, isAdded: boolean): Json {
  const before = records(policy.bindings);
  const isMeant = (binding: Json) => binding.role === role && conditionOf(binding) === condition?.expression;
  const added = isAdded ? [member] : [];
  const bindings = before.map((binding) => {
    if (!isMeant(binding)) return binding;
    const others = (binding.members as readonly string[]).filter(
      (other) => other.toLowerCase() !== member.toLowerCase(),
    );
    return { ...binding, members: [...others, ...added] };
  });
  if (isAdded && !before.some(isMeant))
    bindings.push({ role, members: added, ...(condition === undefined ? {} : { condition }) });
  return {
    ...policy,
    ...(condition === undefined ? {} : { version: 3 }),
    bindings: bindings.filter(({ members }) => !Array.isArray(members) || members.length > 0),
  };
}

function conditionOf({ condition }: Json): unknown {
  return isRecord(condition) ? condition.expression : undefined;
}

function records(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

interface Policies {
  readonly service: string;
  readonly version: string;
  readonly path: (args: Args, place: Place) => string;
  /** How policies are read; by default with GET. */
  readonly read?: "POST";
}

/** A path is either given, or made of a name in a project. */
const within =
  (argument: string, collection: string) =>
  (args: Args, place: Place): string => {
    const name = String(args[argument]);
    return name.includes("/")
      ? name
      : `projects/${String(args.project ?? place.project)}/${collection}/${name}`;
  };
const regional =
  (argument: string, collection: string) =>
  (args: Args, place: Place): string =>
    `projects/${String(args.project ?? place.project)}/locations/${String(args.location)}/${collection}/${String(args[argument])}`;

const POLICIES: Readonly<Record<string, Policies>> = {
  google_artifact_registry_repository_iam_member: {
    service: "artifactregistry",
    version: "v1",
    path: regional("repository", "repositories"),
  },
  google_bigquery_dataset_iam_member: {
    service: "bigquery",
    version: "bigquery/v2",
    path: within("dataset_id", "datasets"),
  },
  google_cloud_run_v2_service_iam_member: {
    service: "run",
    version: "v2",
    path: regional("name", "services"),
  },
  google_cloud_tasks_queue_iam_member: {
    service: "cloudtasks",
    version: "v2",
    path: regional("name", "queues"),
    read: "POST",
  },
  google_kms_crypto_key_iam_member: {
    service: "cloudkms",
    version: "v1",
    path: ({ crypto_key_id: key }) => String(key),
  },
  google_project_iam_member: {
    service: "cloudresourcemanager",
    version: "v3",
    path: ({ project }) => `projects/${String(project)}`,
    read: "POST",
  },
  google_pubsub_subscription_iam_member: {
    service: "pubsub",
    version: "v1",
    path: within("subscription", "subscriptions"),
  },
  google_pubsub_topic_iam_member: { service: "pubsub", version: "v1", path: within("topic", "topics") },
  google_secret_manager_secret_iam_member: {
    service: "secretmanager",
    version: "v1",
    path: within("secret_id", "secrets"),
  },
  google_storage_bucket_iam_member: {
    service: "storage",
    version: "storage/v1",
    path: ({ bucket }) => `b/${String(bucket)}`,
  },
};

const BUCKET = "google_storage_bucket_iam_member";
const DATASET = "google_bigquery_dataset_iam_member";

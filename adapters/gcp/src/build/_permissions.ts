import { type Block, type Body, expression, hash, literal, resource } from "./_terraform.ts";
import type { GcpPermission } from "./settings.ts";

interface Grantable {
  readonly pattern: RegExp;
  readonly type: string;
  /** Arguments that name the resource, from the pattern's groups. */
  readonly place: (...groups: string[]) => Body;
}

const PROJECT = "projects/([^/]+)";
const name = (pattern: string) => new RegExp(`^//${pattern}$`);

/** Resources that IAM can grant a role on, by their full names: https://cloud.google.com/iam/docs/full-resource-names */
const GRANTABLE: readonly Grantable[] = [
  {
    pattern: name("storage\\.googleapis\\.com/projects/_/buckets/([^/]+)"),
    type: "google_storage_bucket_iam_member",
    place: (bucket = "") => ({ bucket }),
  },
  {
    pattern: name(`pubsub\\.googleapis\\.com/${PROJECT}/topics/([^/]+)`),
    type: "google_pubsub_topic_iam_member",
    place: (project = "", topic = "") => ({ project, topic }),
  },
  {
    pattern: name(`pubsub\\.googleapis\\.com/${PROJECT}/subscriptions/([^/]+)`),
    type: "google_pubsub_subscription_iam_member",
    place: (project = "", subscription = "") => ({ project, subscription }),
  },
  {
    pattern: name(`secretmanager\\.googleapis\\.com/${PROJECT}/secrets/([^/]+)`),
    type: "google_secret_manager_secret_iam_member",
    place: (project = "", secret = "") => ({ project, secret_id: secret }),
  },
  {
    pattern: name(`run\\.googleapis\\.com/${PROJECT}/locations/([^/]+)/services/([^/]+)`),
    type: "google_cloud_run_v2_service_iam_member",
    place: (project = "", location = "", service = "") => ({ project, location, name: service }),
  },
  {
    pattern: name(`cloudtasks\\.googleapis\\.com/${PROJECT}/locations/([^/]+)/queues/([^/]+)`),
    type: "google_cloud_tasks_queue_iam_member",
    place: (project = "", location = "", queue = "") => ({ project, location, name: queue }),
  },
  {
    pattern: name(`bigquery\\.googleapis\\.com/${PROJECT}/datasets/([^/]+)`),
    type: "google_bigquery_dataset_iam_member",
    place: (project = "", dataset = "") => ({ project, dataset_id: dataset }),
  },
  {
    pattern: name(`cloudkms\\.googleapis\\.com/(${PROJECT}/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+)`),
    type: "google_kms_crypto_key_iam_member",
    place: (key = "") => ({ crypto_key_id: key }),
  },
  {
    // Firestore, Logging and others have no resource of their own in IAM.
    pattern: name(`cloudresourcemanager\\.googleapis\\.com/${PROJECT}`),
    type: "google_project_iam_member",
    place: (project = "") => ({ project }),
  },
];

/** What resources a permission can be given on, for messages. */
export const GRANTABLE_SERVICES: string =
  "a bucket, a topic, a subscription, a secret, a Cloud Run service, a task queue, a data set, a key, or " +
  "//cloudresourcemanager.googleapis.com/projects/<id> for what has no resource of its own";

/** The rights that the configuration gives a function, beyond those of its trigger. */
export function grant(id: string, permissions: readonly GcpPermission[], member: string): readonly Block[] {
  return permissions.map(({ role, on }) => {
    const { type, place } = findGrantable(on) ?? { type: "", place: {} };
    return resource(type, `${id}-${hash(`${role} ${on}`, 6)}`, {
      ...place,
      role: literal(role),
      member,
    });
  });
}

/** How to grant on a resource; undefined where this adapter does not know how. */
export function findGrantable(on: string): { readonly type: string; readonly place: Body } | undefined {
  for (const { pattern, type, place } of GRANTABLE) {
    const match = pattern.exec(on);
    if (match !== null) return { type, place: place(...match.slice(1).map(resolveProject)) };
  }
  return undefined;
}

/** `-` in the place of a project's id is the project of the functions. */
function resolveProject(part: string): string {
  return part === "-"
    ? expression("var.project")
    : literal(part).replace(/^projects\/-\//, `projects/${expression("var.project")}/`);
}

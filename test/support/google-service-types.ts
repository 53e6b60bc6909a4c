/** How one of Google's APIs keeps resources, as its reference describes it. */
export interface ResourceType {
  readonly service: string;
  /** Path of the collection, without the version: `projects/*\/topics`. */
  readonly collection: RegExp;
  /** Members that the API takes; others are refused, as Google does. */
  readonly members: readonly string[];
  readonly create: "PUT" | "POST";
  /** Where a POST names the new resource: a query parameter or a member of the body. */
  readonly id?: string;
  /** What of the body is the resource, where not all of it is. */
  readonly wraps?: string;
  /** What of a PATCH is the resource, beside the mask; by default the mask is in the query. */
  readonly patch?: string;
  readonly items?: string;
  readonly isLong?: boolean;
  /** Members that the service adds. */
  readonly adds?: (body: Json, path: string) => Json;
  /** References that must exist: paths of the state. */
  readonly needs?: (body: Json) => readonly string[];
}

export type Json = { readonly [member: string]: unknown };

const REGIONAL = (name: string) => new RegExp(`^projects/[^/]+/locations/[^/]+/${name}$`);
const OF_PROJECT = (name: string) => new RegExp(`^projects/[^/]+/${name}$`);
const at = (value: unknown, ...names: readonly string[]): string =>
  String(names.reduce<unknown>((found, name) => (found as Json | undefined)?.[name], value) ?? "");
const account = (email: string): readonly string[] => (email === "" ? [] : [`account:${email}`]);

/** What deployments use beside functions, services and policies. */
export const TYPES: readonly ResourceType[] = [
  {
    service: "pubsub",
    collection: OF_PROJECT("topics"),
    members: ["name", "labels", "messageRetentionDuration", "kmsKeyName", "state"],
    create: "PUT",
    patch: "topic",
    adds: () => ({ state: "ACTIVE" }),
  },
  {
    service: "pubsub",
    collection: OF_PROJECT("subscriptions"),
    members: [
      ...["name", "topic", "pushConfig", "ackDeadlineSeconds", "messageRetentionDuration", "labels"],
      ...["enableMessageOrdering", "expirationPolicy", "deadLetterPolicy", "retryPolicy", "filter"],
    ],
    create: "PUT",
    patch: "subscription",
    adds: ({ pushConfig = {}, ...rest }) => ({
      ...rest,
      pushConfig: { attributes: { "x-goog-version": "v1" }, ...(pushConfig as Json) },
      state: "ACTIVE",
    }),
    needs: (body) => [
      `pubsub/${at(body, "topic")}`,
      ...(body.deadLetterPolicy ? [`pubsub/${at(body, "deadLetterPolicy", "deadLetterTopic")}`] : []),
      ...account(at(body, "pushConfig", "oidcToken", "serviceAccountEmail")),
    ],
  },
  {
    service: "iam",
    collection: OF_PROJECT("serviceAccounts"),
    members: ["name", "displayName", "description"],
    create: "POST",
    id: "accountId",
    wraps: "serviceAccount",
    patch: "serviceAccount",
    items: "accounts",
    adds: (_body, path) => ({ email: path.slice(path.lastIndexOf("/") + 1), etag: "MDEwMjE5MjA=" }),
  },
  {
    service: "artifactregistry",
    collection: REGIONAL("repositories"),
    members: ["format", "labels", "cleanupPolicies", "description", "cleanupPolicyDryRun"],
    create: "POST",
    id: "repositoryId",
    isLong: true,
    adds: () => ({ mode: "STANDARD_REPOSITORY", createTime: "2026-11-01T00:00:00Z" }),
  },
  {
    service: "cloudscheduler",
    collection: REGIONAL("jobs"),
    members: ["name", "description", "schedule", "timeZone", "attemptDeadline", "retryConfig", "httpTarget"],
    create: "POST",
    id: "body:name",
    // The service ends addresses with a slash.
    adds: ({ httpTarget }) => ({
      state: "ENABLED",
      httpTarget: {
        ...(httpTarget as Json),
        uri: at(httpTarget, "uri").replace(/\/?$/, "/"),
        headers: { "User-Agent": "G" },
      },
    }),
    needs: (body) => account(at(body, "httpTarget", "oidcToken", "serviceAccountEmail")),
  },
  {
    service: "eventarc",
    collection: REGIONAL("triggers"),
    members: [
      ...["name", "eventFilters", "destination", "serviceAccount", "eventDataContentType", "channel"],
      "labels",
    ],
    create: "POST",
    id: "triggerId",
    isLong: true,
    adds: ({ eventFilters }) => ({ eventFilters: [...(eventFilters as readonly Json[])].reverse() }),
    needs: (body) => [
      `service:${at(body, "destination", "cloudRun", "service")}`,
      ...account(at(body, "serviceAccount")),
    ],
  },
  {
    service: "logging",
    collection: REGIONAL("buckets"),
    members: ["description", "retentionDays", "locked"],
    create: "POST",
    id: "bucketId",
    adds: () => ({ lifecycleState: "ACTIVE" }),
  },
  {
    service: "logging",
    collection: OF_PROJECT("sinks"),
    members: ["name", "destination", "filter", "description", "disabled"],
    create: "POST",
    id: "body:name",
    needs: (body) => [at(body, "destination").replace("logging.googleapis.com", "logging")],
  },
  {
    service: "logging",
    collection: OF_PROJECT("exclusions"),
    members: ["name", "filter", "description", "disabled"],
    create: "POST",
    id: "body:name",
  },
  {
    service: "storage",
    collection: /^b$/,
    members: ["name", "location", "iamConfiguration", "labels"],
    create: "POST",
    id: "body:name",
    items: "items",
    adds: ({ location }) => ({ location: String(location).toUpperCase(), storageClass: "STANDARD" }),
  },
];

import type { Schema } from "@anyfn/core";
import * as z from "zod";

/** What one function gets on Google Cloud. */
export interface GcpFunctionSettings {
  /** HTTP: whether everybody may call it; the target's `public` by default. */
  readonly public?: boolean | undefined;
  /** Who else may call it, such as `serviceAccount:flow@my-project.iam.gserviceaccount.com`. */
  readonly invokers?: readonly string[] | undefined;
  /** Requests at once in an instance; 80 by default for `http` and `direct`, 1 for events. */
  readonly concurrency?: number | undefined;
  /** CPUs of an instance; by default what the memory needs, and at least 1 above a concurrency of 1. */
  readonly cpu?: number | undefined;
  /** Instances that wait for requests; 0 by default. */
  readonly minInstances?: number | undefined;
  /** The most instances; 100 by default. */
  readonly maxInstances?: number | undefined;
  /** From which networks it can be reached; `internal` by default for events, `all` elsewhere. */
  readonly ingress?: "all" | "internal" | "internal-and-load-balancing" | undefined;
  /** Environment variables; they win over the target's. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Further rights of the function's service account. */
  readonly permissions?: readonly GcpPermission[] | undefined;
}

/** A role on one resource, by its full name: `{ role: "roles/storage.objectUser", on: "//storage.googleapis.com/…" }`. */
export interface GcpPermission {
  readonly role: string;
  readonly on: string;
}

/** How a push subscription of a queue, a topic or a stream retries. */
export interface GcpMessageSettings {
  /** The Pub/Sub topic's name; the logical name by default. */
  readonly topic?: string | undefined;
  /** Deliveries before the dead letters, 5 to 100; 5 by default, 100 for streams. */
  readonly maxDeliveryAttempts?: number | undefined;
}

/** The `gcp` section of the configuration, after validation. */
export interface GcpSettings {
  /** Id of the project, where neither `--parameter project=…` nor GOOGLE_CLOUD_PROJECT names another. */
  readonly project?: string | undefined;
  /** Region of the functions, where neither `--parameter region=…` nor GOOGLE_CLOUD_REGION names another. */
  readonly region?: string | undefined;
  /** Values of the infrastructure's variables, by name, for `anyfn deploy`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Node.js of the functions: `engines` of each package.json, and the runtime. */
  readonly node: "22" | "24";
  /** `"install"` names native packages in package.json, for Google's build to install; by default they are refused. */
  readonly native?: "install" | undefined;
  /** Path in front of the functions' own, as a load balancer's path matcher leaves it there. */
  readonly basePath?: string | undefined;
  /** Proxies of yours that append to `X-Forwarded-For`; 1 for an external Application Load Balancer. */
  readonly trustedProxies: number;
  /** Whether everybody may call HTTP functions; true by default, as on the other targets. */
  readonly public: boolean;
  /** Environment variables of all functions. */
  readonly environment: Readonly<Record<string, string>>;
  /** Topics and buckets to create, by logical name, or all; by default they exist already. */
  readonly create: true | readonly string[];
  /** Days that logs are kept in a bucket of their own; by default they stay in the project's, which keeps 30. */
  readonly logRetentionDays?: number | undefined;
  /** Seconds between two deliveries by Pub/Sub: 10 and 600 by default. */
  readonly retry: { readonly minSeconds: number; readonly maxSeconds: number };
  /** Further tries of a failed tick, 0 to 5; 3 by default. */
  readonly scheduleRetries: number;
  readonly functions: Readonly<Record<string, GcpFunctionSettings>>;
  readonly queues: Readonly<Record<string, GcpMessageSettings>>;
  readonly streams: Readonly<Record<string, GcpMessageSettings>>;
  /** `eventarc` by default; only a `push` subscription has dead letters. */
  readonly topics: Readonly<
    Record<string, GcpMessageSettings & { readonly source?: "eventarc" | "push" | undefined }>
  >;
  readonly storage: Readonly<Record<string, { readonly bucket?: string | undefined }>>;
  /** Firestore: the collection is the logical name by default, the database `(default)`. */
  readonly changes: Readonly<
    Record<string, { readonly collection?: string | undefined; readonly database?: string | undefined }>
  >;
  /** Eventarc: further filters by attribute, such as `serviceName`; with `channel` events of a channel. */
  readonly buses: Readonly<
    Record<
      string,
      {
        readonly filters?: Readonly<Record<string, string>> | undefined;
        readonly channel?: boolean | undefined;
      }
    >
  >;
}

const text = z.string().min(1, { error: "must not be empty" });
const count = (least: number, most: number) =>
  z
    .int({ error: `must be a whole number from ${least} to ${most}` })
    .min(least)
    .max(most);
const byName = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.record(text, z.strictObject(shape)).default({});

/** https://cloud.google.com/functions/docs/configuring/env-var#runtime_environment_variables_set_automatically */
const RESERVED =
  /^(?:PORT|K_[A-Z]+|FUNCTION_TARGET|FUNCTION_SIGNATURE_TYPE|X_GOOGLE_.*|CLOUD_RUN_TIMEOUT_SECONDS|GOOGLE_CLOUD_PROJECT|IGNORED_ROUTES)$/;

const environment = z.record(
  z.string().refine((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !RESERVED.test(name)),
  z.string({ error: "must be text" }),
  {
    error: ({ code }) =>
      code === "invalid_key"
        ? "is no name of a variable, or one that Google Cloud or this adapter sets itself"
        : undefined,
  },
);
const role = z
  .string()
  .regex(/^(?:roles|(?:projects|organizations)\/[^/*]+\/roles)\/[A-Za-z0-9_.]+$/, {
    error: 'must be the name of a role, such as "roles/storage.objectViewer"',
  })
  .refine((name) => !/^roles\/(?:owner|editor|viewer)$/.test(name), {
    error: "must not be a basic role, which covers the whole project. Name the role that the function needs",
  });
const on = z.string().regex(/^\/\/[a-z]+\.googleapis\.com\/[^*\s]+$/, {
  error:
    'must be the full name of one resource, such as "//storage.googleapis.com/projects/_/buckets/images"',
});
const invoker = z.string().regex(/^(?:user|serviceAccount|group|domain|principal|principalSet):\S+$/, {
  error:
    'must be a member of IAM, such as "serviceAccount:flow@shop.iam.gserviceaccount.com"; everybody by `public`',
});
const message = { topic: text.optional(), maxDeliveryAttempts: count(5, 100).optional() };

/** Validates the `gcp` section; an absent one is `{}`. */
export const settings: Schema<unknown, GcpSettings> = z.strictObject({
  project: z
    .string()
    .regex(/^(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/, {
      error: 'must be the id of a project, such as "shop-123"',
    })
    .optional(),
  region: z
    .string()
    .regex(/^[a-z]+-[a-z]+\d+$/, { error: 'must be the name of a region, such as "europe-west1"' })
    .optional(),
  parameters: z.record(text, z.string()).default({}),
  node: z
    .enum(["22", "24"], { error: 'must be "22" or "24", the versions that Google Cloud runs' })
    .default("24"),
  native: z.literal("install", { error: 'must be "install"' }).optional(),
  basePath: z
    .string()
    .regex(/^\/.*[^/]$/, { error: 'must start with "/" and not end with it, such as "/api"' })
    .optional(),
  trustedProxies: z.int({ error: "must be a whole number of proxies" }).min(0).default(0),
  public: z.boolean().default(true),
  environment: environment.default({}),
  create: z.union([z.literal(true), z.array(text)]).default([]),
  logRetentionDays: count(1, 3650).optional(),
  retry: z
    .strictObject({ minSeconds: count(0, 600).default(10), maxSeconds: count(0, 600).default(600) })
    .refine(({ minSeconds, maxSeconds }) => minSeconds <= maxSeconds, {
      error: "`minSeconds` must not be above `maxSeconds`",
    })
    .default({ minSeconds: 10, maxSeconds: 600 }),
  scheduleRetries: count(0, 5).default(3),
  functions: byName({
    public: z.boolean().optional(),
    invokers: z.array(invoker).optional(),
    concurrency: count(1, 1000).optional(),
    cpu: z.number().min(0.08).max(8).optional(),
    minInstances: count(0, 1000).optional(),
    maxInstances: count(1, 1000).optional(),
    ingress: z.enum(["all", "internal", "internal-and-load-balancing"]).optional(),
    environment: environment.optional(),
    permissions: z.array(z.strictObject({ role, on })).optional(),
  }),
  queues: byName(message),
  streams: byName(message),
  topics: byName({ ...message, source: z.enum(["eventarc", "push"]).optional() }),
  storage: byName({ bucket: text.optional() }),
  changes: byName({ collection: text.optional(), database: text.optional() }),
  buses: byName({ filters: z.record(text, text).optional(), channel: z.boolean().optional() }),
});

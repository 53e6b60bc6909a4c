import type { DiscoveredFunction } from "@anyfn/build";
import { grant } from "./_permissions.ts";
import {
  type Block,
  type Body,
  expression,
  hash,
  literal,
  output,
  resource,
  resourceName,
} from "./_terraform.ts";
import type { GcpFunctionSettings, GcpSettings } from "./settings.ts";

/** A function and all that decides its infrastructure. */
export interface Planned {
  readonly app: string;
  readonly fn: DiscoveredFunction;
  /** The function's name in Terraform. */
  readonly id: string;
  readonly settings: GcpSettings;
  readonly own: GcpFunctionSettings;
  /** The source archive, from the folder of main.tf.json. */
  readonly archive: string;
}

/** What a trigger adds to the function that it calls. */
export interface Triggered {
  readonly blocks: readonly Block[];
  /** `event_trigger` of the function, where Eventarc calls it by one. */
  readonly eventTrigger?: Body | undefined;
  /** What must be there before the function. */
  readonly dependsOn?: readonly string[] | undefined;
}

const API = "google_project_service.api";
/** What the build must be allowed before the first function is built. */
const BUILD_RIGHTS = [
  "google_artifact_registry_repository_iam_member.app-build",
  "google_project_iam_member.app-build-logs",
  "google_project_iam_member.app-build-source",
  "google_storage_bucket_iam_member.app-build-source",
];

/** The function, its source, the service account that it runs as, and who may call it. */
export function serviceOf(planned: Planned, triggered: Triggered): readonly Block[] {
  const { app, fn, id, settings, own, archive } = planned;
  const path = `\${path.module}/${archive}`;
  const { kind } = fn.definition.trigger;
  return [
    resource("google_service_account", id, {
      account_id: resourceName([app, fn.name], 30),
      display_name: `${app}: ${fn.name}`,
      depends_on: [API],
    }),
    resource("google_storage_bucket_object", id, {
      bucket: expression("google_storage_bucket.source.name"),
      // The hash is part of the name, so that changed code is a changed function, and the same code is none.
      name: `${fn.name}/${expression(`filesha256("${path}")`)}.zip`,
      source: path,
    }),
    resource("google_cloudfunctions2_function", id, {
      name: resourceName([app, fn.name], 63, "", 4),
      location: expression("var.region"),
      build_config: buildConfig(planned),
      service_config: serviceConfig(planned),
      ...(triggered.eventTrigger === undefined ? {} : { event_trigger: triggered.eventTrigger }),
      depends_on: [API, ...BUILD_RIGHTS, ...(triggered.dependsOn ?? [])].sort(),
    }),
    ...(kind === "http" && (own.public ?? settings.public) ? [invoker(id, "public", "allUsers")] : []),
    ...(own.invokers ?? []).map((member) => invoker(id, `caller-${hash(member, 6)}`, literal(member))),
    ...grant(id, own.permissions ?? [], memberOf(id)),
    ...(kind === "http" || kind === "direct" ? [output(`${id}-url`, `URL of ${fn.name}.`, uriOf(id))] : []),
    ...triggered.blocks,
  ];
}

/** The service account of what calls a function, and its right to call this one alone. */
export function triggerAccount({ app, fn, id }: Planned): readonly Block[] {
  return [
    resource("google_service_account", `${id}-trigger`, {
      account_id: resourceName([app, fn.name], 30, "trigger"),
      display_name: `${app}: calls ${fn.name}`,
      depends_on: [API],
    }),
    invoker(id, "trigger", memberOf(`${id}-trigger`)),
  ];
}

/** The mail address of a function's trigger. */
export function triggerMail(id: string): string {
  return expression(`google_service_account.${id}-trigger.email`);
}

/** The function's own URL, which is also the audience of tokens for it. */
export function uriOf(id: string): string {
  return expression(`google_cloudfunctions2_function.${id}.service_config[0].uri`);
}

export function memberOf(account: string): string {
  return `serviceAccount:\${google_service_account.${account}.email}`;
}

/** On the Cloud Run service behind the function: the functions API's own invoker role does not open its URL. */
function invoker(id: string, purpose: string, member: string): Block {
  return resource("google_cloud_run_v2_service_iam_member", `${id}-${purpose}`, {
    name: expression(`google_cloudfunctions2_function.${id}.name`),
    location: expression(`google_cloudfunctions2_function.${id}.location`),
    role: "roles/run.invoker",
    member,
  });
}

function buildConfig({ fn, id, settings }: Planned): Body {
  return {
    runtime: `nodejs${settings.node}`,
    entry_point: fn.name,
    docker_repository: expression("google_artifact_registry_repository.images.id"),
    service_account: expression("google_service_account.app-build.id"),
    source: {
      storage_source: {
        bucket: expression("google_storage_bucket.source.name"),
        object: expression(`google_storage_bucket_object.${id}.name`),
      },
    },
  };
}

const INGRESS = {
  all: "ALLOW_ALL",
  internal: "ALLOW_INTERNAL_ONLY",
  "internal-and-load-balancing": "ALLOW_INTERNAL_AND_GCLB",
} as const;

/** https://cloud.google.com/run/docs/configuring/services/memory-limits: the most MiB by CPUs. */
const CPU_MEMORY = [
  [1, 4096],
  [2, 8192],
  [4, 16384],
  [8, 32768],
] as const;

function serviceConfig({ fn, id, settings, own }: Planned): Body {
  const { memory, timeout, trigger } = fn.definition;
  const isCalled = trigger.kind === "http" || trigger.kind === "direct";
  const seconds = Math.ceil(timeout);
  return {
    service_account_email: expression(`google_service_account.${id}.email`),
    available_memory: `${memory}Mi`,
    available_cpu: cpuOf(memory, own),
    timeout_seconds: seconds,
    max_instance_request_concurrency: concurrencyOf(fn, own),
    min_instance_count: own.minInstances ?? 0,
    max_instance_count: own.maxInstances ?? 100,
    all_traffic_on_latest_revision: true,
    // Pub/Sub, Eventarc and Scheduler of the project count as internal: https://cloud.google.com/run/docs/securing/ingress
    ingress_settings: INGRESS[own.ingress ?? (isCalled ? "all" : "internal")],
    environment_variables: {
      ...escaped(withSourceMaps({ ...settings.environment, ...own.environment })),
      CLOUD_RUN_TIMEOUT_SECONDS: String(seconds),
      GOOGLE_CLOUD_PROJECT: expression("var.project"),
      IGNORED_ROUTES: "",
    },
  };
}

/** Requests at once in one instance. */
export function concurrencyOf(
  { definition }: DiscoveredFunction,
  { concurrency }: GcpFunctionSettings,
): number {
  const { kind } = definition.trigger;
  return concurrency ?? (kind === "http" || kind === "direct" ? 80 : 1);
}

/** The most MiB that an instance with so many CPUs can have. */
export function memoryOfCpus(cpu: number): number {
  return Math.max(...CPU_MEMORY.map(([cpus, most]) => (cpus <= Math.max(1, cpu) ? most : 0)));
}

/** Less than one CPU would allow one request at a time only, and more memory needs more CPUs. */
function cpuOf(memory: number, { cpu }: GcpFunctionSettings): string {
  return String(cpu ?? CPU_MEMORY.find(([, most]) => memory <= most)?.[0] ?? 8);
}

/** Stack traces name the lines of the user's own files. */
function withSourceMaps(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { NODE_OPTIONS: options } = environment;
  const maps = "--enable-source-maps";
  return { ...environment, NODE_OPTIONS: options === undefined ? maps : `${maps} ${options}` };
}

function escaped(environment: Readonly<Record<string, string>>): Body {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, literal(value)]));
}

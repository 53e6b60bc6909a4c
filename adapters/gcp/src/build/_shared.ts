import type { TriggerKind } from "@anyfn/core";
import { memberOf, type Planned } from "./_service.ts";
import { type Block, type Body, data, expression, resource, resourceName, variable } from "./_terraform.ts";
import type { GcpSettings } from "./settings.ts";

const PROJECT = expression("var.project");
const REGION = expression("var.region");
const API = ["google_project_service.api"];

/** What all functions of an application share: services, sources, images, the builder, logs. */
export function sharedOf(app: string, planned: readonly Planned[], settings: GcpSettings): readonly Block[] {
  return [
    variable("project", "Id of the project.", defaultOf(settings.project)),
    variable("region", 'Region of the functions, such as "europe-west1".', defaultOf(settings.region)),
    variable("source_bucket", "Name of the bucket for source archives; by default after the project.", {
      default: "",
    }),
    data("google_project", "project", { project_id: PROJECT }),
    resource("google_project_service", "api", {
      for_each: expression(`toset(${JSON.stringify(servicesOf(planned))})`),
      project: PROJECT,
      service: expression("each.value"),
      // Others in the project may need it, too.
      disable_on_destroy: false,
    }),
    resource("google_storage_bucket", "source", {
      name: expression(
        `var.source_bucket != "" ? var.source_bucket : "\${var.project}-${resourceName([app], 24, "", 1)}-source"`,
      ),
      location: REGION,
      uniform_bucket_level_access: true,
      public_access_prevention: "enforced",
      depends_on: API,
    }),
    resource("google_artifact_registry_repository", "images", {
      repository_id: resourceName([app], 63, "functions"),
      location: REGION,
      format: "DOCKER",
      cleanup_policies: [
        { id: "keep-latest", action: "KEEP", most_recent_versions: { keep_count: 5 } },
        { id: "delete-old", action: "DELETE", condition: { older_than: "2592000s" } },
      ],
      depends_on: API,
    }),
    ...builder(app),
    ...(settings.logRetentionDays === undefined ? [] : logsOf(app, planned, settings.logRetentionDays)),
  ];
}

function defaultOf(value: string | undefined): Body {
  return value === undefined ? {} : { default: value };
}

const ALWAYS = [
  "artifactregistry",
  "cloudbuild",
  "cloudfunctions",
  "cloudresourcemanager",
  "iam",
  "logging",
  "run",
  "storage",
];
const EVENTARC = ["eventarc", "pubsub"];
const SERVICES: Partial<Readonly<Record<TriggerKind, readonly string[]>>> = {
  queue: ["pubsub"],
  stream: ["pubsub"],
  topic: EVENTARC,
  storage: EVENTARC,
  changes: [...EVENTARC, "firestore"],
  bus: EVENTARC,
  schedule: ["cloudscheduler"],
};

function servicesOf(planned: readonly Planned[]): readonly string[] {
  const needed = planned.flatMap(({ fn }) => SERVICES[fn.definition.trigger.kind] ?? []);
  return [...new Set([...ALWAYS, ...needed])].sort().map((name) => `${name}.googleapis.com`);
}

/**
 * Who builds the images: the default account would be allowed far more. The functions API copies a source into a bucket of
 * its own before the build reads it.
 *
 * @see https://cloud.google.com/functions/docs/securing/build-custom-sa
 */
function builder(app: string): readonly Block[] {
  const member = memberOf("app-build");
  const role = "roles/storage.objectViewer";
  const copies = `projects/_/buckets/gcf-v2-sources-\${data.google_project.project.number}-\${var.region}`;
  return [
    resource("google_service_account", "app-build", {
      account_id: resourceName([app], 30, "build"),
      display_name: `${app}: builds functions`,
      depends_on: API,
    }),
    resource("google_project_iam_member", "app-build-logs", {
      project: PROJECT,
      role: "roles/logging.logWriter",
      member,
    }),
    resource("google_project_iam_member", "app-build-source", {
      project: PROJECT,
      role,
      member,
      condition: {
        title: "sources of functions",
        expression: `resource.name == "${copies}" || resource.name.startsWith("${copies}/")`,
      },
    }),
    resource("google_storage_bucket_iam_member", "app-build-source", {
      bucket: expression("google_storage_bucket.source.name"),
      role,
      member,
    }),
    resource("google_artifact_registry_repository_iam_member", "app-build", {
      repository: expression("google_artifact_registry_repository.images.name"),
      location: REGION,
      role: "roles/artifactregistry.writer",
      member,
    }),
  ];
}

/** Retention belongs to a bucket of logs: the functions' get one, and leave the project's. */
function logsOf(app: string, planned: readonly Planned[], days: number): readonly Block[] {
  const names = planned.map(({ id }) => `"\${google_cloudfunctions2_function.${id}.name}"`);
  const filter =
    `resource.type="cloud_run_revision" AND resource.labels.location="\${var.region}" AND ` +
    `resource.labels.service_name=(${names.join(" OR ")})`;
  const name = resourceName([app], 90, "functions");
  return [
    resource("google_logging_project_bucket_config", "functions", {
      project: PROJECT,
      location: REGION,
      bucket_id: name,
      retention_days: days,
      depends_on: API,
    }),
    resource("google_logging_project_sink", "functions", {
      name,
      project: PROJECT,
      destination: `logging.googleapis.com/\${google_logging_project_bucket_config.functions.id}`,
      filter,
      unique_writer_identity: true,
    }),
    resource("google_logging_project_exclusion", "functions", {
      name,
      project: PROJECT,
      filter,
      depends_on: ["google_logging_project_sink.functions"],
    }),
  ];
}

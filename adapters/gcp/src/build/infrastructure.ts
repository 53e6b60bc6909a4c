import type { DiscoveredFunction, InfrastructureInput } from "@anyfn/build";
import type { QueueTrigger, ScheduleTrigger, StreamTrigger, TopicTrigger, TriggerKind } from "@anyfn/core";
import { toUnixCron } from "./_cron.ts";
import { busTrigger, changesTrigger, storageTrigger, topicTrigger } from "./_eventarc.ts";
import { pushOf } from "./_pubsub.ts";
import { type Planned, serviceOf, type Triggered, triggerAccount, triggerMail, uriOf } from "./_service.ts";
import { sharedOf } from "./_shared.ts";
import { type Block, expression, identifier, render, resource, resourceName, unique } from "./_terraform.ts";
import type { GcpSettings } from "./settings.ts";

/** Terraform is Google Cloud's only language for infrastructure, so that `iac` makes no difference. */
export function infrastructure(input: InfrastructureInput): Readonly<Record<string, string>> {
  return { "main.tf.json": render(HEADER, blocksOf(input)) };
}

/** All that the functions of an application need, as blocks of Terraform. */
export function blocksOf(input: InfrastructureInput): readonly Block[] {
  const settings = input.settings as GcpSettings;
  const functions = [...input.functions].sort((a, b) => (a.name < b.name ? -1 : 1));
  const planned = functions.map((fn) => plannedOf(input, fn, settings));
  const blocks = planned.flatMap((one) => serviceOf(one, TRIGGERS[one.fn.definition.trigger.kind](one)));
  return unique([...sharedOf(input.app, planned, settings), ...blocks]);
}

const HEADER = {
  terraform: {
    required_version: ">= 1.5.0",
    required_providers: { google: { source: "hashicorp/google", version: ">= 6.50.0, < 8.0.0" } },
  },
  provider: { google: { project: expression("var.project"), region: expression("var.region") } },
};

const TRIGGERS: Readonly<Record<TriggerKind, (planned: Planned) => Triggered>> = {
  http: () => ({ blocks: [] }),
  direct: () => ({ blocks: [] }),
  queue: (planned) => ({ blocks: pushOf(planned, "queue", nameOf(planned)) }),
  stream: (planned) => ({ blocks: pushOf(planned, "stream", nameOf(planned)) }),
  topic: (planned) =>
    planned.settings.topics[nameOf(planned)]?.source === "push"
      ? { blocks: pushOf(planned, "topic", nameOf(planned)) }
      : topicTrigger(planned),
  storage: storageTrigger,
  changes: changesTrigger,
  bus: busTrigger,
  schedule: (planned) => ({ blocks: [...triggerAccount(planned), jobOf(planned)] }),
};

function nameOf({ fn }: Planned): string {
  return (fn.definition.trigger as QueueTrigger | StreamTrigger | TopicTrigger).name;
}

/** Seconds; https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs */
const LEAST_ATTEMPT = 15;
const MOST_ATTEMPT = 1800;

function jobOf({ app, fn, id, settings }: Planned): Block {
  const { cron, timeZone } = fn.definition.trigger as ScheduleTrigger;
  const seconds = Math.min(MOST_ATTEMPT, Math.max(LEAST_ATTEMPT, Math.ceil(fn.definition.timeout)));
  return resource("google_cloud_scheduler_job", id, {
    name: resourceName([app, fn.name], 200, "", 3),
    region: expression("var.region"),
    schedule: toUnixCron(cron),
    time_zone: timeZone,
    attempt_deadline: `${seconds}s`,
    retry_config: {
      retry_count: settings.scheduleRetries,
      min_backoff_duration: "5s",
      max_backoff_duration: "300s",
      max_retry_duration: "0s",
      max_doublings: 5,
    },
    http_target: {
      uri: uriOf(id),
      http_method: "POST",
      oidc_token: { service_account_email: triggerMail(id), audience: uriOf(id) },
    },
    depends_on: [`google_cloud_run_v2_service_iam_member.${id}-trigger`],
  });
}

function plannedOf(input: InfrastructureInput, fn: DiscoveredFunction, settings: GcpSettings): Planned {
  const artifact = input.artifacts.find(({ functions }) => functions.includes(fn.name));
  const own = Object.hasOwn(settings.functions, fn.name) ? settings.functions[fn.name] : undefined;
  return {
    app: input.app,
    fn,
    id: identifier(fn.name),
    settings,
    own: own ?? {},
    archive: archiveOf(fn.name, artifact),
  };
}

/** The zip of a function's source, from the target's folder. */
export function archiveOf(
  name: string,
  { directory, zip }: Partial<InfrastructureInput["artifacts"][number]> = {},
): string {
  const file = zip ?? `${name}.zip`;
  return directory === "." ? file : `${directory ?? name}/${file}`;
}

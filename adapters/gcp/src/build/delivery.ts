import type { Delivery, DiscoveredFunction, TargetInput } from "@anyfn/build";
import type { ScheduleTrigger, TopicTrigger } from "@anyfn/core";
import { toUnixCron } from "./_cron.ts";
import type { GcpSettings } from "./settings.ts";

/** How a function's events arrive: the settings choose a topic's source, and Cloud Scheduler reads crontab's form. */
export function delivery({ name, definition }: DiscoveredFunction, { settings }: TargetInput): Delivery {
  const { trigger } = definition;
  const { topics, functions } = settings as GcpSettings;
  if (trigger.kind === "schedule") {
    const { cron, timeZone } = trigger as ScheduleTrigger;
    return { schedule: `${toUnixCron(cron)} in ${timeZone}` };
  }
  const { concurrency } = functions[name] ?? {};
  const capabilities = concurrency === undefined ? {} : { atOnce: concurrency };
  if (trigger.kind !== "topic" || topics[(trigger as TopicTrigger).name]?.source !== "push")
    return { capabilities };
  return { source: "Pub/Sub push subscription", capabilities };
}

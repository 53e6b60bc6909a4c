import type { Delivery, DiscoveredFunction, TargetInput } from "@anyfn/build";
import type { ScheduleTrigger } from "@anyfn/core";
import type { ServeOptions } from "../serve.ts";

/** How a function's events arrive: a sender keeps the schedule as it is written, and the settings limit bodies. */
export function delivery({ definition }: DiscoveredFunction, { settings }: TargetInput): Delivery {
  const { trigger } = definition;
  const { bodyLimit } = settings as ServeOptions;
  const capabilities = bodyLimit === undefined ? {} : { maxBytes: bodyLimit };
  if (trigger.kind !== "schedule") return { capabilities };
  const { cron, timeZone } = trigger as ScheduleTrigger;
  return { capabilities, schedule: `${cron} in ${timeZone}` };
}

import type { Delivery, DiscoveredFunction, TargetInput } from "@anyfn/build";
import type { ScheduleTrigger, TriggerKind } from "@anyfn/core";
import { capabilities } from "../capabilities.ts";
import { toScheduleExpression } from "./_cron.ts";
import { frontOf, NO_SOURCE, SOURCES, settingsOf, sourceOf } from "./infrastructure-units.ts";
import type { AwsSettings, Front, OwnSettings } from "./settings.ts";

/** How a function's events arrive: the settings choose what stands before it. */
export function delivery(fn: DiscoveredFunction, input: TargetInput): Delivery {
  const { definition } = fn;
  const { trigger } = definition;
  const all = input.settings as AwsSettings;
  const settings = settingsOf(all, fn.name);
  if (trigger.kind === "http") return httpDelivery(frontOf({ definition, settings }), settings);
  const source = sourceName(trigger.kind, sourceOf(fn, all));
  if (trigger.kind === "schedule") {
    const { cron, timeZone } = trigger as ScheduleTrigger;
    return { source, schedule: `${toScheduleExpression(cron)} in ${timeZone}` };
  }
  return settings.partialFailures === false
    ? { source, capabilities: { partialFailure: false } }
    : { source };
}

const FRONTS: Readonly<Record<Front, string>> = {
  "http-api": "HTTP API",
  "rest-api": "REST API",
  "function-url": "function URL",
  none: "front of your own",
};

function httpDelivery(front: Front, { streaming = false }: OwnSettings): Delivery {
  const { http } = capabilities;
  // A REST API's limit of time is for answers in one piece.
  const isUnlimited = front === "rest-api" && streaming && "maxSeconds" in http;
  return {
    source: FRONTS[front],
    streams: streaming,
    ...(isUnlimited ? { capabilities: { maxSeconds: http.maxSeconds } } : {}),
  };
}

/** By the settings' names, in the order of {@link SOURCES}. */
const NAMES: Partial<Readonly<Record<TriggerKind, readonly string[]>>> = {
  storage: ["S3 through EventBridge", "S3 notification", "S3 through SNS", "S3 through SQS"],
};

/** A source by the name that the capabilities have for it. */
function sourceName(kind: TriggerKind, source: string | undefined): string {
  const trigger = capabilities[kind];
  const names = NAMES[kind] ?? ("sources" in trigger ? trigger.sources : []);
  const name =
    source === undefined || source === NO_SOURCE ? undefined : names[SOURCES[kind].indexOf(source)];
  return name ?? "source of your own";
}

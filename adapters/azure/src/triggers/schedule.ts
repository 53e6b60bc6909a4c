import { AnyfnError, type ScheduleEvent, type ScheduleTrigger } from "@anyfn/core";
import { compileEvents, type NamedFunction, prepareNothing, unknownPayload } from "@anyfn/core/adapter";
import { createAzureContext } from "../context.ts";
import type { AzureApp, AzureContext, AzureTimer } from "../native.ts";
import { type AzureSettings, retryOf, secondsOf } from "../settings.ts";
import { isUtc, toNcrontab } from "./_ncrontab.ts";
import { handleAll } from "./_run.ts";
import { isObject, timeOf } from "./_values.ts";

/**
 * Registers `schedule` functions on timers.
 *
 * @throws AnyfnError `unsupported` for a schedule that the host cannot keep.
 */
export function registerSchedule(
  app: AzureApp,
  functions: readonly NamedFunction[],
  settings: AzureSettings = {},
): void {
  for (const { name, definition } of functions) {
    const trigger = definition.trigger as ScheduleTrigger;
    const compiled = compileEvents<ScheduleTrigger, ScheduleEvent>(definition, "schedule", prepareNothing);
    const seconds = secondsOf(definition.timeout, settings);
    app.timer(name, {
      schedule: toTimer(trigger),
      ...(settings.retry === undefined ? {} : { retry: retryOf(settings) }),
      handler: async (timer: unknown, context: AzureContext) => {
        const tick = fromTimer(timer, context.functionName);
        await handleAll(compiled, [tick], createAzureContext(context, seconds), "schedule");
      },
    });
  }
}

/** The host's form of a schedule. @throws AnyfnError `unsupported` where there is none. */
export function toTimer({ cron, timeZone }: ScheduleTrigger): string {
  if (!isUtc(timeZone)) {
    throw new AnyfnError(
      "unsupported",
      `The schedule "${cron}" is in the time zone ${timeZone}, and timers on Linux plans run in UTC. Write it in UTC.`,
      { provider: "azure", trigger: "schedule" },
    );
  }
  return toNcrontab(cron);
}

/** A timer may fire a little early; the host allows for a second. */
const EARLY_MS = 1000;

/**
 * A timer's tick. While it runs, the status is still that of before: `next` is the tick itself and `last` the one
 * before. A function that is started by hand finds `next` in the future, and is told the last tick.
 *
 * @see https://github.com/Azure/azure-webjobs-sdk-extensions/blob/dev/src/WebJobs.Extensions/Extensions/Timers/Listener/TimerListener.cs
 * @throws AnyfnError `unknown-payload` when it is no timer's tick.
 */
export function fromTimer(timer: unknown, name: string): ScheduleEvent {
  if (!isObject(timer) || !("isPastDue" in timer || "scheduleStatus" in timer || "schedule" in timer)) {
    throw unknownPayload(timer, "azure", "schedule", "the ticks of a timer");
  }
  const { scheduleStatus } = timer as AzureTimer;
  const next = timeOf(scheduleStatus?.next);
  const isDue = next !== undefined && next.getTime() <= Date.now() + EARLY_MS;
  const scheduledAt = isDue ? next : timeOf(scheduleStatus?.last);
  return { id: undefined, scheduledAt, name, raw: timer };
}

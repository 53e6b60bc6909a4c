import { parseCron } from "../cron.ts";
import { AnyfnError } from "../errors.ts";
import type { Trigger } from "../trigger.ts";

/** A tick of a schedule. */
export interface ScheduleEvent {
  /** The same for each delivery of one tick, where the platform has an id. */
  readonly id: string | undefined;
  /** When the tick was due; undefined where the platform does not say. */
  readonly scheduledAt: Date | undefined;
  /** The provider's name of the schedule. */
  readonly name: string | undefined;
  /** The provider's own event. */
  readonly raw: unknown;
}

/** Options of a schedule trigger. */
export interface ScheduleOptions {
  /** IANA time zone in which the expression is read; `"UTC"` by default. */
  readonly timeZone?: string;
}

/** A declared schedule trigger. */
export interface ScheduleTrigger extends Trigger<"schedule", ScheduleEvent, unknown> {
  /** Five fields: minute, hour, day of month, month, day of week (0 to 7, or names). */
  readonly cron: string;
  readonly timeZone: string;
}

/**
 * Declares a function that runs on a schedule.
 *
 * @example schedule("0 2 * * MON-FRI", { timeZone: "Europe/Berlin" })
 */
/* @__NO_SIDE_EFFECTS__ */
export function schedule(cron: string, options: ScheduleOptions = {}): ScheduleTrigger {
  const { timeZone = "UTC" } = options;
  parseCron(cron);
  assertTimeZone(timeZone);
  return { kind: "schedule", cron: cron.trim().replace(/\s+/g, " "), timeZone };
}

function assertTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    // Offsets such as +01:00 pass there, but no provider takes them.
    if (/^[+-]/.test(timeZone)) throw new RangeError("An offset is no time zone.");
  } catch (cause) {
    throw new AnyfnError(
      "invalid-definition",
      `"${timeZone}" is not a time zone. Use an IANA name, such as "Europe/Berlin".`,
      { cause },
    );
  }
}

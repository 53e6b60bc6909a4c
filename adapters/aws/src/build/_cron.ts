import { AnyfnError } from "@anyfn/core";
import { type CronRange, cronValues, parseCron } from "@anyfn/core/adapter";

/**
 * A five-field expression as EventBridge writes it: a field for years at the end, Sunday is 1, and "?" stands in the
 * field of days that does not choose. Give `ScheduleExpressionTimezone` of the Scheduler the schedule's time zone.
 *
 * @example toScheduleExpression("0 2 * * MON-FRI"); // cron(0 2 ? * 2,3,4,5,6 *)
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 * @throws AnyfnError `unsupported` where the two do not mean the same.
 */
export function toScheduleExpression(cron: string): string {
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parseCron(cron);
  if (dayOfMonth !== undefined && dayOfWeek !== undefined) {
    // Cron runs on either; EventBridge refuses both.
    throw new AnyfnError(
      "unsupported",
      `EventBridge cannot restrict the day of the month and the day of the week at once, as "${cron}" does. Declare two ` +
        "schedules.",
      { provider: "aws", trigger: "schedule" },
    );
  }
  const days =
    dayOfWeek === undefined
      ? [toList(dayOfMonth), toList(month), "?"]
      : ["?", toList(month), toDays(dayOfWeek)];
  return `cron(${[toList(minute), toList(hour), ...days, "*"].join(" ")})`;
}

/** Steps are written out: EventBridge documents them from one value on, and not within a range. */
function toList(ranges: readonly CronRange[] | undefined): string {
  return (
    ranges?.map((range) => (range.step === 1 ? toRange(range) : cronValues(range).join(","))).join(",") ?? "*"
  );
}

function toRange({ from, to }: CronRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}

function toDays(ranges: readonly CronRange[]): string {
  const days = new Set(ranges.flatMap(cronValues).map((day) => (day % 7) + 1));
  return [...days].sort().join(",");
}

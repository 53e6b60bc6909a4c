import { AnyfnError } from "@anyfn/core";
import { type CronRange, parseCron } from "@anyfn/core/adapter";

/**
 * A five-field expression as the host's NCRONTAB: a field for seconds in front, and Sunday is 0 alone.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 * @throws AnyfnError `unsupported` where the two do not mean the same.
 */
export function toNcrontab(expression: string): string {
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parseCron(expression);
  if (dayOfMonth !== undefined && dayOfWeek !== undefined) {
    throw new AnyfnError(
      "unsupported",
      `The schedule "${expression}" names days of the month and of the week: cron runs on either, Azure only where ` +
        "both meet. Declare two schedules.",
      { provider: "azure", trigger: "schedule" },
    );
  }
  const fields = [minute, hour, dayOfMonth, month].map((ranges) => ranges?.map(toRange).join(",") ?? "*");
  return ["0", ...fields, toDaysOfWeek(dayOfWeek)].join(" ");
}

/** Whether a time zone is UTC: the host knows no other on the plans for Linux. */
export function isUtc(timeZone: string): boolean {
  return /^(?:Etc\/)?(?:UTC|UCT|GMT|Zulu|Universal)$/i.test(timeZone);
}

function toRange({ from, to, step }: CronRange): string {
  if (from === to) return String(from);
  return step === 1 ? `${from}-${to}` : `${from}-${to}/${step}`;
}

function toDaysOfWeek(ranges: readonly CronRange[] | undefined): string {
  if (ranges === undefined) return "*";
  const days = new Set<number>();
  for (const { from, to, step } of ranges) for (let day = from; day <= to; day += step) days.add(day % 7);
  return [...days].sort((a, b) => a - b).join(",");
}

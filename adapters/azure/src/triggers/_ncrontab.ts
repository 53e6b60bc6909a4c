import { AnyfnError } from "@anyfn/core";
import { parseCron, writeCron } from "@anyfn/core/adapter";

/**
 * A five-field expression as the host's NCRONTAB: a field for seconds in front, and Sunday is 0 alone.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 * @throws AnyfnError `unsupported` where the two do not mean the same.
 */
export function toNcrontab(expression: string): string {
  const cron = parseCron(expression);
  if (cron.dayOfMonth !== undefined && cron.dayOfWeek !== undefined) {
    throw new AnyfnError(
      "unsupported",
      `The schedule "${expression}" names days of the month and of the week: cron runs on either, Azure only where ` +
        "both meet. Declare two schedules.",
      { provider: "azure", trigger: "schedule" },
    );
  }
  return `0 ${writeCron(cron)}`;
}

/** Whether a time zone is UTC: the host knows no other on the plans for Linux. */
export function isUtc(timeZone: string): boolean {
  return /^(?:Etc\/)?(?:UTC|UCT|GMT|Zulu|Universal)$/i.test(timeZone);
}

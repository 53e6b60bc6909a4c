import { parseCron, writeCron } from "@anyfn/core/adapter";

/**
 * A five-field expression as Cloud Scheduler documents it: days of the week are 0 to 6, and a step has a range in front.
 *
 * @example toUnixCron("0 2 * * 5-7"); // 0 2 * * 0,5,6
 * @see https://cloud.google.com/scheduler/docs/configuring/cron-job-schedules
 */
export function toUnixCron(expression: string): string {
  return writeCron(parseCron(expression));
}

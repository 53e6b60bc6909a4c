import { type CronRange, parseCron } from "@anyfn/core/adapter";

/**
 * A five-field expression as Cloud Scheduler documents it: days of the week are 0 to 6, and a step has a range in front.
 *
 * @example toUnixCron("0 2 * * 5-7"); // 0 2 * * 0,5,6
 * @see https://cloud.google.com/scheduler/docs/configuring/cron-job-schedules
 */
export function toUnixCron(expression: string): string {
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parseCron(expression);
  const days = dayOfWeek && [...new Set(dayOfWeek.flatMap(valuesOf).map((day) => day % 7))];
  const fields = [minute, hour, dayOfMonth, month].map((ranges) => ranges?.map(toRange).join(",") ?? "*");
  return [...fields, days?.sort((a, b) => a - b).join(",") ?? "*"].join(" ");
}

function toRange({ from, to, step }: CronRange): string {
  if (from === to) return String(from);
  return step === 1 ? `${from}-${to}` : `${from}-${to}/${step}`;
}

function valuesOf({ from, to, step }: CronRange): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

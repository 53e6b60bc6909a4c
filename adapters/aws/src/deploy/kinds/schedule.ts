import type { CreateScheduleInput } from "@aws-sdk/client-scheduler";
import { ifThere, isNamed } from "../_errors.ts";
import { retry } from "../_retry.ts";
import type { Aws, Found, Resource, ResourceKind } from "../kind.ts";
import { everything, fromMark, ours, prefixOf, toMark } from "./_service.ts";

const GONE = "ResourceNotFoundException";

/** A schedule with a time zone. It cannot have tags: the description says whose it is. */
export const schedule: ResourceKind = {
  type: "AWS::Scheduler::Schedule",
  label: "schedule",
  read: ({ aws, name }) => describe(aws, name),
  create: async (resource) => {
    const scheduler = await resource.aws.clients.scheduler();
    return put(resource, (input) => scheduler.createSchedule(input));
  },
  update: async (resource) => {
    const scheduler = await resource.aws.clients.scheduler();
    return put(resource, (input) => scheduler.updateSchedule(input));
  },
  remove: async ({ aws }, { id: Name }) => {
    const scheduler = await aws.clients.scheduler();
    await ifThere(scheduler.deleteSchedule({ Name }), GONE);
  },
  list: async (aws) => {
    const scheduler = await aws.clients.scheduler();
    const all = await everything(async (NextToken) => {
      const page = await scheduler.listSchedules({
        GroupName: "default",
        NamePrefix: prefixOf(aws),
        NextToken,
      });
      return [page.Schedules, page.NextToken];
    });
    return ours(aws, all, ({ Name = "" }) => describe(aws, Name));
  },
};

async function describe(aws: Aws, name: string): Promise<Found | undefined> {
  const scheduler = await aws.clients.scheduler();
  const found = await ifThere(scheduler.getSchedule({ Name: name }), GONE);
  if (found === undefined) return undefined;
  const { ScheduleExpression, ScheduleExpressionTimezone } = found;
  const { Arn, DeadLetterConfig, Input, RetryPolicy, RoleArn } = found.Target ?? {};
  const properties = {
    FlexibleTimeWindow: { Mode: found.FlexibleTimeWindow?.Mode },
    ScheduleExpression,
    ScheduleExpressionTimezone,
    Target: { Arn, DeadLetterConfig, Input, RetryPolicy, RoleArn },
  };
  const tags = fromMark(aws, found.Description) === undefined ? {} : aws.tags;
  return { ...toFound(name, found.Arn, properties), tags };
}

function toFound(name: string, Arn = "", properties: Found["properties"]): Found {
  return { id: name, name, properties, attributes: { Ref: name, Arn } };
}

async function put(
  { aws, name, properties }: Resource,
  send: (input: CreateScheduleInput) => Promise<{ readonly ScheduleArn: string | undefined }>,
): Promise<Found> {
  const declared = properties as unknown as Pick<
    CreateScheduleInput,
    "FlexibleTimeWindow" | "ScheduleExpression" | "ScheduleExpressionTimezone" | "Target"
  >;
  const input = { ...declared, Name: name, Description: toMark(aws, name) };
  // A role is known everywhere only some seconds after it was made.
  const passes = (error: unknown) =>
    (isNamed(error, "ValidationException") && /assume/.test(String(error))) ||
    isNamed(error, "ConflictException");
  const doing = "the schedule's role to become known";
  const { ScheduleArn } = await retry(aws, () => send(input), passes, { doing });
  return toFound(name, ScheduleArn, properties);
}

import type { BusTrigger, ScheduleTrigger, StorageTrigger } from "@anyfn/core";
import { toScheduleExpression } from "./_cron.ts";
import { bucketOf } from "./infrastructure-buckets.ts";
import { deadLettersOf, permission, roleFor } from "./infrastructure-function.ts";
import { allow, arnOf, idOf, ownArn, type Parts, ref, sub, type Value } from "./infrastructure-template.ts";
import { type App, isCreated, type Unit, type Wiring } from "./infrastructure-units.ts";

/** How long and how often EventBridge tries to hand an event over to Lambda. */
const DELIVERY = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } as const;

/** What the function reads, in the words of the Scheduler's context attributes. */
const TICK = {
  scheduleArn: "<aws.scheduler.schedule-arn>",
  scheduledTime: "<aws.scheduler.scheduled-time>",
  executionId: "<aws.scheduler.execution-id>",
  attempt: "<aws.scheduler.attempt-number>",
} as const;

/** A schedule that triggers a function, in its own time zone with the Scheduler, in UTC with a rule. */
export function scheduleWiring(unit: Unit): Wiring {
  const { cron, timeZone } = unit.definition.trigger as ScheduleTrigger;
  const ScheduleExpression = toScheduleExpression(cron);
  if (unit.source === "rule") return ruleWiring(unit, { ScheduleExpression }, {});
  return {
    asynchronous: true,
    deadLetters: true,
    Resources: {
      [`${unit.id}ScheduleRole`]: schedulerRole(unit),
      [`${unit.id}Schedule`]: {
        Type: "AWS::Scheduler::Schedule",
        Properties: {
          FlexibleTimeWindow: { Mode: "OFF" },
          ScheduleExpression,
          ScheduleExpressionTimezone: timeZone,
          Target: {
            Arn: unit.alias,
            DeadLetterConfig: { Arn: deadLettersOf(unit) },
            Input: JSON.stringify(TICK),
            RetryPolicy: DELIVERY,
            RoleArn: arnOf(`${unit.id}ScheduleRole`),
          },
        },
      },
    },
  };
}

/** Events of a bus that trigger a function. */
export function busWiring(unit: Unit, { settings }: App): Wiring {
  const { name, types, sources } = unit.definition.trigger as BusTrigger;
  const id = `${idOf(name)}Bus`;
  const EventPattern = {
    source: sources ?? (types === undefined ? [{ prefix: "" }] : undefined),
    "detail-type": types,
  };
  if (isCreated(settings, name)) {
    const bus = { Type: "AWS::Events::EventBus", Properties: { Name: sub(`\${AWS::StackName}-${id}`) } };
    return ruleWiring(
      unit,
      { EventBusName: ref(id), EventPattern },
      {
        Resources: { [id]: bus },
        Outputs: { [`${id}Name`]: { Description: `The bus "${name}"`, Value: ref(id) } },
      },
    );
  }
  const Default = name === "default" ? { Default: name } : {};
  const parameter = { Type: "String", Description: `Name of the bus "${name}"`, ...Default } as const;
  return ruleWiring(
    unit,
    { EventBusName: ref(`${id}Name`), EventPattern },
    { Parameters: { [`${id}Name`]: parameter } },
  );
}

/** Events of a bucket that EventBridge gets, where the bucket's owner has turned them on. */
export function storageWiring(unit: Unit, app: App): Wiring {
  const { name, on, prefix, suffix } = unit.definition.trigger as StorageTrigger;
  const { bucket, parts } = bucketOf(name, app);
  const key = keyPattern(prefix, suffix);
  const EventPattern = {
    source: ["aws.s3"],
    "detail-type": on.flatMap((action) => DETAIL_TYPES[action]),
    detail: { bucket: { name: [bucket] }, ...(key === undefined ? {} : { object: { key: [key] } }) },
  };
  return ruleWiring(unit, { EventPattern }, parts);
}

const DETAIL_TYPES: Readonly<Record<StorageTrigger["on"][number], readonly string[]>> = {
  created: ["Object Created"],
  deleted: ["Object Deleted"],
  archived: ["Object Storage Class Changed", "Object Access Tier Changed"],
  metadata: ["Object Tags Added", "Object Tags Deleted", "Object ACL Updated"],
};

/** Two patterns for one key would be one or the other: both at once are one with a wildcard. */
function keyPattern(prefix: string, suffix: string): Value | undefined {
  if (prefix === "" && suffix === "") return undefined;
  if (suffix === "") return { prefix };
  if (prefix === "") return { suffix };
  const literal = (text: string) => text.replace(/[*\\]/g, "\\$&");
  return { wildcard: `${literal(prefix)}*${literal(suffix)}` };
}

function ruleWiring(unit: Unit, properties: Readonly<Record<string, Value>>, parts: Parts): Wiring {
  const rule = `${unit.id}Rule`;
  return {
    ...parts,
    asynchronous: true,
    deadLetters: true,
    senders: [{ service: "events.amazonaws.com", sourceArn: arnOf(rule) }],
    Resources: {
      ...parts.Resources,
      [`${unit.id}Permission`]: permission(unit, "events.amazonaws.com", arnOf(rule)),
      [rule]: {
        Type: "AWS::Events::Rule",
        Properties: {
          ...properties,
          Targets: [
            {
              Arn: unit.alias,
              DeadLetterConfig: { Arn: deadLettersOf(unit) },
              Id: "function",
              RetryPolicy: DELIVERY,
            },
          ],
        },
      },
    },
  };
}

/** The Scheduler takes on a role, for schedules of this account alone. */
function schedulerRole(unit: Unit) {
  return roleFor(
    "scheduler.amazonaws.com",
    [allow(["lambda:InvokeFunction"], unit.alias), allow(["sqs:SendMessage"], deadLettersOf(unit))],
    {
      StringEquals: { "aws:SourceAccount": ref("AWS::AccountId") },
      ArnEquals: { "aws:SourceArn": ownArn("scheduler", "schedule-group/default") },
    },
  );
}

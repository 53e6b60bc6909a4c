import type { AnyFunction, ScheduleEvent, ScheduleTrigger } from "@anyfn/core";
import { compileEvents, prepareNothing, unknownPayload } from "@anyfn/core/adapter";
import { createLambdaContext } from "../context.ts";
import { watchCrashes } from "../crash.ts";
import type { LambdaHandler } from "../native.ts";
import { isEventBridge } from "./_eventbridge.ts";
import { throwFailures } from "./_outcomes.ts";
import { countOf, dateOf, nameOf, textOf } from "./_values.ts";

/** Input of EventBridge Scheduler that was written with its context attributes. */
interface SchedulerInput {
  readonly scheduleArn?: unknown;
  readonly scheduledTime?: unknown;
  readonly executionId?: unknown;
  readonly attempt?: unknown;
  readonly attemptNumber?: unknown;
}

/**
 * Makes the Lambda handler of a schedule function, for EventBridge Scheduler and for rules of EventBridge. Any input
 * that the schedule was given is taken.
 *
 * @example export const handler = scheduleHandler(nightly);
 */
export function scheduleHandler(definition: AnyFunction): LambdaHandler {
  watchCrashes();
  const events = compileEvents<ScheduleTrigger, ScheduleEvent>(definition, "schedule", prepareNothing);
  return async (event, context) => {
    const tick = fromSchedule(event);
    if (tick === undefined) {
      throw unknownPayload(event, "aws", "schedule", "a schedule's event or an input of its own");
    }
    const ctx = createLambdaContext(context, { attempt: attemptOf(event) });
    const outcomes = await events.handle([tick], ctx);
    await ctx.finish();
    throwFailures(outcomes, "schedule");
    return null;
  };
}

/**
 * A tick of either scheduler; undefined for what comes from another source. Their default events say when, input of
 * the user's own only where it uses the context attributes.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export function fromSchedule(event: unknown): ScheduleEvent | undefined {
  if (isEventBridge(event)) {
    if (event.source !== "aws.events" && event.source !== "aws.scheduler") return undefined;
    const { id, time, resources } = event;
    return { id: textOf(id), scheduledAt: dateOf(time), name: nameOf(resources?.[0]), raw: event };
  }
  if (isDelivery(event)) return undefined;
  const { scheduleArn, scheduledTime, executionId } = (event ?? {}) as SchedulerInput;
  return {
    id: textOf(executionId),
    scheduledAt: dateOf(scheduledTime),
    name: nameOf(scheduleArn),
    raw: event,
  };
}

/** Members of requests, authorizations, logs, Firehose's and Cognito's events, and of Kafka's, MQ's and DocumentDB's. */
const FOREIGN = [
  "requestContext",
  "methodArn",
  "awslogs",
  "deliveryStreamArn",
  "triggerSource",
  "eventSource",
];

/** Records and requests of other sources: to take them for a tick would acknowledge what nobody handled. */
function isDelivery(event: unknown): boolean {
  if (typeof event !== "object" || event === null) return false;
  if (Array.isArray((event as { readonly Records?: unknown }).Records)) return true;
  return FOREIGN.some((name) => name in event);
}

function attemptOf(event: unknown): number | undefined {
  const { attempt, attemptNumber } = (event ?? {}) as SchedulerInput;
  return countOf(attempt ?? attemptNumber);
}

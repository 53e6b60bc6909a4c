import type { AnyFunction, AnyfnError, BusEvent, ScheduleEvent, ScheduleTrigger } from "@anyfn/core";
import { type MessageInit, prepareNothing } from "@anyfn/core/adapter";
import type { CloudOptions } from "../context.ts";
import type { CloudFunction } from "../native.ts";
import { type Delivery, decodeEach, decodeEvents, readContent } from "./_delivery.ts";
import { type EventSpec, eventFunction } from "./_events.ts";
import { pubsubMessages } from "./_pubsub.ts";

/**
 * Makes the function that functions-framework calls for a schedule: Cloud Scheduler, by HTTP or by Pub/Sub.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function scheduleFunction(definition: AnyFunction, options: CloudOptions = {}): CloudFunction {
  return eventFunction(definition, options, spec);
}

const spec: EventSpec<ScheduleTrigger, ScheduleEvent> = {
  kind: "schedule",
  prepare: prepareNothing,
  decode: fromSchedule,
  expected: "a Cloud Scheduler request and a Pub/Sub message of a Cloud Scheduler job",
};

const EXECUTED = "google.cloud.scheduler.job.v1.executed";

/** The tick of a delivery; undefined when it carries none. */
export function fromSchedule(delivery: Delivery): readonly (ScheduleEvent | AnyfnError)[] | undefined {
  const { headers } = delivery;
  if (headers["x-cloudscheduler"] !== undefined || headers["x-cloudscheduler-jobname"] !== undefined) {
    return [fromScheduler(delivery)];
  }
  const content = readContent(delivery);
  const events = decodeEvents(content, ({ type }) => type === EXECUTED, fromExecuted);
  const messages = events === undefined ? pubsubMessages(delivery, content) : undefined;
  return messages === undefined ? events : decodeEach(messages, fromMessage);
}

/** Scheduler publishes when the tick is due and says nothing else about it. */
function fromMessage({ id, enqueuedAt, raw }: MessageInit): ScheduleEvent {
  return { id, scheduledAt: enqueuedAt, name: undefined, raw };
}

/**
 * A job with an HTTP target. It has no id of its own: job and time together are the same for each try of one tick.
 *
 * @see https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs#httptarget
 */
function fromScheduler({ headers, raw }: Delivery): ScheduleEvent {
  const name = headers["x-cloudscheduler-jobname"];
  const time = headers["x-cloudscheduler-scheduletime"];
  const date = new Date(time ?? Number.NaN);
  const scheduledAt = Number.isNaN(date.getTime()) ? undefined : date;
  const id =
    name === undefined || scheduledAt === undefined ? undefined : `${name}@${scheduledAt.toISOString()}`;
  return { id, scheduledAt, name, raw };
}

function fromExecuted(event: BusEvent): ScheduleEvent {
  const name = /\/jobs\/([^/]+)$/.exec(event.source)?.[1];
  return { id: event.id, scheduledAt: event.time, name, raw: event.raw };
}

import type { BusEvent, ScheduleEvent, ScheduleTrigger } from "@anyfn/core";
import { type NamedFunction, prepareNothing } from "@anyfn/core/adapter";
import type { EventEndpoint } from "../endpoint.ts";
import { eventEndpoint } from "./_events.ts";

/**
 * Makes a schedule function ready for the server. The server keeps no clock: a scheduler such as Knative's PingSource
 * sends the ticks.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function scheduleEndpoint(named: NamedFunction): EventEndpoint {
  return eventEndpoint<ScheduleTrigger, ScheduleEvent>(named, {
    kind: "schedule",
    prepare: prepareNothing,
    from: fromSchedule,
  });
}

/** A CloudEvent as a tick; its source names the schedule. */
export function fromSchedule({ id, time, source, raw }: BusEvent): ScheduleEvent {
  return { id, scheduledAt: time, name: source, raw };
}

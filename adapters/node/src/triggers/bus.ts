import type { BusEvent, BusTrigger } from "@anyfn/core";
import { type NamedFunction, prepareBus } from "@anyfn/core/adapter";
import type { EventEndpoint } from "../endpoint.ts";
import { eventEndpoint } from "./_events.ts";

/**
 * Makes a bus function ready for the server.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function busEndpoint(named: NamedFunction): EventEndpoint {
  return eventEndpoint<BusTrigger, BusEvent>(named, { kind: "bus", prepare: prepareBus, from: fromBus });
}

/** A CloudEvent is the neutral form already. */
export function fromBus(event: BusEvent): BusEvent {
  return event;
}

import type { AnyFunction, AnyfnError, BusEvent, BusTrigger } from "@anyfn/core";
import { prepareBus } from "@anyfn/core/adapter";
import type { CloudOptions } from "../context.ts";
import type { CloudFunction } from "../native.ts";
import { type Delivery, readContent } from "./_delivery.ts";
import { type EventSpec, eventFunction } from "./_events.ts";

/**
 * Makes the function that functions-framework calls for a bus trigger: CloudEvents of Eventarc, audit logs among them.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function busFunction(definition: AnyFunction, options: CloudOptions = {}): CloudFunction {
  return eventFunction(definition, options, spec);
}

const spec: EventSpec<BusTrigger, BusEvent> = {
  kind: "bus",
  prepare: prepareBus,
  decode: fromBus,
  expected:
    "a CloudEvent in binary, structured or batched mode and a background event of the first generation",
};

/** The events of a delivery; undefined when it carries none. */
export function fromBus(delivery: Delivery): readonly (BusEvent | AnyfnError)[] | undefined {
  const content = readContent(delivery);
  return content.kind === "events" ? content.events : undefined;
}

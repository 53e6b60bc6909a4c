import type { AnyFunction, BusEvent, BusTrigger } from "@anyfn/core";
import { compileEvents, prepareBus, unknownPayload } from "@anyfn/core/adapter";
import { createLambdaContext } from "../context.ts";
import { watchCrashes } from "../crash.ts";
import type { EventBridgeEvent, LambdaHandler } from "../native.ts";
import { invalidPayload } from "./_errors.ts";
import { isEventBridge } from "./_eventbridge.ts";
import { throwFailures } from "./_outcomes.ts";
import { dateOf } from "./_values.ts";

/**
 * Makes the Lambda handler of a bus function, for rules of EventBridge.
 *
 * @example export const handler = busHandler(onOrder);
 */
export function busHandler(definition: AnyFunction): LambdaHandler {
  watchCrashes();
  const events = compileEvents<BusTrigger, BusEvent>(definition, "bus", prepareBus);
  return async (event, context) => {
    if (!isEventBridge(event)) throw unknownPayload(event, "aws", "bus", "an EventBridge event");
    const ctx = createLambdaContext(context);
    const outcomes = await events.handle([fromEventBridge(event)], ctx);
    await ctx.finish();
    throwFailures(outcomes, "bus");
    return null;
  };
}

/** An event of EventBridge as a CloudEvent; what CloudEvents have no attribute for becomes an extension. */
export function fromEventBridge(event: EventBridgeEvent): BusEvent {
  const { id, source, account, region, resources } = event;
  if (typeof id !== "string" || id === "") throw invalidPayload("bus", "id", "is not text");
  const replay = (event as { readonly "replay-name"?: unknown })["replay-name"];
  const extensions: Record<string, unknown> = {};
  if (account !== undefined) extensions.account = account;
  if (region !== undefined) extensions.region = region;
  if (resources !== undefined) extensions.resources = resources;
  if (replay !== undefined) extensions.replayname = replay;
  return {
    id,
    source,
    type: event["detail-type"],
    subject: undefined,
    time: dateOf(event.time),
    data: event.detail,
    datacontenttype: undefined,
    dataschema: undefined,
    extensions,
    raw: event,
  };
}

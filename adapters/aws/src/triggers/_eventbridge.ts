import type { EventBridgeEvent } from "../native.ts";

/** Whether a value is an event of EventBridge: nothing else has a `detail-type` beside its `source`. */
export function isEventBridge(value: unknown): value is EventBridgeEvent {
  const event = (value ?? {}) as Partial<EventBridgeEvent>;
  return typeof event["detail-type"] === "string" && typeof event.source === "string";
}

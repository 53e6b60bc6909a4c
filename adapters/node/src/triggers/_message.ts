import type { BusEvent } from "@anyfn/core";
import type { MessageInit } from "@anyfn/core/adapter";
import { attributesOf, extensionOf, payloadOf } from "./_payload.ts";

/** What queued and published messages have in common. */
export function toMessageInit(event: BusEvent): MessageInit {
  return {
    id: event.id,
    payload: payloadOf(event),
    attributes: attributesOf(event),
    deliveryCount: countOf(extensionOf(event, "deliverycount")),
    orderingKey: extensionOf(event, "partitionkey"),
    enqueuedAt: event.time,
    subject: event.subject,
    raw: event.raw,
  };
}

function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

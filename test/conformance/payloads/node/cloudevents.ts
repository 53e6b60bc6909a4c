import type { HeaderLine, PlainRequest } from "../../../runtimes/hosts/host.ts";
import { post } from "../http.ts";

/** Where the server under test takes events. */
export const EVENTS = "/_events/under-test";

/** A CloudEvent in the JSON format. */
export function cloudEvent(change: object = {}): object {
  return {
    specversion: "1.0",
    id: "e-1",
    source: "/shop/orders",
    type: "order.placed",
    time: "2026-03-01T10:00:00Z",
    ...change,
  };
}

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#32-structured-content-mode */
export function structured(
  event: object,
  url: string = EVENTS,
  type = "application/cloudevents+json",
): PlainRequest {
  return post(url, JSON.stringify(event), type);
}

/** Several in one request, in the same binding's batched mode. */
export function batched(events: readonly object[], url: string = EVENTS): PlainRequest {
  return post(url, JSON.stringify(events), "application/cloudevents-batch+json");
}

/** The same binding's binary mode: attributes as headers, as they are given. */
export function binary(
  event: object,
  body: string | Uint8Array | undefined,
  type?: string,
  url: string = EVENTS,
): PlainRequest {
  const attributes = Object.entries(event).map(([name, value]): HeaderLine => [`ce-${name}`, String(value)]);
  const headers: HeaderLine[] = type === undefined ? attributes : [["content-type", type], ...attributes];
  return { method: "POST", url, headers, ...(body === undefined ? {} : { body: Buffer.from(body) }) };
}

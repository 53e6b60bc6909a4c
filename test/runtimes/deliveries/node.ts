import type { HttpHost, PlainRequest } from "../hosts/index.ts";
import type { Deliver, Delivered, Delivery, SentMessage } from "./delivery.ts";

/** Delivers as a CloudEvents source such as a Knative broker does: one event a request, in structured mode. */
export function deliverToNode(host: HttpHost): Deliver {
  return async (functionName, delivery) => {
    const results: Delivered[] = [];
    for (const event of eventsOf(delivery)) {
      const { status, body } = await host.request(requestOf(functionName, delivery, event));
      const text = Buffer.from(body).toString();
      if (status < 200 || status > 299) results.push({ status: "failed", reason: `${status} ${text}` });
      else
        results.push(
          delivery.trigger === "direct" ? { status: "done", output: JSON.parse(text) } : { status: "done" },
        );
    }
    return results;
  };
}

function requestOf(functionName: string, delivery: Delivery, event: unknown): PlainRequest {
  const type = delivery.trigger === "direct" ? "application/json" : "application/cloudevents+json";
  return {
    method: "POST",
    url: `/_events/${functionName}`,
    headers: [["content-type", type]],
    body: Buffer.from(JSON.stringify(event)),
  };
}

function eventsOf(delivery: Delivery): readonly unknown[] {
  const time = "2026-03-01T10:00:00Z";
  const base = { specversion: "1.0", source: "/tests", type: `example.${delivery.trigger}`, time };
  switch (delivery.trigger) {
    case "queue":
    case "topic":
      return delivery.events.map(({ id, data, attributes }: SentMessage) => ({
        ...base,
        ...attributes,
        id,
        data,
      }));
    case "stream":
      return delivery.events.map(({ id, data }) => ({
        ...base,
        time: "2026-03-01T10:00:00.500Z",
        id,
        partitionkey: "device-1",
        sequence: id,
        data,
      }));
    case "schedule":
      return [{ ...base, id: "tick-1", time: delivery.events[0].at }];
    case "storage":
      return delivery.events.map(({ id, ...data }) => ({
        ...base,
        id,
        data: { action: "created", ...data },
      }));
    case "changes":
      return delivery.events.map(({ id, collection, after }) => ({
        ...base,
        id,
        data: { action: "updated", collection, keys: { id: after.id }, after },
      }));
    case "bus":
      return delivery.events.map((event) => ({ ...base, ...event }));
    case "direct":
      return [delivery.events[0].input];
  }
}

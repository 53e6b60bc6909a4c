import type { PlainRequest } from "../../runtimes/hosts/host.ts";
import type { Case } from "../case.ts";
import { hooked } from "./azure/event-grid.ts";
import { cloudEvent, EVENTS } from "./node/cloudevents.ts";

/** Settings under which Azure's bus `shop` is a web hook of Event Grid. */
export const ON_WEB_HOOK = { azure: { buses: { shop: { source: "event-grid-webhook" } } } } as const;

/** Where CloudEvents arrive over HTTP. */
export const OVER_HTTP = {
  trigger: "bus",
  source: ["Event Grid web hook", "Eventarc", "CloudEvents over HTTP"],
} as const;

/** Attributes of an event with extensions. */
export const ATTRIBUTES: object = cloudEvent({
  subject: "orders/42",
  dataschema: "https://shop.example/order.json",
  tenant: "acme",
  traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
});
/** The same event with JSON data. */
export const JSON_EVENT: object = {
  ...ATTRIBUTES,
  datacontenttype: "application/json",
  data: { sku: "tea" },
};

/** The same data in base64. */
export const BASE64: string = Buffer.from('{"sku":"tea"}').toString("base64");

/** The same requests to each provider that takes CloudEvents over HTTP. Lambda is given one as JSON, to refuse it. */
export function overHttp(...requests: readonly PlainRequest[]): NonNullable<Case["native"]> {
  return {
    aws: [cloudEvent({ data: { sku: "tea" } })],
    azure: requests.map(hooked),
    gcp: requests.map((request) => ({ ...request, url: "/" })),
    node: requests.map((request) => ({ ...request, url: EVENTS })),
  };
}

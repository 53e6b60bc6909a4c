import type { AzureInvocation } from "../../../runtimes/hosts/azure/rpc.ts";
import { toHttpTrigger } from "../../../runtimes/hosts/azure-http.ts";
import type { HeaderLine, PlainRequest } from "../../../runtimes/hosts/host.ts";
import { post } from "../http.ts";

const TOPIC = "/subscriptions/0a1b2c3d/resourceGroups/shop/providers/Microsoft.EventGrid/topics/orders";

/** https://learn.microsoft.com/azure/event-grid/event-schema */
export function gridEvent(change: object = {}): object {
  return {
    id: "e-1",
    topic: TOPIC,
    subject: "orders/42",
    eventType: "order.placed",
    eventTime: "2026-03-01T10:00:00Z",
    data: { sku: "tea" },
    dataVersion: "1.0",
    metadataVersion: "1",
    ...change,
  };
}

/** https://learn.microsoft.com/azure/event-grid/cloud-event-schema */
export function gridCloudEvent(change: object = {}): object {
  return {
    specversion: "1.0",
    id: "e-1",
    source: TOPIC,
    subject: "orders/42",
    type: "order.placed",
    time: "2026-03-01T10:00:00Z",
    data: { sku: "tea" },
    ...change,
  };
}

/** What Event Grid posts in the Event Grid schema before its first event. */
export function gridValidation(change: object = {}): object {
  return gridEvent({
    topic: "/subscriptions/0a1b2c3d",
    subject: "",
    eventType: "Microsoft.EventGrid.SubscriptionValidationEvent",
    data: {
      validationCode: "512d38b6-c7b8-40c8-89fe-f46f9e9622b6",
      validationUrl: "https://rp-westeurope.eventgrid.azure.net:553/eventsubscriptions/orders/validate?id=1",
    },
    ...change,
  });
}

/** Events as Event Grid's trigger hands them over. */
export function grid(event: unknown): AzureInvocation {
  return { inputData: { json: JSON.stringify(event) } };
}

/** A request to the web hook. */
export function gridHook(
  body: string,
  headers: readonly HeaderLine[] = [],
  method = "POST",
): AzureInvocation {
  return hooked({ ...post("/", body, "application/json; charset=utf-8", headers), method });
}

/** Any request, sent to the web hook. */
export function hooked(request: PlainRequest): AzureInvocation {
  return toHttpTrigger({ ...request, url: "https://shop.azurewebsites.net/under-test" }, {});
}

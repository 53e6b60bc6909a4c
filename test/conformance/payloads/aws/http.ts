import { toGatewayEvent } from "../../../runtimes/hosts/api-gateway.ts";
import type { GatewayKind } from "../../../runtimes/hosts/aws/gateway-request.ts";
import type { PlainRequest } from "../../../runtimes/hosts/host.ts";

/** The event of a request at a front, with members that the case is about in place of the front's own. */
export function httpEvent(
  kind: GatewayKind,
  request: Partial<PlainRequest> = {},
  change: object = {},
): object {
  return { ...toGatewayEvent(kind, { method: "GET", url: "/", ...request }), ...change };
}

/** The same, with members of its request context in place of the front's own. */
export function httpEventIn(
  kind: GatewayKind,
  context: object,
  request: Partial<PlainRequest> = {},
  change: object = {},
): object {
  const event = httpEvent(kind, request, change) as { readonly requestContext: object };
  return { ...event, requestContext: { ...event.requestContext, ...context } };
}

/** An event of an HTTP API in payload format 1.0, whose path is decoded. */
export function format1Event(path: string, change: object = {}, context: object = {}): object {
  return httpEventIn("rest-api", { stage: "$default", ...context }, {}, { version: "1.0", path, ...change });
}

/** The event of an API Gateway in payload format 2.0 with a path as it hands it over. */
export function format2Event(rawPath: string, change: object = {}, context: object = {}): object {
  return httpEventIn("http-api", context, {}, { rawPath, ...change });
}

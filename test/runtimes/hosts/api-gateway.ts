import type { ALBEvent, APIGatewayProxyEvent, APIGatewayProxyEventV2 } from "aws-lambda";
import { fromLambdaResult } from "./aws/gateway-answers.ts";
import { toAlbEvent, toV1Event, toV2Event } from "./aws/gateway-events.ts";
import {
  type GatewayKind,
  type GatewayOptions,
  type GatewayRequest,
  readRequest,
} from "./aws/gateway-request.ts";
import type { LambdaHost } from "./aws.ts";
import type { Front, PlainRequest } from "./host.ts";
import { inOnePiece } from "./http.ts";

export { fromLambdaResult } from "./aws/gateway-answers.ts";
export type { GatewayKind, GatewayOptions } from "./aws/gateway-request.ts";

/** The event each front makes of a request. */
export interface GatewayEvents {
  readonly "http-api": APIGatewayProxyEventV2;
  readonly "function-url": APIGatewayProxyEventV2;
  readonly "rest-api": APIGatewayProxyEvent;
  readonly alb: ALBEvent;
  readonly "alb-multi-value": ALBEvent;
}

const makers: { readonly [Kind in GatewayKind]: (request: GatewayRequest) => GatewayEvents[Kind] } = {
  "http-api": toV2Event,
  "function-url": toV2Event,
  "rest-api": toV1Event,
  alb: toAlbEvent,
  "alb-multi-value": toAlbEvent,
};

/** Turns a plain request into the event the front would invoke the function with. */
export function toGatewayEvent<Kind extends GatewayKind>(
  kind: Kind,
  request: PlainRequest,
  options: GatewayOptions = {},
): GatewayEvents[Kind] {
  return makers[kind](readRequest(kind, request, options));
}

/** The HTTP front of a function: API Gateway, function URL or load balancer. */
export function lambdaFront(
  host: Pick<LambdaHost, "invoke">,
  kind: GatewayKind,
  options: GatewayOptions = {},
): Front {
  return async (request) => {
    const read = readRequest(kind, request, options);
    if (read.params === false) return notFound(kind);
    const result = await host.invoke(makers[kind](read));
    return fromLambdaResult(kind, result, read.method);
  };
}

function notFound(kind: GatewayKind): ReturnType<typeof inOnePiece> {
  const [status, message] = kind === "rest-api" ? [403, "Missing Authentication Token"] : [404, "Not Found"];
  return inOnePiece(status, [["content-type", "application/json"]], Buffer.from(JSON.stringify({ message })));
}

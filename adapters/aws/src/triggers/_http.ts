import {
  type HttpSource,
  type InvocationContext,
  isRequestId,
  LazyHttpEvent,
  parseTraceparent,
  toBasePath,
  unknownPayload,
} from "@anyfn/core/adapter";
import { createLambdaContext, parseXRay } from "../context.ts";
import type { LambdaContext, LambdaHttpEvent } from "../native.ts";
import { ALB_BYTES, type Front, LAMBDA_BYTES, toAlbMulti, toAlbSingle, toV1, toV2 } from "./_http-answers.ts";
import { albSource, v1Source, v2Source } from "./_http-requests.ts";

/** One of the forms in which a request reaches Lambda, and the answer that belongs to it. */
export interface Variant extends Front {
  readonly source: HttpSource<never>;
}

/** The forms of one function's requests. */
export interface Variants {
  readonly v2: Variant;
  readonly v1: Variant;
  readonly albSingle: Variant;
  readonly albMulti: Variant;
}

/** The neutral form of a request and of its invocation. */
export function begin(
  event: unknown,
  context: LambdaContext,
  variant: Variant,
): { request: LazyHttpEvent<never>; ctx: InvocationContext } {
  const request = new LazyHttpEvent(event as never, variant.source);
  const { requestId: given } = (event as { requestContext: { requestId?: unknown } }).requestContext;
  const requestId = isRequestId(given) ? given : undefined;
  const ctx = createLambdaContext(context, { requestId, trace: () => traceOf(request.headers) });
  return { request, ctx };
}

function traceOf(headers: Readonly<Record<string, string>>): ReturnType<typeof parseXRay> {
  return parseTraceparent(headers.traceparent, headers.tracestate) ?? parseXRay(headers["x-amzn-trace-id"]);
}

/** Prepares the forms, once for a function. */
export function makeVariants(option: string | undefined): Variants {
  const basePath = toBasePath(option);
  const alb = albSource(basePath);
  return {
    v2: { source: v2Source(basePath), toAnswer: toV2, limit: LAMBDA_BYTES },
    v1: { source: v1Source(basePath), toAnswer: toV1, limit: LAMBDA_BYTES },
    albSingle: { source: alb, toAnswer: toAlbSingle, limit: ALB_BYTES },
    albMulti: { source: alb, toAnswer: toAlbMulti, limit: ALB_BYTES },
  };
}

/** What tells the forms apart; authorizers and WebSockets share members with requests. */
interface Discriminators {
  readonly version?: unknown;
  readonly httpMethod?: unknown;
  readonly multiValueHeaders?: LambdaHttpEvent["headers"];
  readonly methodArn?: unknown;
  readonly routeArn?: unknown;
  readonly requestContext?: {
    readonly http?: unknown;
    readonly elb?: unknown;
    readonly connectionId?: unknown;
    readonly eventType?: unknown;
  } | null;
}

/** Tells the form of a request in constant time. @throws AnyfnError `unknown-payload` for what is none. */
export function variantOf(variants: Variants, event: unknown): Variant {
  const { version, httpMethod, multiValueHeaders, methodArn, routeArn, requestContext } = (event ??
    {}) as Discriminators;
  const isAuthorizer = (methodArn ?? routeArn) !== undefined;
  if (typeof requestContext === "object" && requestContext !== null && !isAuthorizer) {
    const { http, elb, connectionId, eventType } = requestContext;
    if (version === "2.0") {
      if (typeof http === "object" && http !== null) return variants.v2;
    } else if (typeof httpMethod === "string") {
      if (elb !== undefined) return multiValueHeaders ? variants.albMulti : variants.albSingle;
      if (connectionId === undefined || eventType === undefined) return variants.v1;
    }
  }
  throw unknownPayload(event, "aws", "http", "an HTTP API, REST API, function URL or load balancer request");
}

import { aws, type LambdaContext, type LambdaOptions, toLambda } from "@anyfn/aws";
import { fromLambdaResult, lambdaFront } from "../../runtimes/hosts/api-gateway.ts";
import type { GatewayKind } from "../../runtimes/hosts/aws/gateway-request.ts";
import type { LambdaResult } from "../../runtimes/hosts/aws/results.ts";
import { type Delivered, failureOf, type Harness } from "../harness.ts";
import { httpEvent } from "../payloads/aws/http.ts";
import { openLambda, provideStreaming, withdrawStreaming } from "./aws-stream.ts";

/** `isLocal` leaves out what only Lambda's own run time has. */
type Options = LambdaOptions & { readonly isLocal?: boolean };

/** Lambda: what the handler returns crosses to the provider as JSON. */
export const harness: Harness = {
  adapter: aws,
  fronts: ["http-api", "function-url", "rest-api", "alb", "alb-multi-value"],
  async deploy(definition, options) {
    const { streaming = false, isLocal = false } = (options ?? {}) as Options;
    if (streaming && !isLocal) provideStreaming();
    const handler = toLambda(definition, options);
    const contextOf = () => lambdaContext(definition.timeout);
    const deliver = async (event: unknown): Promise<Delivered> => {
      try {
        const answer = throughJson(await handler(event as never, contextOf()));
        const kind = definition.trigger.kind === "http" ? gatewayOf(event) : undefined;
        const payload = { ok: true, kind: "payload", payload: answer, raw: "" } as const;
        return { answer, ...(kind && { reply: fromLambdaResult(kind, payload, methodOf(event)) }) };
      } catch (error) {
        return { error: failureOf(error) };
      }
    };
    return {
      deliver,
      send: async (front, request) => {
        let delivered: Delivered = {};
        const invoke = async (event: unknown): Promise<LambdaResult> => {
          delivered = await deliver(event);
          const { answer, error } = delivered;
          if (error === undefined) return { ok: true, kind: "payload", payload: answer, raw: "" };
          return { ok: false, error: { errorType: "Error", errorMessage: error.message, trace: [] } };
        };
        const reply = await lambdaFront({ invoke }, front as GatewayKind)(request);
        return { ...delivered, reply };
      },
      open: (request) => openLambda(handler, httpEvent("function-url", request), contextOf()),
      close: async () => streaming && withdrawStreaming(),
    };
  },
  foreign: (payload) => payload,
};

/** Lambda's timeout is the function's. */
function lambdaContext(seconds: number): LambdaContext {
  const deadline = Date.now() + seconds * 1000;
  return {
    functionName: "under-test",
    functionVersion: "$LATEST",
    invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:under-test",
    memoryLimitInMB: "512",
    awsRequestId: "c1f5b2a0-5d1c-4f7e-9b1f-2f0a8b6d4e11",
    logGroupName: "/aws/lambda/under-test",
    logStreamName: "2026/11/21/[$LATEST]0",
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

function throughJson(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text === undefined ? undefined : JSON.parse(text);
}

interface HttpMarks {
  readonly version?: string;
  readonly httpMethod?: string;
  readonly multiValueHeaders?: unknown;
  readonly requestContext?: { elb?: object; domainName?: string; http?: { method?: string } };
}

/** Who reads the answer to an event. */
function gatewayOf(event: unknown): GatewayKind | undefined {
  const { version, multiValueHeaders, requestContext } = (event ?? {}) as HttpMarks;
  if (requestContext?.elb) return multiValueHeaders ? "alb-multi-value" : "alb";
  if (requestContext?.http === undefined || version !== "2.0") return requestContext && "rest-api";
  return requestContext.domainName?.includes(".lambda-url.") ? "function-url" : "http-api";
}

function methodOf(event: unknown): string {
  const { httpMethod, requestContext } = event as HttpMarks;
  return requestContext?.http?.method ?? httpMethod ?? "GET";
}

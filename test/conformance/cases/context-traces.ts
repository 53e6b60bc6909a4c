import { type Context, defineFunction, queue } from "@anyfn/core";
import type { HeaderLine } from "../../runtimes/hosts/host.ts";
import type { Case, See } from "../case.ts";
import { answering, GET } from "../payloads/answers.ts";
import { httpEvent } from "../payloads/aws/http.ts";
import { records, sqsRecord } from "../payloads/aws/messages.ts";
import { azureRequest } from "../payloads/azure/http.ts";
import { bytes, serviceBus } from "../payloads/azure/messages.ts";
import { pubsubMessage, push, task } from "../payloads/gcp/pubsub.ts";
import { binary, cloudEvent } from "../payloads/node/cloudevents.ts";
import { ON_SERVICE_BUS } from "../payloads/queued.ts";

const traceId = "5759e988bd862e3fe1be46a994272793";
const spanId = "53995c3f42cd8ad8";
const traceparent = `00-${traceId}-${spanId}-01`;
const TRACE = { traceparent, traceId, spanId, sampled: true };
const UNSAMPLED = { ...TRACE, traceparent: `00-${traceId}-${spanId}-00`, sampled: false };
/** The same as X-Ray and as Google's load balancer write it, whose span is decimal. */
const XRAY = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
const GOOGLE = `${traceId}/${BigInt(`0x${spanId}`)};o=1`;
/** A trace of somebody else. */
const OTHER = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;

const seeTrace = answering((_event, { trace }, see) => see(trace));
const seeMessageTrace = (see: See) =>
  defineFunction({ trigger: queue("orders"), handler: (_message, { trace }: Context) => see(trace) });
const withHeaders = (...headers: HeaderLine[]) => ({ ...GET, headers });
const azure = (headers: Record<string, string> = {}) =>
  azureRequest({ url: "https://shop.test/it", headers });

/** What is no trace, by the header that carries it. */
const BROKEN: readonly HeaderLine[] = [
  ["traceparent", `00-${"0".repeat(32)}-${spanId}-01`],
  ["traceparent", `00-${traceId}-${"0".repeat(16)}-01`],
  ["traceparent", `ff-${traceId}-${spanId}-01`],
  ["traceparent", `00-${traceId}-${spanId}`],
  ["traceparent", `${traceparent}-more`],
  ["traceparent", "x"],
  ["x-amzn-trace-id", "Root=1-zz;Parent=1"],
  ["x-amzn-trace-id", "Root=1-5759e988-bd862e3fe1be46a994272793"],
  ["x-cloud-trace-context", `${traceId}`],
  ["x-cloud-trace-context", `${traceId}/99999999999999999999;o=1`],
  ["x-cloud-trace-context", `${traceId}/0;o=1`],
];

/** The trace to which an invocation belongs. */
export const TRACES: readonly Case[] = [
  {
    id: "X4",
    title: "takes the trace of a request, with the state of other vendors",
    define: seeTrace,
    request: withHeaders(["traceparent", traceparent], ["tracestate", "shop=1,other=2"]),
    expect: { seen: [{ ...TRACE, tracestate: "shop=1,other=2" }] },
  },
  {
    id: "X4",
    title: "takes a trace that is not sampled, of a later version, in capitals",
    define: seeTrace,
    request: withHeaders(["traceparent", `01-${traceId.toUpperCase()}-${spanId}-00-more`]),
    expect: { seen: [{ ...UNSAMPLED, traceparent: `01-${traceId}-${spanId}-00-more` }] },
  },
  {
    id: "X4",
    title: "reads the trace that the platform's own front sends",
    define: seeTrace,
    native: {
      aws: [
        httpEvent("rest-api", GET, { headers: { "X-Amzn-Trace-Id": XRAY }, multiValueHeaders: null }),
        httpEvent("alb", GET, {
          headers: { "x-amzn-trace-id": `Self=1-67891234-12456789abcdef01234567;${XRAY}` },
        }),
        httpEvent("http-api", GET, { headers: { "x-amzn-trace-id": XRAY } }),
      ],
      azure: [{ ...azure(), traceContext: { traceParent: traceparent } }],
      gcp: [withHeaders(["X-Cloud-Trace-Context", GOOGLE])],
      node: [withHeaders(["traceparent", traceparent])],
    },
    expect: { seen: [TRACE] },
  },
  {
    id: "X4",
    title: "prefers the trace that stands in W3C's form, and on Azure the host's own",
    define: seeTrace,
    native: {
      aws: [
        httpEvent("http-api", GET, {
          headers: { "x-amzn-trace-id": XRAY.replace("5759", "0000"), traceparent },
        }),
      ],
      azure: [{ ...azure({ traceparent: OTHER }), traceContext: { traceParent: traceparent } }],
      gcp: [
        withHeaders(["X-Cloud-Trace-Context", GOOGLE.replace("5759", "0000")], ["traceparent", traceparent]),
      ],
      node: [withHeaders(["ce-traceparent", OTHER], ["traceparent", traceparent])],
    },
    expect: { seen: [TRACE] },
  },
  {
    id: "X4",
    title: "takes the trace of a message from where its source has it",
    define: seeMessageTrace,
    options: ON_SERVICE_BUS,
    native: {
      aws: [records(sqsRecord("a", { attributes: { ApproximateReceiveCount: "1", AWSTraceHeader: XRAY } }))],
      azure: [
        serviceBus(bytes("a"), { ApplicationProperties: { "Diagnostic-Id": traceparent } }),
        serviceBus(bytes("a"), { ApplicationProperties: { traceparent, "Diagnostic-Id": OTHER } }),
        { ...serviceBus(bytes("a")), traceContext: { traceParent: traceparent } },
      ],
      gcp: [
        withTrace(push(pubsubMessage("a")), ["traceparent", traceparent]),
        withTrace(task("a"), ["X-Cloud-Trace-Context", GOOGLE]),
      ],
      node: [
        binary(cloudEvent({ traceparent }), "a", "text/plain"),
        withTrace(binary(cloudEvent({ traceparent: OTHER }), "a", "text/plain"), [
          "traceparent",
          traceparent,
        ]),
      ],
    },
    expect: { seen: [TRACE] },
  },
  ...BROKEN.map(
    (line): Case => ({
      id: "X4",
      title: `makes no trace of ${line.join(": ")}`,
      define: seeTrace,
      request: withHeaders(line),
      expect: { seen: [undefined] },
    }),
  ),
  {
    id: "X4",
    title: "writes the trace into each entry of the log",
    define: answering((_event, { log }) => log.info("here")),
    request: withHeaders(["traceparent", traceparent]),
    expect: { logged: [new RegExp(`"here".*${traceId}|${traceId}.*"here"`), new RegExp(spanId)] },
  },
];

function withTrace<Request extends { readonly headers?: readonly HeaderLine[] | undefined }>(
  request: Request,
  line: HeaderLine,
): Request {
  return { ...request, headers: [...(request.headers ?? []), line] };
}

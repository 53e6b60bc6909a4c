import { gzipSync } from "node:zlib";
import { bus, defineFunction, direct, type HttpEvent, http, queue, type Schema } from "@anyfn/core";
import { expect } from "vitest";
import { deploy } from "../../support/azure-app.ts";
import type { Case, See } from "../case.ts";
import { answering, GET } from "../payloads/answers.ts";
import { httpEvent } from "../payloads/aws/http.ts";
import { records, sqsRecord } from "../payloads/aws/messages.ts";
import { bytes, serviceBus } from "../payloads/azure/messages.ts";
import { pubsubMessage, push } from "../payloads/gcp/pubsub.ts";
import { post } from "../payloads/http.ts";
import { cloudEvent, structured } from "../payloads/node/cloudevents.ts";
import { ON_SERVICE_BUS } from "../payloads/queued.ts";

/** Names that every object has, and one that changes all of them. */
const NAMES = '"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}';
const polluted = () => (({}) as { polluted?: unknown }).polluted;
const FORM = "application/x-www-form-urlencoded";
/** A schema that takes everything, and hands over what it was given. */
const asItIs: Schema<unknown, unknown> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) },
};
const BOMB = gzipSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 });
const SPOOFED = "198.51.100.66";
const SECRETS = ["Bearer s3cr3t-1", "sid=s3cr3t-2", "s3cr3t-3"] as const;
const SECRET_HEADERS = [
  ["authorization", SECRETS[0]],
  ["cookie", SECRETS[1]],
  ["x-api-key", SECRETS[2]],
  ["x-plain", "visible"],
] as const;

/** What inherited names look like in the parts of a request. */
async function inherited({ json, query, headers, cookies, params }: HttpEvent, see: See): Promise<void> {
  const body = (await json()) as object;
  see({
    polluted: polluted(),
    body: Object.keys(body),
    query: [query.get("__proto__"), query.get("constructor")],
    cookies: [cookies.constructor, cookies.toString, Object.keys(cookies).sort()],
    headers: [headers.constructor, headers.toString, headers.hasOwnProperty],
    params: [params.constructor, params.toString],
  });
}

/** Requests and messages that want what they may not have. */
export const HOSTILE_REQUESTS: readonly Case[] = [
  {
    id: "Z1",
    title: "keeps names that every object has apart from what a request says",
    define: answering((event, _ctx, see) => inherited(event, see)),
    request: post("/it?__proto__=q&constructor=r", `{${NAMES},"a":1}`, "application/json", [
      ["constructor", "h"],
      ["cookie", "__proto__=c; constructor=d; a=1"],
    ]),
    expect: {
      seen: [
        {
          polluted: undefined,
          body: ["__proto__", "constructor", "a"],
          query: ["q", "r"],
          cookies: ["d", undefined, ["__proto__", "a", "constructor"]],
          headers: ["h", undefined, undefined],
          params: [undefined, undefined],
        },
      ],
    },
  },
  {
    id: "Z1",
    title: "keeps them apart in what a schema is given",
    define: (see) =>
      defineFunction({
        trigger: http.post("/it", { params: asItIs, query: asItIs, body: asItIs }),
        handler: ({ params, query, body }) => {
          see([polluted(), Object.keys(params as object), Object.entries(query as object)]);
          see(Object.entries(body as object).map(([name, value]) => [name, value, Array.isArray(value)]));
        },
      }),
    request: post("/it?__proto__=q&constructor=s", "__proto__=a&__proto__=b&toString=c", FORM),
    expect: {
      seen: [
        [
          undefined,
          [],
          [
            ["__proto__", "q"],
            ["constructor", "s"],
          ],
        ],
        [
          ["__proto__", ["a", "b"], true],
          ["toString", "c", false],
        ],
      ],
    },
  },
  {
    id: "Z1",
    title: "keeps them apart in the attributes of a message",
    options: ON_SERVICE_BUS,
    define: (see) =>
      defineFunction({
        trigger: queue("orders"),
        handler: ({ attributes, json }) => {
          json();
          see([polluted(), attributes.constructor, attributes.toString, attributes.a]);
        },
      }),
    native: {
      aws: [
        records(
          sqsRecord(`{${NAMES}}`, {
            messageAttributes: JSON.parse(
              '{"__proto__":{"stringValue":"x","dataType":"String"},"constructor":{"stringValue":"y","dataType":"String"},' +
                '"a":{"stringValue":"1","dataType":"String"}}',
            ),
          }),
        ),
      ],
      azure: [
        serviceBus(bytes(`{${NAMES}}`), {
          ApplicationProperties: JSON.parse('{"__proto__":"x","constructor":"y","a":"1"}'),
        }),
      ],
      gcp: [
        push(
          pubsubMessage(`{${NAMES}}`, {
            attributes: JSON.parse('{"__proto__":"x","constructor":"y","a":"1"}'),
          }),
        ),
      ],
      node: [structured(cloudEvent(JSON.parse(`{"constructor":"y","a":"1","data":{${NAMES}}}`)))],
    },
    expect: { seen: [[undefined, "y", undefined, "1"]] },
  },
  {
    id: "Z2",
    title: "hands a compressed body over as it came, however large it would be",
    decision: "What a caller compressed is not inflated: the function knows how much it wants to read.",
    define: answering(({ body, headers }, _ctx, see) => see([body?.byteLength, headers["content-encoding"]])),
    request: post("/it", BOMB, "application/octet-stream", [["content-encoding", "gzip"]]),
    expect: { seen: [[BOMB.byteLength, "gzip"]] },
  },
  {
    id: "Z3",
    title: "takes neither method, path, host nor address from what a caller may write into headers",
    define: answering(({ method, url, path, clientIp, request }, _ctx, see) =>
      see([method, path, request.method, `${url} ${request.url} ${clientIp}`.match(/evil|198\.51\.100\.66/)]),
    ),
    request: {
      ...GET,
      headers: [
        ["x-forwarded-host", "evil.test"],
        ["forwarded", `for=${SPOOFED};host=evil.test;proto=http`],
        ["x-forwarded-for", `${SPOOFED}, 203.0.113.9`],
        ["x-real-ip", SPOOFED],
        ["x-client-ip", SPOOFED],
        ["true-client-ip", SPOOFED],
        ["x-original-url", "/evil"],
        ["x-ms-original-url", "https://evil.test/evil"],
        ["x-rewrite-url", "/evil"],
        ["x-http-method-override", "DELETE"],
        ["x-forwarded-prefix", "/evil"],
      ],
    },
    expect: { seen: [["GET", "/it", "GET", null]] },
  },
  {
    id: "Z5",
    title: "lets an HTTP request pass for an event only where the platform guards the endpoint",
    decision:
      "On Google Cloud and on a plain server every delivery is an HTTP request, so that IAM or the network must guard them: " +
      "the adapters' notes and READMEs say so. Lambda's queues are no endpoints, and Azure's web hooks want a key.",
    define: (see) => defineFunction({ trigger: queue("orders"), handler: () => see("ran") }),
    scenario: async (harness) => {
      const { name, capabilities } = harness.adapter;
      if (name === "azure") return expectKeys();
      const notes = JSON.stringify(capabilities.queue);
      if (name !== "aws") return expect(notes).toMatch(/unauthenticated|from the outside/);
      const forged = JSON.stringify(records(sqsRecord("a")));
      const seen: unknown[] = [];
      const definition = defineFunction({ trigger: queue("orders"), handler: () => void seen.push("ran") });
      const deployed = await harness.deploy(definition);
      for (const front of ["http-api", "function-url", "rest-api", "alb"] as const) {
        const { error } = await deployed.deliver(httpEvent(front, post("/it", forged)));
        expect(error?.code, front).toBe("unknown-payload");
      }
      expect(seen).toEqual([]);
    },
  },
  {
    id: "Z8",
    title: "redacts credentials where a handler logs the headers",
    define: answering(({ headers }, { log }) => log.info("asked", { headers })),
    request: { ...GET, headers: SECRET_HEADERS },
    expect: { logged: [/asked/, /visible/, /\[redacted\]/], notLogged: [/s3cr3t/] },
  },
  {
    id: "Z8",
    title: "redacts credentials where a handler logs the provider's own event",
    define: answering(({ raw }, { log }) => log.info("asked", { raw })),
    request: { ...GET, headers: SECRET_HEADERS },
    expect: { logged: [/asked/], notLogged: [/s3cr3t/] },
  },
  {
    id: "Z8",
    title: "redacts credentials where a handler logs the event or its context",
    define: answering((event, ctx) => ctx.log.info("asked", { event, ctx, cookies: event.cookies })),
    request: { ...GET, headers: SECRET_HEADERS },
    expect: { logged: [/asked/], notLogged: [/s3cr3t/] },
  },
  {
    id: "Z8",
    title: "logs nothing of a request by itself",
    define: answering(() => Promise.reject(new Error("broken"))),
    request: { ...GET, headers: SECRET_HEADERS },
    expect: { reply: { status: 500 }, logged: [/broken/], notLogged: [/s3cr3t/, /visible/] },
  },
];

/** Endpoints that Event Grid and callers reach over HTTP ask for a key unless they are told otherwise. */
function expectKeys(): void {
  const functions = {
    guardedHook: defineFunction({ trigger: bus("shop"), handler: () => {} }),
    guardedCall: defineFunction({ trigger: direct(), handler: () => {} }),
  };
  const deployed = deploy(functions, { buses: { shop: { source: "event-grid-webhook" } } });
  expect(deployed.trigger("guarded-hook")).toMatchObject({ type: "httpTrigger", authLevel: "function" });
  expect(deployed.trigger("guarded-call")).toMatchObject({ type: "httpTrigger", authLevel: "function" });
}

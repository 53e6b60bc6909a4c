import { type Context, defineFunction, http, queue } from "@anyfn/core";
import { expect } from "vitest";
import type { Case, See } from "../case.ts";
import { answering, GET } from "../payloads/answers.ts";
import { httpEventIn } from "../payloads/aws/http.ts";
import { azureRequest } from "../payloads/azure/http.ts";
import { queued } from "../payloads/queued.ts";

/** What a context says of its time, after a while that its clock can tell. */
function timesOf({ deadline, remainingMs }: Context): object {
  const before = remainingMs();
  const until = Date.now() + 3;
  while (Date.now() < until);
  const after = remainingMs();
  const left = (deadline?.getTime() ?? Number.NaN) - Date.now();
  return { seconds: Math.round(left / 1000), isLive: after < before, agree: Math.abs(left - after) < 50 };
}
const times = (seconds: number) => ({ seconds, isLive: true, agree: true });
const seeTimes = (timeout: number) => (see: See) =>
  defineFunction({ trigger: queue("orders"), timeout, handler: (_message, ctx) => see(timesOf(ctx)) });

/** What the platform's settings say beside the function's own timeout. */
const PLATFORM = {
  azure: { timeoutSeconds: 10 },
  gcp: { env: { CLOUD_RUN_TIMEOUT_SECONDS: "10" } },
};

/** Waits for the signal, and then brings the work to an end. */
async function stopInTime({ signal, remainingMs }: Context, see: See): Promise<void> {
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  see({ reason: (signal.reason as Error).name, inTime: remainingMs() > 0 });
}

const never = () => new Promise<never>(() => {});
const IDS = (invocationId: unknown, requestId: unknown) => [{ invocationId, requestId }];
const LAMBDA_ID = "c1f5b2a0-5d1c-4f7e-9b1f-2f0a8b6d4e11";
const UUID = expect.stringMatching(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const seeIds = answering((_event, { invocationId, requestId }, see) => see({ invocationId, requestId }));

/** What a handler learns of its invocation. */
export const INVOCATION_TIMES: readonly Case[] = [
  {
    id: "X1",
    title: "tells a message's handler the time that it has left",
    define: seeTimes(20),
    native: queued("a"),
    expect: { seen: [times(20)] },
  },
  {
    id: "X1",
    title: "tells an HTTP handler the time that it has left",
    define: answering((_event, ctx, see) => see(timesOf(ctx)), { timeout: 20 }),
    request: { ...GET, headers: [["x-appengine-timeout-ms", "none"]] },
    expect: { seen: [times(20)] },
  },
  {
    id: "X1",
    title: "takes the platform's own limit where it is known and lower",
    define: seeTimes(20),
    options: PLATFORM,
    native: queued("a"),
    expect: { seen: [times(20)] },
    expectOn: { azure: { seen: [times(10)] }, gcp: { seen: [times(10)] } },
  },
  {
    id: "X1",
    title: "counts no longer for an HTTP handler than the front waits",
    decision:
      "Azure's front gives up after 230 seconds, whatever the function's timeout; the others wait for it.",
    define: answering((_event, ctx, see) => see(timesOf(ctx)), { timeout: 600 }),
    request: GET,
    expect: { seen: [times(600)] },
    expectOn: { azure: { seen: [times(230)] } },
  },
  {
    id: "X2",
    title: "aborts the signal while there is time to stop, and takes what stopped for done",
    define: (see) =>
      defineFunction({
        trigger: queue("orders"),
        timeout: 1,
        handler: (_message, ctx) => stopInTime(ctx, see),
      }),
    native: queued("a"),
    expect: { seen: [{ reason: "TimeoutError", inTime: true }] },
    expectOn: { aws: { answer: { batchItemFailures: [] } } },
  },
  {
    id: "X2",
    title: "lets an HTTP handler answer after its signal",
    define: (see) =>
      defineFunction({
        trigger: http.get("/it"),
        timeout: 0.4,
        handler: async (_event, ctx) => {
          await stopInTime(ctx, see);
          return "saved";
        },
      }),
    request: GET,
    expect: { reply: { status: 200, body: "saved" } },
  },
  {
    id: "X2",
    title: "does not abort the signal of work that is done",
    define: answering(
      ({ headers: _headers }, { signal, waitUntil }, see) => {
        signal.addEventListener("abort", () => see("aborted"));
        waitUntil(new Promise((resolve) => setImmediate(resolve)));
        return "ok";
      },
      { timeout: 20 },
    ),
    request: GET,
    expect: { seen: [], reply: { status: 200, body: "ok" } },
  },
  {
    id: "X2",
    title: "reports a message failed that is not done at the deadline",
    define: () => defineFunction({ trigger: queue("orders"), timeout: 0.2, handler: never }),
    native: queued("a"),
    expect: { logged: [/ran past the deadline/] },
    expectOn: {
      azure: { error: "any" },
      gcp: { error: "any" },
      node: { error: "any" },
      aws: {
        answer: { batchItemFailures: [{ itemIdentifier: "9f3a1c52-6d0e-4f6b-8a55-0c2f1b7e9d41" }] },
      },
    },
  },
  {
    id: "X2",
    title: "answers 504 for a handler that never ends, while somebody still listens",
    define: answering(never, { timeout: 0.2 }),
    request: GET,
    expect: {
      reply: {
        status: 504,
        headers: { "content-type": "application/problem+json", "x-request-id": /^\S+$/ },
        body: {
          title: "Gateway Timeout",
          status: 504,
          detail: "The function did not answer in time.",
          requestId: expect.stringMatching(/./),
        },
      },
      logged: [/ran past the deadline/],
    },
  },
  {
    id: "X3",
    title: "gives the platform's ids, the caller's as `requestId` and the invocation's as `invocationId`",
    decision:
      "A retry is another invocation and has another id; what stays the same is the id of the message.",
    define: seeIds,
    native: {
      aws: [
        httpEventIn("http-api", { requestId: "edge-7" }, GET),
        httpEventIn("function-url", { requestId: "edge-7" }, GET),
        httpEventIn("rest-api", { requestId: "edge-7" }, GET),
      ],
      azure: [{ ...azureRequest({ url: "https://shop.test/it" }), invocationId: "edge-7" }],
      gcp: [{ ...GET, headers: [["function-execution-id", "edge-7"]] }],
      node: [{ ...GET, headers: [["x-request-id", "edge-7"]] }],
    },
    expect: { seen: IDS("edge-7", "edge-7") },
    expectOn: { aws: { seen: IDS(LAMBDA_ID, "edge-7") }, node: { seen: IDS(UUID, "edge-7") } },
  },
  {
    id: "X3",
    title: "gives the invocation's id where a caller has none",
    define: (see) =>
      defineFunction({
        trigger: queue("orders"),
        handler: (_message, { invocationId, requestId }) => see([invocationId === requestId, invocationId]),
      }),
    native: queued("a"),
    expect: { seen: [[true, expect.stringMatching(/^[\w.-]{8,}$/)]] },
    expectOn: { aws: { seen: [[true, LAMBDA_ID]] }, node: { seen: [[true, UUID]] } },
  },
  {
    id: "X3",
    title: "keeps no id of a caller that could break a header or a log line",
    define: answering((_event, { requestId }, see) => see(/["{}\\ ]/.test(requestId))),
    request: {
      ...GET,
      headers: [
        ["x-request-id", 'a"} {\\'],
        ["function-execution-id", 'a"} {\\'],
      ],
    },
    expect: { seen: [false] },
  },
];

import { DeadLetter, defineFunction, HttpError, queue, Retry } from "@anyfn/core";
import type { Case, See } from "../case.ts";
import { ON_SERVICE_BUS, queued, queuedTogether } from "../payloads/queued.ts";
import { DONE, failed, failing, refused } from "./_consumers.ts";

/** A function of single messages that notes each and then reacts. */
const doing = (react: () => unknown) => (see: See) =>
  defineFunction({
    trigger: queue("orders"),
    handler: ({ text }) => {
      see(text());
      return react();
    },
  });

function fail(thrown: unknown): never {
  throw thrown;
}

/** What handlers throw or return, and whether a CloudEvent's sender is to try again. */
const REJECTIONS: readonly (readonly [what: string, reject: () => unknown, node: number, gcp: number])[] = [
  ["throws an error", () => fail(new Error("no")), 503, 500],
  ["throws text", () => fail("no"), 503, 500],
  ["throws undefined", () => fail(undefined), 503, 500],
  ["throws an HTTP answer of 200", () => fail(new Response(null, { status: 200 })), 503, 500],
  ["throws an HTTP error", () => fail(new HttpError(404, "no such order")), 503, 500],
  [
    "throws an error with a status of 202",
    () => fail(Object.assign(new Error("no"), { status: 202 })),
    503,
    500,
  ],
  ["rejects", () => Promise.reject(new Error("no")), 503, 500],
  ["returns an error", () => new Error("no"), 503, 500],
  ["asks for another delivery", () => fail(new Retry("closed")), 503, 503],
  ["gives up", () => fail(new DeadLetter("unknown currency")), 422, 500],
];

const rejections = REJECTIONS.map(
  ([what, reject, node, gcp]): Case => ({
    id: "Q20",
    unconfirmed: true,
    title: `does not acknowledge a message whose handler ${what}`,
    define: doing(reject),
    native: queued("a"),
    expect: { seen: ["a"] },
    expectOn: {
      ...failed("9f3a1c52-6d0e-4f6b-8a55-0c2f1b7e9d41"),
      gcp: { answer: { status: gcp }, error: "any" },
      node: { answer: { status: node }, error: "any" },
    },
  }),
);

/** Return values of a handler of one message, none of which is an answer to the provider. */
const RESULTS: readonly (readonly [what: string, result: unknown])[] = [
  ["false", false],
  ["a native answer", { batchItemFailures: [{ itemIdentifier: "m-1" }] }],
  ["an HTTP answer", { statusCode: 500, status: 500, body: "no" }],
];

const results = RESULTS.map(
  ([what, result]): Case => ({
    id: "Q20",
    unconfirmed: true,
    title: `acknowledges a message whose handler returns ${what}`,
    decision: "Returning means done, whatever is returned that is no error; it never reaches the provider.",
    define: doing(() => result),
    native: queued("a"),
    expect: { seen: ["a"] },
    expectOn: DONE,
  }),
);

/** What each end of a handler is to the source. */
export const QUEUE_VERDICTS: readonly Case[] = [
  ...rejections,
  ...results,
  {
    id: "Q20",
    unconfirmed: true,
    title: "tells who listens how long to wait before the next delivery",
    define: doing(() => new Retry("closed", { after: 29.5 })),
    native: queued("a"),
    expect: { seen: ["a"] },
    expectOn: {
      ...failed("9f3a1c52-6d0e-4f6b-8a55-0c2f1b7e9d41"),
      gcp: { error: "any", reply: { status: 503, headers: { "retry-after": "30" } } },
      node: { error: "any", reply: { status: 503, headers: { "retry-after": "30" } } },
    },
  },
  {
    id: "Q14",
    title: "never completes a failed message beside one that was handled",
    define: failing,
    options: ON_SERVICE_BUS,
    native: queuedTogether("a", "bad b"),
    expect: { seen: ["a", "bad b"] },
    expectOn: failed("m-2"),
  },
  {
    id: "Q14",
    title: "gives a message that can never be handled to the source's own dead letters",
    define: (see) =>
      defineFunction({
        trigger: queue("orders"),
        handler: ({ text }) => {
          see(text());
          if (text() === "bad b") throw new DeadLetter("unknown currency");
        },
      }),
    options: ON_SERVICE_BUS,
    native: queuedTogether("a", "bad b"),
    expect: { seen: ["a", "bad b"], logged: [/m-2.*unknown currency/] },
    expectOn: refused("m-2"),
  },
];

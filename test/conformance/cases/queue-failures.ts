import { defineFunction, queue } from "@anyfn/core";
import type { Case, See } from "../case.ts";
import { records, sqsRecord } from "../payloads/aws/messages.ts";
import { serviceBusBatch } from "../payloads/azure/messages.ts";
import { batched, EVENTS } from "../payloads/node/cloudevents.ts";
import { ON_SERVICE_BUS, queued, queuedTogether } from "../payloads/queued.ts";
import { DONE, failed, failing, failingTogether, seeText } from "./_consumers.ts";

/** A function of whole batches that returns something of the wrong shape. */
const returning = (result: unknown) => (see: See) =>
  defineFunction({
    trigger: queue("orders", { batch: true }),
    handler: (messages) => {
      see(messages.length);
      return result as undefined;
    },
  });

/** Results of a batch handler that say nothing of which messages failed. */
const GARBAGE: readonly (readonly [what: string, result: unknown])[] = [
  ["null", null],
  ["text", "m-1"],
  ["an object", { batchItemFailures: [] }],
  ["a list that is too short", [undefined]],
  ["a list that is too long", [undefined, undefined, undefined]],
  ["a list of ids", ["m-1", "m-2"]],
  ["a list of native failures", [{ itemIdentifier: "" }, { itemIdentifier: "m-2" }]],
];

const garbage = GARBAGE.map(
  ([what, result]): Case => ({
    id: "Q7",
    title: `keeps a whole batch whose handler returns ${what}`,
    define: returning(result),
    options: ON_SERVICE_BUS,
    native: queuedTogether("a", "b"),
    expect: { seen: [2] },
    expectOn: failed("m-1", "m-2"),
  }),
);

/** What becomes of messages that are not handled. */
export const QUEUE_FAILURES: readonly Case[] = [
  {
    id: "Q6",
    title: "reports exactly the messages that failed, and all of a batch with one verdict",
    define: failing,
    options: ON_SERVICE_BUS,
    native: queuedTogether("a", "bad b", "c", "bad d"),
    expect: { seen: ["a", "bad b", "c", "bad d"] },
    expectOn: failed("m-2", "m-4"),
  },
  {
    id: "Q6",
    title: "reports exactly what a handler of whole batches says failed",
    define: failingTogether,
    options: ON_SERVICE_BUS,
    native: queuedTogether("a", "bad b", "c", "bad d"),
    expect: { seen: ["a", "bad b", "c", "bad d"] },
    expectOn: failed("m-2", "m-4"),
  },
  {
    id: "Q6",
    title: "says which events of a batch failed and how",
    needs: { trigger: "queue", source: "CloudEvents over HTTP" },
    define: failing,
    native: { node: queuedTogether("a", "bad b").node },
    expect: {
      seen: ["a", "bad b"],
      error: "any",
      reply: {
        status: 503,
        headers: { "content-type": "application/problem+json" },
        body: {
          title: "Service Unavailable",
          status: 503,
          detail: "The events were not all handled. Deliver them again.",
          failures: [{ index: 1, id: "m-2", outcome: "retry" }],
        },
      },
    },
  },
  ...garbage,
  {
    id: "Q7",
    title: "reports a message once that is in a batch twice",
    define: failing,
    options: ON_SERVICE_BUS,
    native: queuedTogether({ text: "bad a", id: "m-1" }, "b", { text: "bad a", id: "m-1" }),
    expect: { seen: ["bad a", "b", "bad a"] },
    expectOn: failed("m-1"),
  },
  {
    id: "Q7",
    title: "handles nothing of a batch with a message that it could not report",
    decision:
      "A message without an id has to come again with its whole batch; nobody may handle the others twice.",
    needs: { trigger: "queue", source: "SQS standard queue" },
    define: seeText,
    native: {
      aws: [undefined, null, "", 7].map((messageId) =>
        records(sqsRecord("a"), sqsRecord("b", { messageId })),
      ),
    },
    expect: { seen: [], error: "invalid-payload", message: /Records\[1\]\.messageId/ },
  },
  {
    id: "Q7",
    title: "fails a message alone that has an id and no text",
    define: seeText,
    options: ON_SERVICE_BUS,
    needs: { trigger: "queue", source: "SQS standard queue" },
    native: {
      aws: [undefined, null, 7, { sku: "tea" }].map((body) =>
        records(sqsRecord("a", { messageId: "m-1" }), sqsRecord("b", { messageId: "m-2", body })),
      ),
    },
    expect: { seen: ["a"], answer: { batchItemFailures: [{ itemIdentifier: "m-2" }] } },
  },
  {
    id: "Q8",
    title: "acknowledges a whole batch whose handler returns nothing",
    define: returning(undefined),
    options: ON_SERVICE_BUS,
    native: queuedTogether("a", "b"),
    expect: { seen: [2] },
    expectOn: DONE,
  },
  {
    id: "Q8",
    title: "acknowledges a whole batch whose handler says of each that it is done",
    define: returning([undefined, null]),
    options: ON_SERVICE_BUS,
    native: queuedTogether("a", "b"),
    expect: { seen: [2] },
    expectOn: DONE,
  },
  {
    id: "Q8",
    title: "acknowledges a delivery of no messages without calling anyone",
    define: returning("never"),
    options: ON_SERVICE_BUS,
    native: {
      aws: [records()],
      azure: [serviceBusBatch({ collectionBytes: { bytes: [] } }, []), serviceBusBatch({ json: "[]" }, [])],
      gcp: [batched([], "/")],
      node: [batched([], EVENTS)],
    },
    expect: { seen: [] },
    expectOn: DONE,
  },
  {
    id: "Q9",
    title: "reports every message when all fail",
    define: failing,
    options: ON_SERVICE_BUS,
    native: queuedTogether("bad a", "bad b"),
    expect: { seen: ["bad a", "bad b"] },
    expectOn: failed("m-1", "m-2"),
  },
  {
    id: "Q9",
    title: "fails the invocation instead where the source takes no list of failures",
    define: failing,
    options: { ...ON_SERVICE_BUS, aws: { partialFailures: false } },
    native: queuedTogether("bad a", "b", "bad c"),
    expect: { seen: ["bad a", "b", "bad c"], error: "any" },
    expectOn: { aws: { error: "retry", message: /2 of 3/ }, azure: { error: "retry", message: /2 of 3/ } },
  },
  {
    id: "Q9",
    title: "throws the one error of a single message where the source takes no list of failures",
    define: failing,
    options: { aws: { partialFailures: false } },
    native: queued("bad a"),
    expect: { seen: ["bad a"], error: "any" },
    expectOn: { aws: { message: /^out of stock$/ }, azure: { message: /^out of stock$/ } },
  },
  {
    id: "Q10",
    title: "keeps a whole batch whose middleware fails before any message is handled",
    define: (see) =>
      defineFunction({
        trigger: queue("orders", { batch: true }),
        use: [() => Promise.reject(new Error("no database"))],
        handler: () => see("handled"),
      }),
    options: ON_SERVICE_BUS,
    native: queuedTogether("a", "b"),
    expect: { seen: [] },
    expectOn: failed("m-1", "m-2"),
  },
  {
    id: "Q10",
    title: "reports what is not finished shortly before the deadline",
    define: (see) =>
      defineFunction({
        trigger: queue("orders"),
        timeout: 0.4,
        handler: ({ text }) => {
          see(text());
          return text().startsWith("slow") ? new Promise(() => {}) : undefined;
        },
      }),
    options: ON_SERVICE_BUS,
    native: queuedTogether("a", "slow b", "c"),
    expect: { seen: ["a", "slow b", "c"], logged: [/m-2.*deadline/] },
    expectOn: failed("m-2"),
  },
  {
    id: "Q10",
    title: "reports what was not begun before the deadline",
    define: (see) =>
      defineFunction({
        trigger: queue("orders"),
        timeout: 0.4,
        concurrency: 1,
        handler: ({ text }) => {
          see(text());
          return text().startsWith("slow") ? new Promise(() => {}) : undefined;
        },
      }),
    options: ON_SERVICE_BUS,
    native: queuedTogether("a", "slow b", "c"),
    expect: { seen: ["a", "slow b"] },
    expectOn: failed("m-2", "m-3"),
  },
];

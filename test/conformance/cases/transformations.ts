import { defineFunction, direct } from "@anyfn/core";
import type { Case, See } from "../case.ts";
import { onRecord } from "../functions.ts";
import { firehoseEvent } from "../payloads/aws/streams.ts";
import { azureRequest } from "../payloads/azure/http.ts";
import { post } from "../payloads/http.ts";
import { EVENTS } from "../payloads/node/cloudevents.ts";
import { streamedElsewhere } from "../payloads/streamed.ts";

/** What a transformation answers for each record, whatever it makes of it. */
const transform = (see: See) =>
  defineFunction({
    trigger: direct(),
    handler: ({ input }) => {
      const { records: list } = input as { records: readonly { recordId: string; data: string }[] };
      see(list.map(({ recordId }) => recordId));
      const results = ["Ok", "Dropped", "ProcessingFailed"];
      return { records: list.map((one, index) => ({ ...one, result: results[index] })) };
    },
  });
const CLICKS = firehoseEvent("a", "b", "c");
const TRANSFORMED = {
  records: [
    { recordId: "record-1", approximateArrivalTimestamp: 1772359200123, data: "YQ==", result: "Ok" },
    { recordId: "record-2", approximateArrivalTimestamp: 1772359200123, data: "Yg==", result: "Dropped" },
    {
      recordId: "record-3",
      approximateArrivalTimestamp: 1772359200123,
      data: "Yw==",
      result: "ProcessingFailed",
    },
  ],
};

/** Transformations, which look like batches of records. */
export const TRANSFORMATIONS: readonly Case[] = [
  {
    id: "L11",
    title: "answers a transformation with what the function made of each record",
    decision:
      "A transformation is a call that wants an answer, so that it is a direct function and no stream.",
    define: transform,
    native: {
      aws: [CLICKS],
      azure: [
        azureRequest({
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(CLICKS),
        }),
      ],
      gcp: [post("/", JSON.stringify(CLICKS))],
      node: [post(EVENTS, JSON.stringify(CLICKS))],
    },
    expect: { seen: [["record-1", "record-2", "record-3"]], reply: { status: 200, body: TRANSFORMED } },
    expectOn: {
      aws: { seen: [["record-1", "record-2", "record-3"]], answer: TRANSFORMED, reply: undefined },
    },
  },
  {
    id: "L11",
    title: "fails a transformation whose function failed, and answers no part of it",
    define: () =>
      defineFunction({
        trigger: direct(),
        handler: () => {
          throw new Error("no");
        },
      }),
    native: {
      aws: [CLICKS],
      azure: [azureRequest({ method: "POST", body: JSON.stringify(CLICKS) })],
      gcp: [post("/", JSON.stringify(CLICKS))],
      node: [post(EVENTS, JSON.stringify(CLICKS))],
    },
    expect: { error: "any" },
  },
  {
    id: "L11",
    title: "does not take a transformation for records of a stream",
    decision: "A stream's answer would drop every record. An event hub's event may be anything, this too.",
    define: onRecord(() => "ran"),
    native: {
      aws: [CLICKS],
      azure: streamedElsewhere(JSON.stringify(CLICKS)).azure,
      gcp: [post("/", JSON.stringify(CLICKS))],
      node: [post(EVENTS, JSON.stringify(CLICKS))],
    },
    expect: { seen: [], error: "unknown-payload", message: /stream.*"deliveryStreamArn"|no CloudEvent/ },
    expectOn: { azure: { seen: ["ran"], error: undefined, message: undefined } },
  },
];

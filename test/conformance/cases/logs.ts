import { gzipSync } from "node:zlib";
import { defineFunction, stream } from "@anyfn/core";
import type { Case } from "../case.ts";
import { onRecord } from "../functions.ts";
import { logs, logsEvent } from "../payloads/aws/streams.ts";
import { DIAGNOSTICS, EXPORTED, eventHubs, exported } from "../payloads/azure/streams.ts";
import { pubsubMessage, push } from "../payloads/gcp/pubsub.ts";
import { post } from "../payloads/http.ts";
import { batched, cloudEvent, EVENTS } from "../payloads/node/cloudevents.ts";
import { streamed } from "../payloads/streamed.ts";

const seeEntry = onRecord(({ text, time }) => [text(), time?.toISOString()]);
const AT = "2026-03-01T10:00:00.123Z";
const MEBIBYTE = 1024 * 1024;
const broken = (data: unknown) => ({ awslogs: { data } });

/** Logs of CloudWatch as streams, and what other providers have in their place. */
export const LOGS: readonly Case[] = [
  {
    id: "L7",
    title: "makes a record of each entry that the source delivers",
    decision:
      "Each provider sends its logs to a stream function: a subscription filter, a diagnostic setting, a log sink.",
    define: seeEntry,
    options: { azure: EXPORTED },
    native: {
      aws: [logsEvent(logs(["out of tea", '{"sku":"caf\u00e9"}\n']))],
      azure: [exported(DIAGNOSTICS)],
      gcp: [push(pubsubMessage("out of tea"))],
      node: [
        batched(
          ["out of tea", "caf\u00e9"].map((data, id) =>
            cloudEvent({ id: String(id), time: AT, datacontenttype: "text/plain", data }),
          ),
          EVENTS,
        ),
      ],
    },
    expect: {
      seen: [
        ["out of tea", AT],
        ["caf\u00e9", AT],
      ],
    },
    expectOn: {
      aws: {
        seen: [
          ["out of tea", AT],
          ['{"sku":"caf\u00e9"}\n', "2026-03-01T10:00:00.124Z"],
        ],
        answer: { batchItemFailures: [] },
      },
      azure: { seen: DIAGNOSTICS.map((one) => [JSON.stringify(one), one.time]) },
      gcp: { seen: [["out of tea", AT]] },
    },
  },
  {
    id: "L7",
    title: "says which log an entry is of, where the source does",
    define: onRecord(({ id, partition, attributes }) => [id, partition, { ...attributes }]),
    native: { ...streamed("x"), aws: [logsEvent(logs(["x"]))] },
    expect: { seen: [["r-1", "7", { partitionkey: "p-1", partition: "7", sequence: "41" }]] },
    expectOn: {
      aws: {
        seen: [
          [
            "38569604798453153764115268074363468419149517103543812090",
            "2026/03/01/[$LATEST]4b1c",
            { logGroup: "/aws/lambda/shop", logStream: "2026/03/01/[$LATEST]4b1c" },
          ],
        ],
      },
      azure: { seen: [["clicks:2:41", "2", {}]] },
      gcp: { seen: [["9314526789012345", undefined, {}]] },
    },
  },
  {
    id: "L7",
    title: "acknowledges a delivery that only asks whether anyone is there",
    define: seeEntry,
    options: { azure: EXPORTED },
    native: {
      aws: [
        logsEvent(
          logs(["CWL CONTROL MESSAGE: Checking health of destination Lambda."], {
            messageType: "CONTROL_MESSAGE",
          }),
        ),
        logsEvent(logs([])),
      ],
      azure: [exported([]), eventHubs([])],
      gcp: [batched([], "/")],
      node: [batched([])],
    },
    expect: { seen: [] },
    expectOn: {
      aws: { answer: { batchItemFailures: [] } },
      gcp: { answer: { status: 204 } },
      node: { answer: { status: 204 } },
    },
  },
  {
    id: "L7",
    title: "keeps a delivery of which an entry failed, and stops there",
    define: (see) =>
      defineFunction({
        trigger: stream("clicks"),
        handler: ({ text }) => {
          see(text().length);
          throw new Error("no");
        },
      }),
    options: { azure: EXPORTED },
    native: {
      aws: [logsEvent(logs(["12", "3"]))],
      azure: [exported(["12", "3"])],
      gcp: [push(pubsubMessage("12"))],
      node: [
        batched(
          ["12", "3"].map((data, id) => cloudEvent({ id: String(id), datacontenttype: "text/plain", data })),
        ),
      ],
    },
    expect: { seen: [2], error: "any" },
    expectOn: { aws: { error: "retry", message: /2 of 2 events failed/ } },
  },
  {
    id: "L7",
    title: "unpacks no more than 10 MiB, and only what it must",
    decision: "Elsewhere a compressed record is its sender's: its bytes are handed over as they are.",
    define: onRecord(({ bytes }) => bytes().length),
    native: {
      ...streamed(gzipSync(Buffer.alloc(11 * MEBIBYTE))),
      aws: [
        logsEvent(logs(["x".repeat(11 * MEBIBYTE)])),
        broken(gzipSync(Buffer.alloc(256 * MEBIBYTE)).toString("base64")),
      ],
    },
    expect: { seen: [gzipSync(Buffer.alloc(11 * MEBIBYTE)).length] },
    expectOn: { aws: { seen: [], error: "invalid-payload", message: /awslogs\.data.*10485760/ } },
  },
  {
    id: "L7",
    title: "unpacks up to 10 MiB",
    define: onRecord(({ text }) => text().length),
    native: { ...streamed("x".repeat(9 * MEBIBYTE)), aws: [logsEvent(logs(["x".repeat(9 * MEBIBYTE)]))] },
    // The server under test takes 6 MiB.
    options: { node: { bodyLimit: 16 * MEBIBYTE } },
    expect: { seen: [9 * MEBIBYTE] },
  },
  {
    id: "L7",
    title: "refuses what it cannot unpack, without its values",
    define: onRecord(() => "ran"),
    native: {
      aws: [
        broken(Buffer.from("s3cr3t-value").toString("base64")),
        broken(gzipSync("s3cr3t-value").toString("base64")),
        broken(gzipSync("null").toString("base64")),
        broken(gzipSync('{"messageType":"s3cr3t-value","logEvents":[]}').toString("base64")),
        broken(
          gzipSync(JSON.stringify(logs(["s3cr3t-value"])))
            .subarray(0, -9)
            .toString("base64"),
        ),
        logsEvent(logs([], { logEvents: [{ id: "1", message: 7 }, null] })),
        logsEvent(logs([], { logEvents: { id: "s3cr3t-value" } })),
        broken(""),
      ],
      azure: [{ inputData: { json: "[]" }, triggerMetadata: {} }],
      gcp: [
        push(pubsubMessage("", { data: "s3cr3t-value*" })),
        push(pubsubMessage("", { data: { secret: "s3cr3t-value" } })),
      ],
      node: [post(EVENTS, '["s3cr3t-value"]', "application/cloudevents+json")],
    },
    expect: { seen: [], error: "invalid-payload", notLogged: [/s3cr3t-value/] },
    // Whatever an event hub carries is somebody's record; a batch of none is done.
    expectOn: { azure: { error: undefined } },
  },
];

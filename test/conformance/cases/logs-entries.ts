import type { Case } from "../case.ts";
import { onRecord } from "../functions.ts";
import { records } from "../payloads/aws/messages.ts";
import { kinesisRecord } from "../payloads/aws/streams.ts";
import { DIAGNOSTICS, EXPORTED, eventHubs } from "../payloads/azure/streams.ts";
import { publishedEvent, pubsubMessage, push } from "../payloads/gcp/pubsub.ts";
import { post } from "../payloads/http.ts";
import { streamed } from "../payloads/streamed.ts";

/** https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry */
const entry = (payload: object) => ({
  insertId: "1a2b3c",
  logName: "projects/shop/logs/run.googleapis.com%2Fstdout",
  resource: { type: "cloud_run_revision", labels: { service_name: "shop" } },
  severity: "ERROR",
  timestamp: "2026-03-01T10:00:00.123456789Z",
  receiveTimestamp: "2026-03-01T10:00:01Z",
  ...payload,
});
const ENTRIES = [
  entry({ textPayload: "out of tea" }),
  entry({ jsonPayload: { message: "out of tea", sku: "tea" } }),
  entry({
    protoPayload: {
      "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
      methodName: "storage.objects.get",
    },
  }),
];

/** Entries of logs that other services wrap. */
export const LOG_ENTRIES: readonly Case[] = [
  ...ENTRIES.flatMap((one): Case[] => {
    const kind = Object.keys(one).at(-1) ?? "";
    const text = JSON.stringify(one);
    const common = { id: "L8", define: onRecord(({ data, text: read }) => [data, read()]) };
    return [
      {
        ...common,
        title: `hands over a log sink's entry with ${kind} as it was written`,
        native: {
          ...streamed(text),
          gcp: [
            ...streamed(text).gcp,
            post("/", JSON.stringify(publishedEvent(pubsubMessage(text))), "application/cloudevents+json"),
          ],
        },
        expect: { seen: [[one, text]] },
      },
    ];
  }),
  {
    id: "L9",
    title: "takes a list of records for one record where nobody said that it is an export",
    define: onRecord(({ data, text }) => [data, text()]),
    native: { ...streamed(JSON.stringify({ records: DIAGNOSTICS })) },
    expect: { seen: [[{ records: DIAGNOSTICS }, JSON.stringify({ records: DIAGNOSTICS })]] },
  },
  {
    id: "L9",
    title: "unwraps an export of diagnostics where the settings say so, and nothing else",
    options: { azure: EXPORTED },
    define: onRecord(({ id, data }) => [id, data]),
    native: {
      ...streamed(JSON.stringify({ records: DIAGNOSTICS })),
      azure: [
        eventHubs([
          { payload: JSON.stringify({ records: DIAGNOSTICS }) },
          { payload: '{"records":"none"}' },
          { payload: "plain" },
        ]),
      ],
      aws: [records(kinesisRecord(JSON.stringify({ records: DIAGNOSTICS }), {}, { eventID: "r-1" }))],
      gcp: [push(pubsubMessage(JSON.stringify({ records: DIAGNOSTICS }), { messageId: "r-1" }))],
    },
    expect: { seen: [["r-1", { records: DIAGNOSTICS }]] },
    expectOn: {
      azure: {
        seen: [
          ["clicks:2:41:0", DIAGNOSTICS[0]],
          ["clicks:2:41:1", DIAGNOSTICS[1]],
          ["clicks:2:42", { records: "none" }],
          ["clicks:2:43", "plain"],
        ],
      },
    },
  },
];

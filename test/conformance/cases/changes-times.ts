import type { Case } from "../case.ts";
import { onChange } from "../functions.ts";
import { records } from "../payloads/aws/messages.ts";
import { documentDb, documentDbEvent, dynamoRecord } from "../payloads/aws/tables.ts";
import { feed, version } from "../payloads/azure/feed.ts";
import { documentChange, latestChange, nodeChange } from "../payloads/documents.ts";
import { firestoreDocument, firestoreEvents } from "../payloads/gcp/firestore.ts";

const ANNA = { id: "anna", name: "Anna" };
const AT = "2026-03-01T10:00:00.000Z";

/** When documents changed. */
export const CHANGE_TIMES: readonly Case[] = [
  {
    id: "B7",
    title: "knows when a change was made, whatever its source counts in",
    define: onChange(({ time }) => time?.toISOString()),
    native: {
      ...documentChange({ action: "updated", after: ANNA }),
      aws: [
        records(dynamoRecord()),
        records(dynamoRecord({ ApproximateCreationDateTime: 1772359200000 })),
        documentDb(documentDbEvent()),
      ],
      azure: [feed(version("replace", ANNA, null)), ...latestChange(ANNA)],
    },
    expect: { seen: [AT] },
  },
  {
    id: "B7",
    title: "invents no time",
    define: onChange(({ time }) => [time]),
    native: {
      aws: [
        records(dynamoRecord({ ApproximateCreationDateTime: undefined })),
        documentDb(documentDbEvent({ clusterTime: undefined })),
      ],
      azure: [feed({ id: "anna" })],
      gcp: firestoreEvents({ verb: "updated", value: firestoreDocument({}) }).map(
        ({ headers = [], ...request }) => ({
          ...request,
          body: Buffer.from(
            Buffer.from(request.body ?? [])
              .toString("latin1")
              .replace(/,"time":"[^"]*"/, ""),
            "latin1",
          ),
          headers: headers.filter(([name]) => name !== "ce-time"),
        }),
      ),
      node: nodeChange({ action: "updated" }, { time: undefined }).slice(1),
    },
    expect: { seen: [[undefined]] },
  },
];

import { type ChangeEvent, changes, DeadLetter, defineFunction, Retry } from "@anyfn/core";
import { expect } from "vitest";
import type { PlainRequest } from "../../runtimes/hosts/host.ts";
import { registrationOf } from "../builds.ts";
import type { Case, See } from "../case.ts";
import { records } from "../payloads/aws/messages.ts";
import { documentDb, documentDbEvent, dynamoRecord, toItem } from "../payloads/aws/tables.ts";
import { feed, latest } from "../payloads/azure/feed.ts";
import { documentChange } from "../payloads/documents.ts";
import { firestoreDocument, firestoreProtobuf, toFields } from "../payloads/gcp/firestore.ts";
import { batched, cloudEvent } from "../payloads/node/cloudevents.ts";
import type { Everywhere } from "../payloads/queued.ts";

/** Three changes of documents in one delivery, where the source hands over more than one. */
function three(): Everywhere {
  const documents = [1, 2, 3].map((n) => ({ id: `c-${n}`, n }));
  return {
    aws: [
      records(
        // As text "9" is above "10" and "11".
        ...documents.map((document, index) =>
          dynamoRecord(
            { SequenceNumber: String(9 + index), NewImage: toItem(document) },
            { eventID: `c-${document.n}` },
          ),
        ),
      ),
    ],
    azure: [feed(...documents.map((document) => latest(document)))],
    gcp: documentChange({ action: "updated", after: { id: "c-2", n: 2 } }).gcp,
    node: [
      batched(
        documents.map((after) =>
          cloudEvent({
            id: after.id,
            datacontenttype: "application/json",
            data: { action: "updated", after },
          }),
        ),
      ),
    ],
  };
}

const numberOf = ({ after }: ChangeEvent) => after?.n;

/** A function of which the second change fails as told. */
const failing = (fail: () => unknown) => (see: See) =>
  defineFunction({
    trigger: changes("customers"),
    handler: (event) => {
      see(numberOf(event));
      return numberOf(event) === 2 ? fail() : undefined;
    },
  });

const throws = (error: Error) => () => {
  throw error;
};

const FAILURES: readonly (readonly [title: string, fail: () => unknown, node: number])[] = [
  ["a throw", throws(new Error("no")), 503],
  ["a late throw", async () => Promise.reject(new Error("no")), 503],
  ["a Retry that is thrown", throws(new Retry("later", { after: 60 })), 503],
  ["a Retry that is returned", () => new Retry("later"), 503],
  ["a DeadLetter", throws(new DeadLetter("never")), 503],
];

/** Changes of documents that fail. */
export const CHANGE_FAILURES: readonly Case[] = [
  ...FAILURES.map(
    ([what, fail, status]): Case => ({
      id: "B8",
      title: `stops behind ${what}, and reports the first change that is not done`,
      define: failing(fail),
      native: three(),
      expect: { seen: [1, 2] },
      expectOn: {
        aws: { answer: { batchItemFailures: [{ itemIdentifier: "10" }] } },
        azure: { error: "retry", message: /2 of 3 events failed/ },
        // Firestore's events come one by one.
        gcp: { seen: [2], error: "any" },
        node: { error: "any", answer: { status } },
      },
    }),
  ),
  {
    id: "B8",
    title: "stops behind a change that cannot be read",
    define: failing(() => undefined),
    native: {
      aws: [
        records(
          dynamoRecord({ SequenceNumber: "9", NewImage: toItem({ n: 1 }) }),
          dynamoRecord({ SequenceNumber: "10" }, { eventName: "ALTER" }),
          dynamoRecord({ SequenceNumber: "11", NewImage: toItem({ n: 3 }) }),
        ),
      ],
      azure: [feed(latest({ n: 1 }), { n: 2 }, latest({ n: 3 }))],
      gcp: [cut(firestoreProtobuf({ verb: "updated", value: firestoreDocument(toFields({ n: 2 })) }))],
      node: [
        batched([
          cloudEvent({ id: "1", data: { action: "updated", after: { n: 1 } } }),
          cloudEvent({ id: "2", data: { action: "altered" } }),
          cloudEvent({ id: "3", data: { action: "updated", after: { n: 3 } } }),
        ]),
      ],
    },
    expect: { seen: [1] },
    expectOn: {
      aws: { answer: { batchItemFailures: [{ itemIdentifier: "10" }] } },
      azure: { error: "retry" },
      gcp: { seen: [], error: "invalid-payload" },
      node: { error: "any", answer: { status: 503 } },
    },
  },
  {
    id: "B8",
    title: "fails the whole batch where the source takes no list of failures",
    define: failing(throws(new Error("no"))),
    options: { aws: { partialFailures: false } },
    native: {
      ...three(),
      aws: [
        ...three().aws,
        documentDb(
          ...[1, 2, 3].map((n) => documentDbEvent({ _id: { _data: `c-${n}` }, fullDocument: { n } })),
        ),
      ],
    },
    expect: { seen: [1, 2], error: "any" },
    expectOn: { aws: { error: "retry", message: /2 of 3 events failed/ }, gcp: { seen: [2] } },
  },
  {
    id: "B8",
    title: "reports nothing where all is done",
    define: failing(() => undefined),
    native: three(),
    expect: { seen: [1, 2, 3] },
    expectOn: {
      aws: { answer: { batchItemFailures: [] } },
      gcp: { seen: [2] },
      node: { answer: { status: 204 } },
    },
  },
  {
    id: "B8",
    title: "refuses a batch in which a failure could not be reported",
    define: failing(() => undefined),
    needs: { trigger: "changes", source: "DynamoDB stream" },
    native: { aws: [records(dynamoRecord(), dynamoRecord({ SequenceNumber: undefined }))] },
    expect: { seen: [], error: "invalid-payload", message: /Records\[1\] has no sequence number/ },
  },
  {
    id: "B10",
    title: "keeps a failed change with its source, which delivers it again",
    define: failing(throws(new Error("no"))),
    native: documentChange({ action: "updated", after: { n: 2 } }),
    expect: { seen: [2] },
    expectOn: {
      aws: { answer: { batchItemFailures: [{ itemIdentifier: "41" }] } },
      azure: { error: "any" },
      gcp: { error: "any", answer: { status: 500 } },
      node: { error: "any", answer: { status: 503 } },
    },
  },
  {
    id: "B10",
    title: "has a policy of retries where the source's own is to go on",
    define: failing(() => undefined),
    scenario: async ({ adapter }) => {
      const capabilities = adapter.capabilities.changes;
      if ("unsupported" in capabilities) throw new Error(capabilities.unsupported);
      expect(capabilities.retryDefault).not.toBe("");
      if (adapter.name !== "azure") return;
      const definition = defineFunction({ trigger: changes("customers"), handler: () => {} });
      expect(registrationOf(definition).retry).toMatchObject({ maxRetryCount: -1 });
      const twice = { retry: { attempts: 2, minSeconds: 1, maxSeconds: 2 } };
      expect(registrationOf(definition, twice).retry).toMatchObject({ maxRetryCount: 2 });
    },
  },
];

/** A request of which the last byte is missing. */
function cut({ body = new Uint8Array(0), ...request }: PlainRequest): PlainRequest {
  return { ...request, body: body.slice(0, -1) };
}

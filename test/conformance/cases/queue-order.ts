import { expect } from "vitest";
import { deploy } from "../../support/azure-app.ts";
import type { Case, Natives } from "../case.ts";
import { records, sqsRecord } from "../payloads/aws/messages.ts";
import { bytes, serviceBus, serviceBusBatch } from "../payloads/azure/messages.ts";
import { ON_SERVICE_BUS, queuedTogether } from "../payloads/queued.ts";
import { DONE, failed, failing, failingTogether, seeing, seeText } from "./_consumers.ts";

const ORDERED = { azure: { queues: { orders: { source: "service-bus", sessions: true } } } };

const seeAll = seeing(({ id, text, deliveryCount, orderingKey, enqueuedAt, attributes }) => ({
  id,
  text: text(),
  deliveryCount,
  orderingKey,
  enqueuedAt: enqueuedAt?.toISOString(),
  attributes: { ...attributes },
}));
const seePlain = seeing(({ id, text, deliveryCount, attributes }) => [
  id,
  text(),
  deliveryCount,
  { ...attributes },
]);

const TWO = { collectionBytes: { bytes: [Buffer.from("a"), Buffer.from("b")] } };
const BODIES: readonly Natives["azure"]["inputData"][] = [
  TWO,
  { collectionString: { string: ["a", "b"] } },
  { json: '["a","b"]' },
];

/** Order, and messages that come together. */
export const QUEUE_ORDER: readonly Case[] = [
  {
    id: "Q11",
    title: "stops a group at its first failure and no other group",
    define: failing,
    options: ORDERED,
    native: queuedTogether(
      { text: "a 1", group: "a" },
      { text: "bad b 1", group: "b" },
      { text: "a 2", group: "a" },
      { text: "b 2", group: "b" },
      { text: "bad a 3", group: "a" },
      { text: "a 4", group: "a" },
    ),
    expect: { seen: ["a 1", "bad b 1", "a 2", "bad a 3"], logged: [/m-4/, /m-6/] },
    expectOn: failed("m-2", "m-4", "m-5", "m-6"),
  },
  {
    id: "Q11",
    title: "counts nothing as done behind the first failure of its group in a whole batch",
    define: failingTogether,
    options: ORDERED,
    native: queuedTogether(
      { text: "bad a 1", group: "a" },
      { text: "b 1", group: "b" },
      { text: "a 2", group: "a" },
    ),
    expect: { seen: ["bad a 1", "b 1", "a 2"] },
    expectOn: failed("m-1", "m-3"),
  },
  {
    id: "Q11",
    title: "gives messages their group as ordering key",
    define: seeing(({ orderingKey }) => orderingKey),
    options: ORDERED,
    native: queuedTogether({ text: "a", group: "customer-1" }, { text: "b", group: "42" }),
    expect: { seen: ["customer-1", "42"] },
    expectOn: DONE,
  },
  {
    id: "Q11",
    title: "lets messages of an unordered queue fail alone",
    define: failing,
    options: ON_SERVICE_BUS,
    native: {
      ...queuedTogether("bad a", "b"),
      // Groups of a standard queue share its capacity fairly, and order nothing.
      aws: [
        records(
          ...["bad a", "b"].map((body, index) =>
            sqsRecord(body, { messageId: `m-${index + 1}`, attributes: { MessageGroupId: "tenant-1" } }),
          ),
        ),
      ],
    },
    expect: { seen: ["bad a", "b"] },
    expectOn: failed("m-1"),
  },
  {
    id: "Q13",
    title: "gives each message of a batch its own facts",
    define: seeing(({ id, text }) => [id, text()]),
    options: ON_SERVICE_BUS,
    native: queuedTogether("a", "b", "c"),
    expect: {
      seen: [
        ["m-1", "a"],
        ["m-2", "b"],
        ["m-3", "c"],
      ],
    },
    expectOn: DONE,
  },
  {
    id: "Q13",
    title: "puts a batch together from its bodies and the lists beside them",
    needs: { trigger: "queue", source: "Service Bus queue" },
    define: seeAll,
    options: ON_SERVICE_BUS,
    native: {
      azure: BODIES.map((data) =>
        serviceBusBatch(data, [
          { MessageId: "m-1", DeliveryCount: 1, ApplicationProperties: { tenant: "acme" } },
          {
            MessageId: "m-2",
            DeliveryCount: 4,
            EnqueuedTimeUtc: "2026-03-01T10:00:01Z",
            SessionId: "customer-1",
          },
        ]),
      ),
    },
    expect: {
      seen: [
        {
          id: "m-1",
          text: "a",
          deliveryCount: 1,
          orderingKey: undefined,
          enqueuedAt: "2026-03-01T10:00:00.000Z",
          attributes: { tenant: "acme" },
        },
        {
          id: "m-2",
          text: "b",
          deliveryCount: 4,
          orderingKey: "customer-1",
          enqueuedAt: "2026-03-01T10:00:01.000Z",
          attributes: {},
        },
      ],
      answer: { ok: true, outputData: [] },
    },
  },
  {
    id: "Q13",
    title: "gives a list of another length than the batch to nobody",
    needs: { trigger: "queue", source: "Service Bus queue" },
    define: seePlain,
    options: ON_SERVICE_BUS,
    native: {
      azure: [
        serviceBusBatch(TWO, [{ MessageId: "m-1" }, { MessageId: "m-2" }], {
          DeliveryCountArray: [9],
          ApplicationPropertiesArray: [{ tenant: "acme" }, {}, {}],
          UserPropertiesArray: "none",
        }),
        serviceBusBatch(TWO, [{ MessageId: "m-1" }, { MessageId: "m-2" }], {
          DeliveryCountArray: null,
          ApplicationPropertiesArray: undefined,
          UserPropertiesArray: undefined,
        }),
      ],
    },
    expect: {
      seen: [
        ["m-1", "a", undefined, {}],
        ["m-2", "b", undefined, {}],
      ],
      answer: { ok: true, outputData: [] },
    },
  },
  {
    id: "Q13",
    title: "takes the sequence number for the id where the list of ids does not fit",
    needs: { trigger: "queue", source: "Service Bus queue" },
    define: seeing(({ id }) => id),
    options: ON_SERVICE_BUS,
    native: {
      azure: [
        serviceBusBatch(TWO, [{ SequenceNumber: 100 }, { SequenceNumber: 101 }], { MessageIdArray: ["m-1"] }),
        serviceBusBatch(TWO, [{ SequenceNumber: 100 }, { SequenceNumber: 101 }], {
          MessageIdArray: ["", null],
        }),
      ],
    },
    expect: { seen: ["100", "101"] },
  },
  {
    id: "Q13",
    title: "completes no batch whose messages cannot be told apart",
    needs: { trigger: "queue", source: "Service Bus queue" },
    define: seeText,
    options: ON_SERVICE_BUS,
    native: {
      azure: [
        serviceBusBatch(TWO, [{}, {}], { MessageIdArray: ["m-1"], SequenceNumberArray: [100] }),
        serviceBusBatch(TWO, [{}, {}], { MessageIdArray: undefined, SequenceNumberArray: undefined }),
      ],
    },
    expect: { seen: [], error: "retry", message: /2 of 2/ },
  },
  {
    id: "Q13",
    title: "takes a single message that is a list for one message",
    define: seeing(({ data }) => data),
    options: ON_SERVICE_BUS,
    native: {
      ...queuedTogether("[1,2]"),
      azure: [
        serviceBus(bytes("[1,2]")),
        serviceBus({ string: "[1,2]" }),
        serviceBus({ json: "[1,2]" }),
        serviceBusBatch({ collectionBytes: { bytes: [Buffer.from("[1,2]")] } }, [{}]),
        serviceBusBatch({ json: "[[1,2]]" }, [{}]),
      ],
    },
    expect: { seen: [[1, 2]] },
    expectOn: DONE,
  },
  {
    id: "Q14",
    title: "asks for single messages unless a function wants whole batches, since a batch has one verdict",
    needs: { trigger: "queue", source: "Service Bus queue" },
    define: seeText,
    options: ON_SERVICE_BUS,
    native: { azure: [serviceBus(bytes("a"))] },
    expect: { seen: ["a"] },
    scenario: async () => {
      const app = deploy(
        { "q14-single": failing(() => {}), "q14-batch": failingTogether(() => {}) },
        ON_SERVICE_BUS.azure,
      );
      expect(app.trigger("q14-single")).toMatchObject({ cardinality: "one", dataType: "binary" });
      expect(app.trigger("q14-batch")).toMatchObject({ cardinality: "many", dataType: "binary" });
    },
  },
];

import { bus, defineFunction, topic } from "@anyfn/core";
import type { Case, See } from "../case.ts";
import { records } from "../payloads/aws/messages.ts";
import { snsRecord } from "../payloads/aws/sns.ts";
import { grid, gridCloudEvent, gridEvent, gridHook } from "../payloads/azure/event-grid.ts";
import { ON_WEB_HOOK } from "../payloads/cloudevents.ts";
import { publishedEvent, pubsubMessage } from "../payloads/gcp/pubsub.ts";
import { post } from "../payloads/http.ts";
import { batched, cloudEvent, EVENTS } from "../payloads/node/cloudevents.ts";

const seeId = (see: See) => defineFunction({ trigger: bus("shop"), handler: ({ id }) => see(id) });
/** Fails at messages whose `sku` begins with "bad". */
const failing = (see: See) =>
  defineFunction({
    trigger: topic("orders"),
    handler: ({ id, json }) => {
      see(id);
      if (JSON.stringify(json()).includes("bad")) throw new Error("out of stock");
    },
  });

/** Three events of a topic in one delivery, of which the second fails. */
const THREE = ["tea", "bad", "rice"];
const three: Case["native"] = {
  aws: [
    records(
      ...THREE.map((sku, index) => snsRecord(JSON.stringify({ sku }), { MessageId: `e-${index + 1}` })),
    ),
  ],
  azure: [gridThree(gridEvent), gridThree(gridCloudEvent)].flatMap((list) => [
    gridHook(JSON.stringify(list), [["aeg-delivery-count", "0"]]),
    gridHook(JSON.stringify(list), [["aeg-delivery-count", "1"]]),
  ]),
  gcp: [
    batched(
      THREE.map((sku, index) =>
        publishedEvent(pubsubMessage(JSON.stringify({ sku }), { messageId: `e-${index + 1}` })),
      ),
      "/",
    ),
  ],
  node: [batched(gridThree(cloudEvent))],
};

function gridThree(make: (change: object) => object): object[] {
  return THREE.map((sku, index) => make({ id: `e-${index + 1}`, data: { sku } }));
}

/** Event Grid's handshakes and deliveries over HTTP. */
export const EVENT_GRID: readonly Case[] = [
  {
    id: "E10",
    title:
      "hands over each event of a delivery and keeps all of it when one fails, under the same ids each time",
    define: failing,
    options: { azure: { topics: { orders: { source: "event-grid-webhook" } } } },
    native: three,
    expect: { seen: ["e-1", "e-2", "e-3"], error: "any" },
    expectOn: {
      aws: { error: "retry", message: /1 of 3/ },
      azure: { reply: { status: 500 } },
      gcp: { reply: { status: 500 } },
      node: { reply: { status: 503 } },
    },
  },
  {
    id: "E10",
    title: "hands over each event of a list that Event Grid's trigger gives",
    needs: { trigger: "topic", source: "Event Grid topic" },
    define: failing,
    options: { azure: { topics: { orders: { source: "event-grid" } } } },
    native: { azure: [grid(gridThree(gridEvent)), grid(gridThree(gridCloudEvent))] },
    expect: { seen: ["e-1", "e-2", "e-3"], error: "retry", message: /1 of 3/ },
  },
  {
    id: "E10",
    title: "hands over what can be read of a delivery and keeps it for the rest",
    decision:
      "Event Grid drops a delivery after 400: where something can be read, another status keeps the events for another try.",
    define: (see) => defineFunction({ trigger: topic("orders"), handler: ({ id }) => see(id) }),
    options: { azure: { topics: { orders: { source: "event-grid-webhook" } } } },
    native: {
      aws: [records(snsRecord("a", { MessageId: "e-1" }), snsRecord("b", { MessageId: undefined }))],
      azure: [
        gridHook(JSON.stringify([gridEvent(), gridEvent({ id: undefined })])),
        gridHook(JSON.stringify([gridEvent(), gridEvent({ eventTime: "soon" })])),
        gridHook(JSON.stringify([gridEvent(), 7])),
        gridHook(JSON.stringify([{}, gridCloudEvent()])),
      ],
      gcp: [
        batched(
          [publishedEvent(pubsubMessage("a", { messageId: "e-1" })), publishedEvent({}, { id: undefined })],
          "/",
        ),
      ],
      node: [batched([cloudEvent(), cloudEvent({ id: undefined })])],
    },
    expect: { seen: ["e-1"], error: "any" },
    expectOn: {
      aws: { error: "retry", message: /1 of 2/ },
      azure: { reply: { status: 500 } },
      gcp: { reply: { status: 500 } },
      node: { reply: { status: 422 } },
    },
  },
  {
    id: "E10",
    title: "refuses a delivery of which nothing can be read",
    define: seeId,
    options: ON_WEB_HOOK,
    native: {
      aws: [[], [{}], "text", null, { Records: [] }],
      azure: ["[7]", "[{}]", "{}", "null", '"text"'].map((body) => gridHook(body)),
      gcp: ["[7]", "[{}]", "{}", "null", '"text"', "<", ""].map((body) => post("/", body)),
      node: ["[7]", "[{}]", "{}", "null", '"text"', "<", ""].map((body) => post(EVENTS, body)),
    },
    expect: { seen: [], error: "unknown-payload" },
    expectOn: {
      azure: { reply: { status: 400 } },
      gcp: { reply: { status: 400 } },
      node: { reply: { status: 400 } },
    },
  },
  {
    id: "E10",
    title: "keeps the end of a subscription from the handler",
    needs: { trigger: "bus", source: "Event Grid web hook" },
    define: seeId,
    options: ON_WEB_HOOK,
    native: {
      azure: [
        gridHook(JSON.stringify([gridEvent({ eventType: "Microsoft.EventGrid.SubscriptionDeletedEvent" })])),
      ],
    },
    expect: { seen: [], reply: { status: 200 } },
  },
];

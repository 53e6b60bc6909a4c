import { defineFunction, topic } from "@anyfn/core";
import type { Case, Expectation } from "../case.ts";
import { grid } from "../payloads/azure/event-grid.ts";
import { post } from "../payloads/http.ts";
import { EVENTS } from "../payloads/node/cloudevents.ts";
import { seeingEvent } from "./_consumers.ts";

const seeWhole = seeingEvent(({ id, source, type, subject, time, data }) => ({
  id,
  source,
  type,
  subject,
  time: time?.toISOString(),
  data,
}));

/** A background event of the first generation in its two forms. */
const background = (eventType: string, resource: string, data: object): readonly object[] => {
  const facts = { eventId: "m-1", timestamp: "2026-03-01T10:00:00.123Z", eventType };
  const service = { service: "pubsub.googleapis.com", name: resource, type: "type.googleapis.com/google" };
  return [
    { data, context: { ...facts, resource } },
    { data, context: { ...facts, resource: service } },
    { ...facts, resource, data },
  ];
};
const PUBLISHED = background("google.pubsub.topic.publish", "projects/shop/topics/orders", {
  "@type": "type.googleapis.com/google.pubsub.v1.PubsubMessage",
  attributes: { tenant: "acme" },
  data: "eyJza3UiOiJ0ZWEifQ==",
});

/** The flat form has an `eventType`, by which Azure would take it for an event of Event Grid without an id. */
const everywhere = (payloads: readonly object[]): NonNullable<Case["native"]> => ({
  aws: payloads,
  azure: payloads.filter((payload) => "context" in payload).map(grid),
  gcp: payloads.map((payload) => post("/", JSON.stringify(payload))),
  node: payloads.map((payload) => post(EVENTS, JSON.stringify(payload))),
});

const REFUSED: Expectation = { seen: [], error: "unknown-payload" };
const ELSEWHERE = { aws: REFUSED, azure: REFUSED, node: REFUSED } as const;

/** Background events of the first generation of Cloud Functions. */
export const BACKGROUND: readonly Case[] = [
  {
    id: "E16",
    title: "converts a background event to the CloudEvent that replaced its kind, or refuses it",
    decision: "No other provider ever sent background events.",
    define: seeWhole,
    native: everywhere(
      background("google.storage.object.finalize", "projects/_/buckets/images/objects/raw/a.png", {
        name: "raw/a.png",
        bucket: "images",
      }),
    ),
    expectOn: {
      ...ELSEWHERE,
      gcp: {
        seen: [
          {
            id: "m-1",
            type: "google.cloud.storage.object.v1.finalized",
            source: "//storage.googleapis.com/projects/_/buckets/images",
            subject: "objects/raw/a.png",
            time: "2026-03-01T10:00:00.123Z",
            data: { name: "raw/a.png", bucket: "images" },
          },
        ],
        answer: { status: 204 },
      },
    },
  },
  {
    id: "E16",
    title: "gives the message of a background event like any other",
    define: (see) =>
      defineFunction({
        trigger: topic("orders"),
        handler: ({ id, data, attributes, enqueuedAt, topic: name }) =>
          see([id, data, { ...attributes }, enqueuedAt, name]),
      }),
    options: { azure: { topics: { orders: { source: "event-grid" } } } },
    native: everywhere([
      ...PUBLISHED,
      ...background("providers/cloud.pubsub/eventTypes/topic.publish", "projects/shop/topics/orders", {
        attributes: { tenant: "acme" },
        data: "eyJza3UiOiJ0ZWEifQ==",
      }),
    ]),
    expectOn: {
      ...ELSEWHERE,
      gcp: {
        seen: [
          [
            "m-1",
            { sku: "tea" },
            { tenant: "acme" },
            new Date("2026-03-01T10:00:00.123Z"),
            "projects/shop/topics/orders",
          ],
        ],
        answer: { status: 204 },
      },
    },
  },
  {
    id: "E16",
    title: "refuses a background event of an unknown kind",
    define: seeWhole,
    native: everywhere(background("providers/acme/eventTypes/thing.happen", "projects/shop/things/1", {})),
    expect: { seen: [], error: "unknown-payload" },
    expectOn: { gcp: { reply: { status: 400 } }, node: { reply: { status: 400 } } },
  },
];

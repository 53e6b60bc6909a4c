import type { Delivered, Delivery } from "./deliveries/delivery.ts";
import type { Target } from "./targets.ts";

/** What each target's function sees of an event, and what its source learns. */
export interface EventCase {
  readonly name: string;
  readonly functionName: string;
  readonly delivery: Delivery;
  readonly delivered: readonly Delivered["status"][];
  readonly recorded: readonly Record<string, unknown>[];
  /** Where a target's source cannot tell what the others can. */
  readonly except?: Partial<
    Record<
      Target,
      {
        readonly delivered?: readonly Delivered["status"][];
        readonly recorded?: readonly Record<string, unknown>[];
      }
    >
  >;
}

const job = (
  id: string,
  fate: string,
): { id: string; data: unknown; attributes: Record<string, string> } => ({
  id,
  data: { task: `task ${id}`, fate },
  attributes: { tenant: "blue" },
});
const seen = (id: string, fate: string): Record<string, unknown> => ({ data: { task: `task ${id}`, fate } });

/** What the queue's handler sees of the valid ones of six messages. */
const sawJobs = (more: object): Record<string, unknown>[] =>
  [
    ["1", "done"],
    ["2", "throw"],
    ["3", "retry"],
    ["4", "dead-letter"],
    ["6", "done"],
  ].map(([id = "", fate = ""]) => ({
    id,
    text: JSON.stringify({ task: `task ${id}`, fate }),
    ...seen(id, fate),
    ...more,
  }));

/** Events of every trigger, what the handler must see, and what the source must learn. */
export const EVENT_CASES: readonly EventCase[] = [
  {
    name: "a queue's failed, retried, dead-lettered and invalid messages stay with it, the others are done",
    functionName: "consume",
    delivery: {
      trigger: "queue",
      events: [
        job("1", "done"),
        job("2", "throw"),
        job("3", "retry"),
        job("4", "dead-letter"),
        { id: "5", data: { task: 1 }, attributes: {} },
        job("6", "done"),
      ],
    },
    delivered: ["done", "failed", "failed", "failed", "failed", "done"],
    recorded: sawJobs({ deliveryCount: 1 }),
    except: {
      // CloudEvents do not count deliveries.
      node: { recorded: sawJobs({}) },
    },
  },
  {
    name: "a topic's message brings its attributes and time",
    functionName: "subscribe",
    delivery: { trigger: "topic", events: [job("11", "done"), job("12", "throw")] },
    delivered: ["done", "failed"],
    recorded: [
      ["11", "done"],
      ["12", "throw"],
    ].map(([id = "", fate = ""]) => ({
      id,
      attributes: { tenant: "blue" },
      at: "2026-03-01T10:00:00.000Z",
      ...seen(id, fate),
    })),
  },
  {
    name: "a schedule's tick brings its time",
    functionName: "nightly",
    delivery: { trigger: "schedule", events: [{ at: "2026-03-01T02:00:00Z" }] },
    delivered: ["done"],
    recorded: [{ scheduledAt: "2026-03-01T02:00:00.000Z" }],
  },
  {
    name: "an object's key arrives decoded",
    functionName: "resize",
    delivery: {
      trigger: "storage",
      events: [{ id: "e1", bucket: "images", key: "raw/a b+c é.png", size: 1024 }],
    },
    delivered: ["done"],
    recorded: [{ action: "created", bucket: "images", key: "raw/a b+c é.png", size: 1024 }],
  },
  {
    name: "an object outside the prefix is acknowledged without the handler",
    functionName: "resize",
    delivery: {
      trigger: "storage",
      events: [{ id: "e2", bucket: "images", key: "thumbnails/a.png", size: 10 }],
    },
    delivered: ["done"],
    recorded: [],
  },
  {
    name: "a changed document arrives typed",
    functionName: "follow",
    delivery: {
      trigger: "changes",
      events: [{ id: "2001", collection: "customers", after: { id: "c1", name: "Ada", count: 3 } }],
    },
    delivered: ["done"],
    recorded: [{ action: "updated", id: "c1", after: { id: "c1", name: "Ada", count: 3 } }],
  },
  {
    name: "a failed change stays with its source",
    functionName: "follow",
    delivery: {
      trigger: "changes",
      events: [{ id: "2002", collection: "customers", after: { id: "c2", name: "throw", count: 1 } }],
    },
    delivered: ["failed"],
    recorded: [{ action: "updated", id: "c2", after: { id: "c2", name: "throw", count: 1 } }],
  },
  {
    name: "a stream's records arrive in order",
    functionName: "read",
    delivery: { trigger: "stream", events: [job("3001", "done"), job("3002", "done")] },
    delivered: ["done", "done"],
    recorded: ["3001", "3002"].map((id) => ({
      partitionKey: "device-1",
      time: "2026-03-01T10:00:00.500Z",
      ...seen(id, "done"),
    })),
  },
  {
    name: "a bus event is a CloudEvent",
    functionName: "react",
    delivery: {
      trigger: "bus",
      events: [{ id: "b1", source: "shop.checkout", type: "order.placed", data: { total: 12.5 } }],
    },
    delivered: ["done"],
    recorded: [
      {
        id: "b1",
        source: "shop.checkout",
        type: "order.placed",
        time: "2026-03-01T10:00:00.000Z",
        data: { total: 12.5 },
      },
    ],
  },
  {
    name: "a bus event of another type is acknowledged without the handler",
    functionName: "react",
    delivery: {
      trigger: "bus",
      events: [{ id: "b2", source: "shop.checkout", type: "order.lost", data: {} }],
    },
    delivered: ["done"],
    recorded: [],
  },
];

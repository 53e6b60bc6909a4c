import { createHash } from "node:crypto";
import { comparable } from "../../test/runtimes/compare.ts";
import type { Delivery } from "../../test/runtimes/deliveries/delivery.ts";
import type { PlainRequest } from "../../test/runtimes/hosts/index.ts";
import type { RunningTarget } from "../../test/runtimes/targets.ts";

/** One thing that is done to every target. */
export type Call =
  | { readonly title: string; readonly request: PlainRequest }
  | { readonly title: string; readonly functionName: string; readonly delivery: Delivery };

/** What one target made of a call. */
export interface Answer {
  /** A status code, or the verdict for each event. */
  readonly status: string;
  readonly text: string;
  /** Milliseconds; the first call of a function includes its start. */
  readonly ms: number;
  /** Everything that must be equal. */
  readonly compared: string;
}

/** A call and every target's answer. */
export interface Row {
  readonly title: string;
  readonly answers: readonly Answer[];
}

const TEA = orderIdOf("tea");
const SOLD_OUT = orderIdOf("sold-out");

/** From placing an order to shipping it, with everything that can go wrong on the way. */
export const CALLS: readonly Call[] = [
  place("place an order", "tea", { customer: "ada@example.org", items: [{ sku: "tea-green", quantity: 2 }] }),
  place("place it again", "tea", { customer: "ada@example.org", items: [{ sku: "tea-green", quantity: 2 }] }),
  place("order what is sold out", "sold-out", {
    customer: "ada@example.org",
    items: [{ sku: "tea-black", quantity: 1 }],
  }),
  place("order nonsense", "bad", { customer: "nobody", items: [{ sku: "tea-green", quantity: -1 }] }),
  place("order an unknown article", "unknown", {
    customer: "ada@example.org",
    items: [{ sku: "milk", quantity: 1 }],
  }),
  get("read the order", `/orders/${TEA}`),
  get("read one that is not there", "/orders/a%2Fb%20%C3%BC"),
  get("browse", "/orders?status=placed"),
  get("browse wrongly", "/orders?status=lost&status=found"),
  {
    title: "queue: ships, waits, never",
    functionName: "fulfil",
    delivery: {
      trigger: "queue",
      events: [TEA, SOLD_OUT, "no-such-order"].map((orderId, index) => ({
        id: `message-${index + 1}`,
        data: { orderId },
        attributes: {},
      })),
    },
  },
  {
    title: "schedule: nightly report",
    functionName: "nightly-report",
    delivery: { trigger: "schedule", events: [{ at: "2026-03-01T02:00:00Z" }] },
  },
  get("read the shipped order", `/orders/${TEA}`),
];

/** Runs a call against a target. */
export async function runCall(call: Call, target: RunningTarget): Promise<Answer> {
  const started = performance.now();
  if ("request" in call) {
    const response = await target.request(call.request);
    const ms = performance.now() - started;
    const compared = JSON.stringify(comparable(response));
    return { status: String(response.status), text: Buffer.from(response.body).toString(), ms, compared };
  }
  const delivered = await target.deliver(call.functionName, call.delivery);
  const status = delivered.map((one) => one.status).join(" ");
  return { status, text: status, ms: performance.now() - started, compared: status };
}

function place(title: string, key: string, order: unknown): Call {
  const headers = [
    ["content-type", "application/json"],
    ["idempotency-key", key],
  ] as const;
  return {
    title,
    request: { method: "POST", url: "/orders", headers, body: Buffer.from(JSON.stringify(order)) },
  };
}

function get(title: string, url: string): Call {
  return { title, request: { method: "GET", url } };
}

function orderIdOf(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 32);
}

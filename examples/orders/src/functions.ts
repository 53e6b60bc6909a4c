import { createHash, randomUUID } from "node:crypto";
import { DeadLetter, defineFunction, HttpError, http, queue, Retry, reply, schedule } from "@anyfn/core";
import { z } from "zod";
import { CATALOGUE, NewOrder, type Order, priceOf } from "./model.ts";
import { findOrder, listOrders, saveOrder } from "./store.ts";

/** Places an order. The same `idempotency-key` places it once. */
export const placeOrder = defineFunction({
  trigger: http.post("/orders", { body: NewOrder }),
  handler: async ({ body, headers }) => {
    const total = priceOf(body);
    if (typeof total !== "number") throw new HttpError(422, `There is no article "${total.unknownSku}".`);
    const id = orderId(headers["idempotency-key"]);
    const known = await findOrder(id);
    if (known !== undefined) return known;
    const order: Order = { ...body, id, status: "placed", totalCents: total };
    await saveOrder(order);
    return reply(order, { status: 201, headers: { location: `/orders/${id}` } });
  },
});

/** Shows one order. */
export const getOrder = defineFunction({
  trigger: http.get("/orders/{id}"),
  handler: async ({ params }) => {
    const order = await findOrder(params.id);
    if (order === undefined) throw new HttpError(404, `There is no order "${params.id}".`);
    return order;
  },
});

/** Lists orders, of one status if asked. */
export const browseOrders = defineFunction({
  trigger: http.get("/orders", { query: z.object({ status: z.enum(["placed", "fulfilled"]).optional() }) }),
  handler: async ({ query }) => {
    const orders = await listOrders();
    return { orders: orders.filter((order) => query.status === undefined || order.status === query.status) };
  },
});

/** Ships what is in stock; an order that is not waits in the queue, one that does not exist never will. */
export const fulfil = defineFunction({
  trigger: queue("orders", { message: z.object({ orderId: z.string() }), batchSize: 10 }),
  handler: async ({ data, deliveryCount }, { log }) => {
    const order = await findOrder(data.orderId);
    if (order === undefined) throw new DeadLetter(`There is no order "${data.orderId}".`);
    const missing = order.items.find(({ sku, quantity }) => (CATALOGUE[sku]?.stock ?? 0) < quantity);
    if (missing !== undefined) throw new Retry(`"${missing.sku}" is out of stock.`, { after: 300 });
    await saveOrder({ ...order, status: "fulfilled" });
    log.info("fulfilled", { orderId: order.id, deliveryCount });
  },
});

/** Reports every night what is still to be shipped. */
export const nightlyReport = defineFunction({
  trigger: schedule("0 2 * * *", { timeZone: "UTC" }),
  handler: async ({ scheduledAt }, { log }) => {
    const open = (await listOrders()).filter((order) => order.status === "placed");
    const cents = open.reduce((sum, order) => sum + order.totalCents, 0);
    log.info("open orders", { scheduledAt, count: open.length, cents });
  },
});

function orderId(idempotencyKey: string | undefined): string {
  if (idempotencyKey === undefined) return randomUUID();
  return createHash("sha256").update(idempotencyKey).digest("hex").slice(0, 32);
}

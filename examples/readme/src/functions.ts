// #region first
import { defineFunction, HttpError, http, queue, Retry, reply, schedule } from "@anyfn/core";
import { z } from "zod";

const Order = z.object({ sku: z.string(), quantity: z.int().positive() });

export const placeOrder = defineFunction({
  trigger: http.post("/shops/{shop}/orders", { body: Order }),
  handler: ({ params, body }) => {
    if (body.sku === "milk") throw new HttpError(422, "We do not sell milk.");
    return reply({ shop: params.shop, ...body }, { status: 201 });
  },
});

export const fulfil = defineFunction({
  trigger: queue("orders", { message: Order, batchSize: 10 }),
  handler: async ({ id, data }, { log }) => {
    if (data.quantity > 100) throw new Retry("too much for today", { after: 3600 });
    log.info("shipping", { id, sku: data.sku });
  },
});

export const nightly = defineFunction({
  trigger: schedule("0 2 * * *", { timeZone: "UTC" }),
  handler: ({ scheduledAt }, { log }) => log.info("closing the day", { scheduledAt }),
});
// #endregion first

import { type AnyFunction, defineFunction, http, queue, reply } from "@anyfn/core";
import { cookies, invert, Message, Order, placeOrder, ship, showOrder } from "./app.ts";

/** The application in anyfn, for every target. */
export const functions = {
  getOrder: defineFunction({
    trigger: http.get("/shops/{shop}/orders/{id}"),
    handler: ({ params: { shop, id }, query, headers, cookies: { session } }) =>
      reply(showOrder({ shop, id, page: query.get("page"), agent: headers["user-agent"], session }), {
        headers: { "x-order": id },
        cookies: query.has("cart") ? [cookies.seen, cookies.cart] : [cookies.seen],
      }),
  }),
  postOrder: defineFunction({
    trigger: http.post("/shops/{shop}/orders", { body: Order }),
    handler: ({ params: { shop }, body }) => reply(placeOrder(shop, body), { status: 201 }),
  }),
  invertImage: defineFunction({
    trigger: http.post("/images"),
    handler: async (event) =>
      reply(invert(await event.bytes()), { headers: { "content-type": "image/png" } }),
  }),
  shipMessages: defineFunction({
    trigger: queue("orders", { message: Message, batchSize: 10 }),
    handler: ({ data }) => ship(data),
  }),
} satisfies Record<string, AnyFunction>;

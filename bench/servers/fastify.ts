import fastify from "fastify";
import { cookies, Order, placeOrder, showOrder } from "../cases/app.ts";

const app = fastify();
app.get<{ Params: { shop: string; id: string }; Querystring: { page?: string; cart?: string } }>(
  "/shops/:shop/orders/:id",
  async ({ params: { shop, id }, query: { page, cart }, headers }, reply) => {
    const found = headers.cookie?.split("; ").find((cookie) => cookie.startsWith("session="));
    const session = found && decodeURIComponent(found.slice("session=".length));
    reply.header("x-order", id).header("set-cookie", cart ? [cookies.seen, cookies.cart] : [cookies.seen]);
    return showOrder({ shop, id, page, agent: headers["user-agent"], session });
  },
);
app.post<{ Params: { shop: string } }>("/shops/:shop/orders", async ({ params, body }, reply) => {
  reply.code(201);
  return placeOrder(params.shop, Order.parse(body));
});
await app.listen({ port: 0 });

import { type Context, Hono } from "hono";
import { getCookie } from "hono/cookie";
import { cookies, invert, Order, placeOrder, showOrder } from "./app.ts";
import type { Kind } from "./peer.ts";

/** The application in Hono, with the route of one kind of work. */
export function honoApp(kind: Exclude<Kind, "queue">): Hono {
  const app = new Hono();
  if (kind === "get") app.get("/shops/:shop/orders/:id", getOrder);
  if (kind === "post") {
    app.post("/shops/:shop/orders", async (c) =>
      c.json(placeOrder(c.req.param("shop"), Order.parse(await c.req.json())), 201),
    );
  }
  if (kind === "binary") {
    app.post("/images", async (c) =>
      c.body(invert(new Uint8Array(await c.req.arrayBuffer())), 200, { "content-type": "image/png" }),
    );
  }
  return app;
}

function getOrder(c: Context): Response {
  const { shop, id = "" } = c.req.param();
  const { page, cart } = c.req.query();
  c.header("x-order", id);
  c.header("set-cookie", cookies.seen, { append: true });
  if (cart) c.header("set-cookie", cookies.cart, { append: true });
  return c.json(
    showOrder({ shop, id, page, agent: c.req.header("user-agent"), session: getCookie(c, "session") }),
  );
}

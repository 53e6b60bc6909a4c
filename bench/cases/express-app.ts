import express, { type Express, type Request } from "express";
import { cookies, invert, Order, placeOrder, showOrder } from "./app.ts";
import type { Kind } from "./peer.ts";

/** The application in Express, with the route and the parser of one kind of work. */
export function expressApp(kind: Exclude<Kind, "queue">): Express {
  const app = express();
  // Both cost each answer and belong to browsers' caches and to curiosity.
  app.disable("etag").disable("x-powered-by");
  if (kind === "get") {
    app.get("/shops/:shop/orders/:id", (request, response) => {
      const { shop, id } = request.params;
      const page = request.query.page as string;
      const session = sessionOf(request);
      response.set("x-order", id).append("set-cookie", cookies.seen);
      if (request.query.cart) response.append("set-cookie", cookies.cart);
      response.json(showOrder({ shop, id, page, agent: request.get("user-agent"), session }));
    });
  }
  if (kind === "post") {
    app.post("/shops/:shop/orders", express.json({ limit: "8mb" }), (request, response) => {
      response.status(201).json(placeOrder(request.params.shop as string, Order.parse(request.body)));
    });
  }
  if (kind === "binary") {
    app.post("/images", express.raw({ type: "image/png", limit: "8mb" }), (request, response) => {
      response.type("image/png").send(Buffer.from(invert(request.body).buffer));
    });
  }
  return app;
}

/** What cookie-parser does, without the package. */
function sessionOf(request: Request): string | undefined {
  const found = request.headers.cookie?.split("; ").find((cookie) => cookie.startsWith("session="));
  return found && decodeURIComponent(found.slice("session=".length));
}

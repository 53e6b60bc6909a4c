import { http, type Request, type Response } from "@google-cloud/functions-framework";
import { cookies, Order, placeOrder, showOrder } from "../cases/app.ts";

/** The floor over functions-framework: what one writes by hand for two routes. */
http("bench", (request, response) => {
  const get = /^\/shops\/([^/]+)\/orders\/([^/]+)$/.exec(request.path);
  const post = /^\/shops\/([^/]+)\/orders$/.exec(request.path);
  if (request.method === "GET" && get) getOrder(request, response, get);
  else if (request.method === "POST" && post) {
    response.status(201).json(placeOrder(post[1], Order.parse(request.body)));
  } else response.status(404).end();
});

function getOrder(request: Request, response: Response, [, shop, id = ""]: readonly string[]): void {
  const found = request.headers.cookie?.split("; ").find((cookie) => cookie.startsWith("session="));
  const session = found && decodeURIComponent(found.slice("session=".length));
  const { page, cart } = request.query as { page?: string; cart?: string };
  response.set("x-order", id).append("set-cookie", cookies.seen);
  if (cart) response.append("set-cookie", cookies.cart);
  response.json(showOrder({ shop, id, page, agent: request.get("user-agent"), session }));
}

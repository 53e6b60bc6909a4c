import { Order, placeOrder, showOrder } from "../../cases/app.ts";
import type { Peer } from "../../cases/peer.ts";
import { app, started } from "./_app.ts";

/** What one writes by hand with `@azure/functions`: the library's own request and answer. */
export const peer: Peer = {
  get: () => {
    app.http("get-order", {
      methods: ["GET"],
      authLevel: "anonymous",
      route: "shops/{shop}/orders/{id}",
      handler: async ({ params: { shop, id = "" }, query, headers }) => {
        const session = readCookie(headers.get("cookie"), "session");
        const agent = headers.get("user-agent");
        const seen = { name: "seen", value: "yes", path: "/", httpOnly: true };
        const cart = { name: "cart", value: "a1b2", path: "/", secure: true, sameSite: "Lax" } as const;
        return {
          status: 200,
          headers: { "content-type": "application/json", "x-order": id },
          cookies: query.has("cart") ? [seen, cart] : [seen],
          body: JSON.stringify(showOrder({ shop, id, page: query.get("page"), agent, session })),
        };
      },
    });
    return started();
  },
  post: () => {
    app.http("post-order", {
      methods: ["POST"],
      authLevel: "anonymous",
      route: "shops/{shop}/orders",
      handler: async (request) => ({
        status: 201,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(placeOrder(request.params.shop, Order.parse(await request.json()))),
      }),
    });
    return started();
  },
};

function readCookie(header: string | null, name: string): string | undefined {
  const found = header?.split("; ").find((cookie) => cookie.startsWith(`${name}=`));
  return found && decodeURIComponent(found.slice(name.length + 1));
}

import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { Router } from "@aws-lambda-powertools/event-handler/http";
import { cookies, invert, logFailure, Message, Order, placeOrder, ship, showOrder } from "../../cases/app.ts";
import type { Handler, Peer } from "../../cases/peer.ts";

interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
}

/** Powertools: the event handler's router, and the batch processor with the message parsed by the record's handler. */
export const peer: Peer = {
  get: () => {
    const app = new Router();
    app.get("/shops/:shop/orders/:id", ({ req, params }) => {
      const { shop, id = "" } = params;
      const query = new URL(req.url).searchParams;
      const session = readCookie(req.headers.get("cookie"), "session");
      const agent = req.headers.get("user-agent");
      // As an object: of the cookies of a `Response` it keeps the last one only.
      return {
        statusCode: 200,
        headers: { "content-type": "application/json", "x-order": id },
        cookies: query.has("cart") ? [cookies.seen, cookies.cart] : [cookies.seen],
        body: JSON.stringify(showOrder({ shop, id, page: query.get("page"), agent, session })),
      };
    });
    return resolver(app);
  },
  post: () => {
    const app = new Router();
    app.post("/shops/:shop/orders", async ({ req, params }) =>
      Response.json(placeOrder(params.shop, Order.parse(await req.json())), { status: 201 }),
    );
    return resolver(app);
  },
  binary: () => {
    const app = new Router();
    app.post("/images", async ({ req }) => {
      const bytes = invert(new Uint8Array(await req.arrayBuffer()));
      return new Response(bytes, { headers: { "content-type": "image/png" } });
    });
    return resolver(app);
  },
  queue: () => {
    const processor = new BatchProcessor(EventType.SQS);
    const record = async ({ messageId, body }: SqsRecord): Promise<void> => {
      try {
        ship(Message.parse(JSON.parse(body)));
      } catch (error) {
        logFailure(messageId, error);
        throw error;
      }
    };
    return (event, context) => processPartialResponse(event, record, processor, { context });
  },
};

function resolver(app: Router): Handler {
  return (event, context) => app.resolve(event, context);
}

function readCookie(header: string | null, name: string): string | undefined {
  const found = header?.split("; ").find((cookie) => cookie.startsWith(`${name}=`));
  return found && decodeURIComponent(found.slice(name.length + 1));
}

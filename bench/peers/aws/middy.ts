import middy from "@middy/core";
import jsonBodyParser from "@middy/http-json-body-parser";
import sqsPartialBatchFailure from "@middy/sqs-partial-batch-failure";
import { logFailure, Message, Order, placeOrder, ship } from "../../cases/app.ts";
import type { Handler, Peer } from "../../cases/peer.ts";
import { peer as floor } from "./floor.ts";

/**
 * middy around hand-written handlers. It has no neutral request: what reads the event and makes the answer is the
 * floor's own code, and only its middleware is what is measured.
 */
export const peer: Peer = {
  get: async (front) => middy().handler((await floor.get?.(front)) as never) as unknown as Handler,
  post: () =>
    middy()
      .use(jsonBodyParser())
      .handler((async (event: { pathParameters: { shop: string }; body: unknown }) => ({
        statusCode: 201,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(placeOrder(event.pathParameters.shop, Order.parse(event.body))),
      })) as never) as unknown as Handler,
  binary: async (front) => middy().handler((await floor.binary?.(front)) as never) as unknown as Handler,
  queue: () =>
    middy()
      .use(
        sqsPartialBatchFailure({
          logger: (reason: unknown, { messageId }: { messageId: string }) => logFailure(messageId, reason),
        }),
      )
      .handler((async (event: { Records: Array<{ body: string }> }) =>
        Promise.allSettled(
          event.Records.map(async ({ body }) => ship(Message.parse(JSON.parse(body)))),
        )) as never) as unknown as Handler,
};

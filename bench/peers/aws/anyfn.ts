import { httpHandler } from "@anyfn/aws/http";
import { queueHandler } from "@anyfn/aws/queue";
import { functions } from "../../cases/functions.ts";
import type { Peer } from "../../cases/peer.ts";

/** anyfn as `anyfn build` wires it: the entry point of the function's trigger. */
export const peer: Peer = {
  get: () => httpHandler(functions.getOrder),
  post: () => httpHandler(functions.postOrder),
  binary: () => httpHandler(functions.invertImage),
  queue: () => queueHandler(functions.shipMessages),
};

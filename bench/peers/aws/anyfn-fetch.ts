import { httpHandler } from "@anyfn/aws/http";
import { getOrder } from "../../cases/functions-fetch.ts";
import type { Peer } from "../../cases/peer.ts";

/** anyfn for a handler that asks for a WHATWG `Request` and answers with a `Response`. */
export const peer: Peer = { get: () => httpHandler(getOrder) };

import type { HttpReply } from "@anyfn/core";
import { answerError, discard, type InvocationContext, problem } from "@anyfn/core/adapter";
import { readBody } from "./body.ts";
import {
  type Connections,
  createConnections,
  type RequestHandler,
  type ServerAddress,
} from "./connections.ts";
import { openContext } from "./context.ts";
import { createDispatch, isReply } from "./dispatch.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Exchange, openExchange } from "./exchange.ts";
import { logServer } from "./log.ts";
import { type ServerOptions, toSettings } from "./options.ts";
import { refuse, sendReply, sendWhole } from "./respond.ts";

/** An HTTP server for functions. */
export interface AnyfnServer {
  /** Starts to listen: port 8080 by default, 0 for any free one; on every interface unless a host is given. */
  listen(port?: number, host?: string): Promise<ServerAddress>;
  /** Stops listening and finishes every accepted request, for as long as the grace period lasts. */
  close(): Promise<void>;
  /** Answers one request; for a server of your own: `http.createServer(server.handler)`. */
  readonly handler: RequestHandler;
}

/** A server that also tells what it is busy with. */
export interface EndpointServer extends AnyfnServer {
  readonly inFlight: Connections["inFlight"];
}

/**
 * Makes a server for functions that were made ready by the entry point of their trigger.
 *
 * @throws AnyfnError `invalid-definition` when two functions would answer the same requests.
 */
export function createEndpointServer(
  endpoints: readonly Endpoint[],
  options: ServerOptions = {},
): EndpointServer {
  const settings = toSettings(options);
  const dispatch = createDispatch(endpoints);
  const longest = Math.max(0, ...endpoints.map(({ timeout }) => timeout));
  const connections = createConnections(settings, longest * 1000);

  const handler: RequestHandler = (request, response) => {
    const exchange = openExchange(request, response, settings);
    connections.began(exchange);
    void handle(exchange);
  };

  // One asynchronous function, since each one on the way of a request costs about a microsecond.
  const handle = async (exchange: Exchange): Promise<void> => {
    try {
      const found = dispatch(exchange, connections.isClosing());
      if (isReply(found)) answerItself(exchange, found, connections.isClosing());
      else if (!exchange.framing.hasBody || (await receiveBody(exchange))) {
        const ctx = openContext(exchange, found);
        exchange.endpoint = found;
        exchange.ctx = ctx;
        // Also an answer that is there: what a handler started and left alone may fail at once, and then says more.
        const given = await found.answer(exchange, ctx);
        const answer = exchange.crash === undefined ? given : answerCrash(exchange.crash, given, ctx);
        const sending = sendReply(exchange, answer, ctx, connections.isClosing());
        if (sending !== undefined) await sending;
      }
    } catch (error) {
      giveUp(exchange, error);
    }
    const background = exchange.ctx?.finish();
    if (background !== undefined) await background;
    // An idle connection still knows its last exchange.
    exchange.body = undefined;
    connections.ended();
  };

  return {
    handler,
    listen: (port = 8080, host = undefined) => connections.listen(handler, port, host),
    close: connections.close,
    inFlight: connections.inFlight,
  };
}

function answerItself(exchange: Exchange, answer: HttpReply, last: boolean): void {
  if (exchange.framing.hasBody) refuse(exchange, answer);
  else sendWhole(exchange, answer, last);
}

/** Whether the body is there; where it is not, the caller has gone or has its answer. */
async function receiveBody(exchange: Exchange): Promise<boolean> {
  const result = await readBody(exchange);
  if (result === "too-large") {
    const { bodyLimit } = exchange.settings;
    refuse(exchange, problem(413, `The body is larger than ${bodyLimit} bytes.`));
  }
  return result === "read";
}

/** Takes the place of what a handler answered while something that it had started, and did not wait for, failed. */
function answerCrash(error: Error, given: HttpReply, ctx: InvocationContext): HttpReply {
  discard(given.body);
  return answerError(new Error("Work that nobody waited for failed.", { cause: error }), ctx);
}

/** For an error outside of any function, which would be ours. */
function giveUp(exchange: Exchange, error: unknown): void {
  const { response } = exchange;
  logServer("error", "The server failed to answer a request.", { error });
  if (response.headersSent) response.destroy();
  else if (!response.destroyed) sendWhole(exchange, problem(500, "The function failed."), true);
}

import { type Exchange, idsOf } from "./exchange.ts";
import { logServer } from "./log.ts";
import type { NodeRequest, NodeResponse, NodeSocket } from "./native.ts";
import type { ServerSettings } from "./options.ts";

/** Where a server listens. */
export interface ServerAddress {
  readonly address: string;
  readonly family: string;
  readonly port: number;
}

/** Answers one request, as Node's own servers want it. */
export type RequestHandler = (request: NodeRequest, response: NodeResponse) => void;

/** What a server knows of its connections and of the work that it has accepted. */
export interface Connections {
  listen(handler: RequestHandler, port: number, host: string | undefined): Promise<ServerAddress>;
  close(): Promise<void>;
  isClosing(): boolean;
  /** The requests that functions are answering. */
  inFlight(): readonly Exchange[];
  /** Notes that a request is being answered. */
  began(exchange: Exchange): void;
  /** Notes that all work of a request is done, after its answer too. */
  ended(): void;
}

/**
 * How long connections without a request are kept open once the server closes. Their callers may be sending at this very
 * moment: such a request is answered, and the answer says that the connection ends.
 */
const QUIET_MS = 500;

/** `import` of it would load the whole of fetch, for 25 ms: its module namespace touches every export. */
const loadHttp = () => process.getBuiltinModule("node:http");

type Server = InstanceType<ReturnType<typeof loadHttp>["Server"]>;

/** Makes the connections of one server; none until it listens. `longestMs` is what its slowest function may take. */
export function createConnections(settings: ServerSettings, longestMs: number): Connections {
  /** Each connection with the exchange that was started on it last. */
  const sockets = new Map<NodeSocket, Exchange | undefined>();
  let server: Server | undefined;
  let working = 0;
  let whenIdle: (() => void) | undefined;
  let closed: Promise<void> | undefined;

  const finish = async (running: Server): Promise<void> => {
    const ended = new Promise<void>((resolve) => stopListening(running, resolve));
    const idle = new Promise<void>((resolve) => {
      whenIdle = resolve;
      if (working === 0) resolve();
    });
    const quiet = setTimeout(endIdle, Math.min(QUIET_MS, settings.graceMs / 2), sockets);
    await within(settings.graceMs, Promise.all([ended, idle]));
    clearTimeout(quiet);
    if (working > 0) {
      const fields = { unfinished: working, inFlight: listInFlight(sockets).map(idsOf) };
      logServer("error", "The grace period is over: what is not done is cut off.", fields);
    }
    running.closeAllConnections();
  };

  return {
    listen: async (handler, port, host) => {
      server = createHttpServer(handler, settings, longestMs);
      server.on("connection", (socket) => {
        sockets.set(socket, undefined);
        socket.once("close", () => sockets.delete(socket));
      });
      return startListening(server, port, host);
    },
    close: () => {
      closed ??= server === undefined ? Promise.resolve() : finish(server);
      return closed;
    },
    isClosing: () => closed !== undefined,
    inFlight: () => listInFlight(sockets),
    began: (exchange) => {
      working++;
      // A server that is not ours keeps its own connections.
      const { socket } = exchange.request;
      if (sockets.has(socket)) sockets.set(socket, exchange);
    },
    ended: () => {
      working--;
      if (working === 0) whenIdle?.();
    },
  };
}

function createHttpServer(handler: RequestHandler, settings: ServerSettings, longestMs: number): Server {
  const server = loadHttp().createServer({
    requestTimeout: settings.requestMs,
    headersTimeout: Math.min(60_000, settings.requestMs),
    connectionsCheckingInterval: Math.min(30_000, settings.requestMs / 2),
    // Longer than load balancers keep a connection idle, or a request may meet its end:
    // https://cloud.google.com/load-balancing/docs/https#timeouts_and_retries
    keepAliveTimeout: 620_000,
  });
  // A connection on which nothing moves for so long has a caller that does not read its answer.
  server.timeout = longestMs + settings.requestMs;
  server.on("request", handler);
  // Without a listener Node asks for the body before anyone knows whether it is wanted.
  server.on("checkContinue", handler);
  // Without a listener Node cuts the connection without a word.
  server.on(
    "connect",
    (_request, socket: NodeSocket & { end(text: string): unknown; destroySoon(): void }) => {
      socket.end("HTTP/1.1 405 Method Not Allowed\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
      socket.destroySoon();
    },
  );
  return server;
}

function startListening(server: Server, port: number, host: string | undefined): Promise<ServerAddress> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host }, () => {
      server.off("error", reject);
      resolve(server.address() as ServerAddress);
    });
  });
}

/**
 * Not by the HTTP server's own `close`, which also cuts connections whose answer is written but not yet sent.
 * Calls back when the last connection has ended.
 */
function stopListening(server: Server, onEnded: () => void): void {
  process.getBuiltinModule("node:net").Server.prototype.close.call(server, onEnded);
}

/** Ends the connections on which nothing has been asked, and the others as soon as their answer is sent. */
function endIdle(sockets: ReadonlyMap<NodeSocket, Exchange | undefined>): void {
  for (const [socket, exchange] of sockets) {
    const isIdle = exchange === undefined ? socket.bytesRead === 0 : exchange.response.writableFinished;
    if (isIdle) socket.destroy();
    else exchange?.response.once("close", () => socket.destroy());
  }
}

function listInFlight(sockets: ReadonlyMap<NodeSocket, Exchange | undefined>): Exchange[] {
  const isInFlight = (exchange: Exchange | undefined): exchange is Exchange =>
    exchange?.ctx !== undefined && !exchange.response.writableFinished;
  return [...sockets.values()].filter(isInFlight);
}

/** Waits for work, at most so many milliseconds. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}

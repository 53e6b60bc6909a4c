import type { Exchange } from "./exchange.ts";
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
  /** Notes that a request is being answered. */
  began(exchange: Exchange): void;
  /** Notes that all work of a request is done, after its answer too. */
  ended(): void;
}

/** `import` of it would load the whole of fetch, for 25 ms: its module namespace touches every export. */
const loadHttp = () => process.getBuiltinModule("node:http");

type Server = InstanceType<ReturnType<typeof loadHttp>["Server"]>;

/** Makes the connections of one server; none until it listens. */
export function createConnections(settings: ServerSettings): Connections {
  /** Each connection with the response that was started on it last. */
  const sockets = new Map<NodeSocket, NodeResponse | undefined>();
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
    // What has arrived already is read in the next turn of the event loop, and is a request then.
    setImmediate(() => setImmediate(endIdle, sockets));
    await within(settings.graceMs, Promise.all([ended, idle]));
    running.closeAllConnections();
  };

  return {
    listen: async (handler, port, host) => {
      server = createHttpServer(handler, settings);
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
    began: ({ request, response }) => {
      working++;
      // A server that is not ours keeps its own connections.
      if (sockets.has(request.socket)) sockets.set(request.socket, response);
    },
    ended: () => {
      working--;
      if (working === 0) whenIdle?.();
    },
  };
}

function createHttpServer(handler: RequestHandler, settings: ServerSettings): Server {
  const server = loadHttp().createServer({
    requestTimeout: settings.requestMs,
    headersTimeout: Math.min(60_000, settings.requestMs),
    connectionsCheckingInterval: Math.min(30_000, settings.requestMs / 2),
    // Longer than load balancers keep a connection idle, or a request may meet its end:
    // https://cloud.google.com/load-balancing/docs/https#timeouts_and_retries
    keepAliveTimeout: 620_000,
  });
  server.on("request", handler);
  // Without a listener Node asks for the body before anyone knows whether it is wanted.
  server.on("checkContinue", handler);
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
function endIdle(sockets: ReadonlyMap<NodeSocket, NodeResponse | undefined>): void {
  for (const [socket, response] of sockets) {
    const isIdle = response === undefined ? socket.bytesRead === 0 : response.writableFinished;
    if (isIdle) socket.destroy();
    else response?.once("close", () => socket.destroy());
  }
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

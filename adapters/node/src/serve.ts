import { AnyfnError } from "@anyfn/core";
import { toError } from "@anyfn/core/adapter";
import type { Endpoint } from "./endpoint.ts";
import { idsOf } from "./exchange.ts";
import { logServer } from "./log.ts";
import type { ServerOptions } from "./options.ts";
import { type AnyfnServer, createEndpointServer, type EndpointServer } from "./server.ts";

/** What {@link serveEndpoints} can be told; the environment's `PORT` and `HOST` come first. */
export interface ServeOptions extends ServerOptions {
  /** 8080 by default. */
  readonly port?: number | undefined;
  /** Address of the interface to listen on; every one by default. */
  readonly host?: string | undefined;
}

/** Serves functions that were made ready by the entry point of their trigger, for the life of the process. */
export async function serveEndpoints(
  endpoints: readonly Endpoint[],
  options: ServeOptions = {},
): Promise<AnyfnServer> {
  const server = createEndpointServer(endpoints, options);
  const { PORT, HOST } = process.env;
  const address = await server.listen(
    portOf(PORT) ?? options.port,
    HOST === "" ? options.host : (HOST ?? options.host),
  );
  logServer("info", `Listening on port ${address.port}.`, { functions: endpoints.map(({ name }) => name) });
  const end = (signal: string): void => void shutDown(server, signal);
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  // Rejections that nobody handles come here too.
  process.on("uncaughtException", (error, origin) => void crash(server, error, origin));
  return server;
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new AnyfnError("invalid-definition", `PORT is "${text}". Set it to a number from 0 to 65535.`, {
    provider: "node",
  });
}

/** Exits on its own, whatever timers and connections the functions have left open. */
async function shutDown(server: AnyfnServer, signal: string): Promise<void> {
  logServer("info", `Shutting down on ${signal}.`);
  await server.close();
  process.exit(process.exitCode ?? 0);
}

/**
 * Nobody knows what the error has left undone, so that the process ends. The requests of others are finished before;
 * but which one raised it is known only where one alone was on its way. Events can come again: all of them do.
 */
async function crash(server: EndpointServer, thrown: unknown, origin: string): Promise<void> {
  process.exitCode = 1;
  const error = toError(thrown);
  const what =
    origin === "unhandledRejection" ? "A rejection that nobody handled" : "An exception that nobody caught";
  const inFlight = server.inFlight();
  const fields = { error, inFlight: inFlight.map(idsOf) };
  logServer("fatal", `${what}: the server finishes what it has accepted, and ends.`, fields);
  for (const exchange of inFlight)
    if (inFlight.length === 1 || exchange.endpoint?.kind === "event") exchange.crash ??= error;
  await server.close();
  process.exit(1);
}

import { AnyfnError } from "@anyfn/core";
import type { Endpoint } from "./endpoint.ts";
import { logServer } from "./log.ts";
import type { ServerOptions } from "./options.ts";
import { type AnyfnServer, createEndpointServer } from "./server.ts";

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
  process.exit(0);
}

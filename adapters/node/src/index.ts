import type { Adapter } from "@anyfn/core/adapter";
import { capabilities } from "./capabilities.ts";
import { type Functions, toEndpoints } from "./endpoints.ts";
import type { ServerOptions } from "./options.ts";
import { type ServeOptions, serveEndpoints } from "./serve.ts";
import { type AnyfnServer, createEndpointServer } from "./server.ts";

export type { RequestHandler, ServerAddress } from "./connections.ts";
export type { Functions } from "./endpoints.ts";
export { type NodeRequest, type NodeResponse, type NodeSocket, nodeRequest } from "./native.ts";
export type { ServerOptions } from "./options.ts";
export type { ServeOptions } from "./serve.ts";
export type { AnyfnServer } from "./server.ts";

/** The adapter for a plain Node server. */
export const node: Adapter = { name: "node", title: "Node", capabilities };

/**
 * Makes an HTTP server for functions.
 *
 * @example
 * import * as functions from "./functions.ts";
 * const server = createServer(functions);
 * const { port } = await server.listen(3000);
 *
 * @throws AnyfnError `invalid-definition` when two functions share a name or would answer the same requests.
 */
export function createServer(functions: Functions, options: ServerOptions = {}): AnyfnServer {
  return createEndpointServer(toEndpoints(functions), options);
}

/**
 * Serves functions for the life of the process: on `PORT` and `HOST` of the environment, until SIGTERM or SIGINT.
 *
 * @example await serve(functions, { trustProxy: true });
 */
export function serve(functions: Functions, options: ServeOptions = {}): Promise<AnyfnServer> {
  return serveEndpoints(toEndpoints(functions), options);
}

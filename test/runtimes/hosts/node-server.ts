import { dirname } from "node:path";
import type { HttpHost } from "./host.ts";
import { startHttpHost } from "./http-host.ts";

/** What the platform sets for a Node server. */
export interface NodeServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The port in `PORT`; by default 0, which lets the system choose. */
  readonly port?: number;
}

/** Runs `node server.mjs` as a container would, with `PORT` in the environment; ready when it listens. */
export function startNodeServer(script: string, options: NodeServerOptions = {}): Promise<HttpHost> {
  return startHttpHost("node", script, {
    cwd: dirname(script),
    env: { NODE_ENV: "production", PORT: String(options.port ?? 0), ...options.env },
  });
}

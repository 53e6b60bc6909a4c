/** What a server can be told. */
export interface ServerOptions {
  /** Path of the health route, `false` for none; `/health` by default. A function at this path takes its place. */
  readonly health?: string | false | undefined;
  /** The largest request body in bytes; 6 MiB by default. A larger one is answered with 413. */
  readonly bodyLimit?: number | undefined;
  /** Believes the `X-Forwarded-For` and `X-Forwarded-Proto` of the proxy in front; false by default. */
  readonly trustProxy?: boolean | undefined;
  /** Seconds that accepted requests have to finish once the server closes; 10 by default. */
  readonly gracePeriod?: number | undefined;
  /** Seconds in which a request must have arrived whole; 60 by default. */
  readonly requestTimeout?: number | undefined;
}

/** Options with every default in its place, in milliseconds where they are times. */
export interface ServerSettings {
  readonly health: string | false;
  readonly bodyLimit: number;
  readonly trustProxy: boolean;
  readonly graceMs: number;
  readonly requestMs: number;
}

/** Puts the defaults in. */
export function toSettings(options: ServerOptions): ServerSettings {
  const { health = "/health", bodyLimit = 6 * 1024 * 1024, trustProxy = false } = options;
  const { gracePeriod = 10, requestTimeout = 60 } = options;
  return { health, bodyLimit, trustProxy, graceMs: gracePeriod * 1000, requestMs: requestTimeout * 1000 };
}

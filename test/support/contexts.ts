import type { LogLevel } from "@anyfn/core";
import { type ContextInit, createContext, type InvocationContext, LazyHttpEvent } from "@anyfn/core/adapter";

/** One entry that a function or core logged. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: unknown;
}

/** Makes contexts of no provider, whose log entries are kept in a list. */
export function contexts(): {
  readonly logged: LogEntry[];
  contextOf(init?: Partial<ContextInit>): InvocationContext;
} {
  const logged: LogEntry[] = [];
  return {
    logged,
    contextOf: (init) =>
      createContext({
        provider: "test",
        functionName: "fn",
        invocationId: "i-1",
        sink: (level, message, fields) => void logged.push({ level, message, fields }),
        env: {},
        raw: undefined,
        ...init,
      }),
  };
}

/** The parts of a request that a test names. */
export interface Sent {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** A request of no provider. */
export function httpEvent({ method = "GET", url = "/", headers = {}, body }: Sent): LazyHttpEvent {
  const [path = "", query = ""] = url.split("?");
  return new LazyHttpEvent(undefined, {
    method: () => method,
    path: () => path,
    query: () => query,
    headers: () => headers,
    body: () => (body === undefined ? undefined : new Uint8Array(Buffer.from(body))),
    clientIp: () => undefined,
    origin: () => "https://shop.example",
  });
}

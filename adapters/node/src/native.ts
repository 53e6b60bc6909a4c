import type { Context } from "@anyfn/core";

/** The parts of a connection's socket that the server reads. */
export interface NodeSocket {
  readonly remoteAddress?: string | undefined;
  readonly bytesRead: number;
  destroy(): unknown;
}

/** The parts of Node's `IncomingMessage` that the server reads; see https://nodejs.org/api/http.html#class-httpincomingmessage. */
export interface NodeRequest {
  readonly method?: string | undefined;
  /** The request target as it was sent. */
  readonly url?: string | undefined;
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly complete: boolean;
  readonly socket: NodeSocket;
  on(event: string, listener: (chunk: Uint8Array) => void): unknown;
  resume(): unknown;
}

/** The parts of Node's `ServerResponse` that the server uses; see https://nodejs.org/api/http.html#class-httpserverresponse. */
export interface NodeResponse {
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  readonly writableFinished: boolean;
  strictContentLength: boolean;
  writeHead(status: number, headers: string[]): unknown;
  write(chunk: string | Uint8Array): boolean;
  writeContinue(): void;
  end(chunk?: string | Uint8Array): unknown;
  destroy(): unknown;
  once(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

/**
 * Node's own request behind an invocation, undefined on every other provider.
 *
 * @example const address = nodeRequest(ctx)?.socket.remoteAddress;
 */
export function nodeRequest(ctx: Context): NodeRequest | undefined {
  return ctx.provider === "node" ? (ctx.raw as NodeRequest) : undefined;
}

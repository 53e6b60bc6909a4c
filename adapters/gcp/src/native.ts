import type { Context } from "@anyfn/core";

/** The request of functions-framework, an Express request, as far as this adapter reads it. */
export interface CloudRequest extends AsyncIterable<Uint8Array | string> {
  readonly method?: string;
  /** Path and query; Express shortens it while it routes. */
  url?: string;
  /** Path and query as they were sent. */
  originalUrl?: string;
  readonly headers: Record<string, string | string[] | undefined>;
  /** The body's bytes, inflated where the request was compressed; absent when the framework read none. */
  readonly rawBody?: Uint8Array | undefined;
  /** The framework's id of this execution. */
  readonly executionId?: string | undefined;
  /** Whether the body was read to its end. */
  readonly readableEnded?: boolean;
  readonly socket?: { readonly remoteAddress?: string | undefined };
}

/** The response of functions-framework, an Express response, as far as this adapter writes it. */
export interface CloudResponse {
  writeHead(status: number, headers?: Record<string, string | string[]>): unknown;
  /** False when the caller should wait for `drain`. */
  write(chunk: Uint8Array): boolean;
  end(body?: string | Uint8Array): unknown;
  destroy(error?: Error): unknown;
  once(event: "close" | "drain", listener: () => void): unknown;
  off(event: "close" | "drain", listener: () => void): unknown;
  readonly destroyed: boolean;
  readonly headersSent: boolean;
  strictContentLength: boolean;
  readonly writableFinished: boolean;
}

/**
 * A function for functions-framework, in each of its signatures: `(request, response)`, `(cloudEvent)` and
 * `(data, context)`. Its declared length is 1, because the framework takes a longer CloudEvent function for one with a
 * callback.
 */
export type CloudFunction = (first: object, ...second: readonly object[]) => Promise<void>;

/** A Pub/Sub message in JSON; the emulator and some deliveries repeat members in snake case. */
export interface PubsubMessage {
  /** Base64; absent for a message of attributes only. */
  readonly data?: string;
  readonly attributes?: Readonly<Record<string, string>> | null;
  readonly messageId?: string;
  readonly message_id?: string;
  readonly publishTime?: string;
  readonly publish_time?: string;
  readonly orderingKey?: string;
  readonly ordering_key?: string;
}

/** The body of a Pub/Sub push, and the data of a `messagePublished` event. */
export interface PushEnvelope {
  readonly message: PubsubMessage;
  readonly subscription?: string;
  /** Only with a dead-letter policy. */
  readonly deliveryAttempt?: number;
}

/**
 * The functions-framework request behind an invocation; undefined on other providers and where the framework had parsed
 * the event before.
 *
 * @example cloudRequest(ctx)?.headers["x-cloudtasks-queuename"]
 */
export function cloudRequest(ctx: Context): CloudRequest | undefined {
  const raw = ctx.raw as Partial<CloudRequest> | undefined;
  return ctx.provider === "gcp" && typeof raw?.headers === "object" ? (raw as CloudRequest) : undefined;
}

/** Whether a second argument is a response, which tells a request from an event that the framework parsed. */
export function isResponse(second: object | undefined): second is CloudResponse {
  return typeof (second as Partial<CloudResponse> | undefined)?.writeHead === "function";
}

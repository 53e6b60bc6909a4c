import type { HttpReply } from "@anyfn/core";
import type { InvocationContext } from "@anyfn/core/adapter";
import type { Exchange } from "./exchange.ts";

/** A function made ready for the server. */
export type Endpoint = HttpEndpoint | EventEndpoint;

/** Answers one request on behalf of a function, at once where it can. */
type Answer = (exchange: Exchange, ctx: InvocationContext) => HttpReply | PromiseLike<HttpReply>;

/** An HTTP function, reached by its own route. */
export interface HttpEndpoint {
  readonly kind: "http";
  readonly name: string;
  /** Seconds. */
  readonly timeout: number;
  readonly methods: readonly string[];
  /** The path template. */
  readonly path: string;
  readonly hasCors: boolean;
  readonly answer: Answer;
}

/** A function of any other trigger, reached at `/_events/<name>`. */
export interface EventEndpoint {
  readonly kind: "event" | "direct";
  readonly name: string;
  /** Seconds. */
  readonly timeout: number;
  readonly answer: Answer;
}

/** Where the functions are reached that have no route of their own. */
export const EVENTS_PATH = "/_events/";

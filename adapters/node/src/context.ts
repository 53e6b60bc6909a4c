import type { Trace } from "@anyfn/core";
import {
  type ContextInit,
  createContext,
  type InvocationContext,
  isRequestId,
  type LogSink,
  parseTraceparent,
} from "@anyfn/core/adapter";
import type { Endpoint } from "./endpoint.ts";
import { type Exchange, headersOf } from "./exchange.ts";
import { writeLog } from "./log.ts";
import type { NodeRequest, NodeResponse } from "./native.ts";

/** Makes the context of one request to a function. */
export function openContext(exchange: Exchange, endpoint: Endpoint): InvocationContext {
  return createContext(new Invocation(exchange, endpoint));
}

/** What the context is made from; the parts that few handlers touch are made on first use. */
class Invocation implements ContextInit {
  readonly provider = "node";
  readonly functionName: string;
  readonly invocationId: string = globalThis.crypto.randomUUID();
  readonly requestId: string | undefined;
  readonly deadline: number;
  readonly sink: LogSink = writeLog;
  readonly env: Readonly<Record<string, string | undefined>> = process.env;
  readonly raw: NodeRequest;
  readonly #exchange: Exchange;

  constructor(exchange: Exchange, endpoint: Endpoint) {
    const { request, framing } = exchange;
    this.functionName = endpoint.name;
    this.deadline = Date.now() + endpoint.timeout * 1000;
    this.raw = request;
    this.#exchange = exchange;
    if (isRequestId(framing.requestId)) this.requestId = framing.requestId;
  }

  get signal(): AbortSignal {
    return signalOf(this.#exchange.response);
  }

  /** The request's own, or the event's; see the distributed tracing extension of CloudEvents. */
  trace(): Trace | undefined {
    const headers = headersOf(this.#exchange);
    return (
      parseTraceparent(headers.traceparent, headers.tracestate) ??
      parseTraceparent(headers["ce-traceparent"], headers["ce-tracestate"])
    );
  }
}

/** Aborts when the caller goes away before the answer has been sent. */
function signalOf(response: NodeResponse): AbortSignal {
  const controller = new AbortController();
  const onClose = (): void => {
    if (!response.writableFinished)
      controller.abort(new DOMException("The caller closed the connection.", "AbortError"));
  };
  if (response.destroyed) onClose();
  else response.once("close", onClose);
  return controller.signal;
}

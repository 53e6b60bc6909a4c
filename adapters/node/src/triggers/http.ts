import type { HttpTrigger } from "@anyfn/core";
import { compileHttp, type HttpSource, LazyHttpEvent, type NamedFunction } from "@anyfn/core/adapter";
import { clientIpOf, originOf } from "../address.ts";
import type { HttpEndpoint } from "../endpoint.ts";
import { type Exchange, headersOf } from "../exchange.ts";

/**
 * Makes an HTTP function ready for the server.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function httpEndpoint({ name, definition }: NamedFunction): HttpEndpoint {
  const compiled = compileHttp(definition);
  const { path, cors } = definition.trigger as HttpTrigger;
  return {
    kind: "http",
    name,
    timeout: definition.timeout,
    methods: compiled.methods,
    path,
    hasCors: cors !== undefined,
    answer: (exchange, ctx) => compiled.handle(fromHttp(exchange), ctx),
  };
}

/** The neutral form of a request. */
export function fromHttp(exchange: Exchange): LazyHttpEvent<Exchange> {
  return new LazyHttpEvent(exchange, source);
}

const source: HttpSource<Exchange> = {
  method: ({ method }) => method,
  path: ({ path }) => path,
  query: ({ query }) => query,
  headers: headersOf,
  body: ({ body }) => body,
  clientIp: clientIpOf,
  origin: originOf,
  raw: ({ request }) => request,
};

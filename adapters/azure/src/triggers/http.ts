import { type HttpSource, isPromise, LazyHttpEvent, type NamedFunction } from "@anyfn/core/adapter";
import { createAzureContext, HTTP_SECONDS } from "../context.ts";
import type { AzureApp, AzureContext, AzureRequest, AzureResponse } from "../native.ts";
import { type AzureSettings, secondsOf } from "../settings.ts";
import { toResponse } from "./_answer.ts";
import { clientIpOf, headersOf, type ReadRequest, readRequest, traceOfHeaders } from "./_request.ts";
import { chooseRoute, planRoutes, type Route } from "./_routes.ts";

/**
 * Registers `http` functions. All of an app belong into one call, since they share the host's routes.
 *
 * @throws AnyfnError `invalid-definition` when two functions answer the same requests.
 */
export function registerHttp(
  app: AzureApp,
  functions: readonly NamedFunction[],
  settings: AzureSettings = {},
): void {
  for (const route of planRoutes(functions)) {
    app.http(route.name, {
      route: route.route,
      methods: route.methods,
      authLevel: settings.authLevel ?? "anonymous",
      handler: makeHandler(route, settings),
    });
  }
}

function makeHandler(
  route: Route,
  settings: AzureSettings,
): (request: AzureRequest, context: AzureContext) => Promise<AzureResponse> {
  return async (request, context) => {
    const reading = readRequest(request, settings);
    const read = isPromise(reading) ? await reading : reading;
    const isPreflight = request.method === "OPTIONS";
    const asked = isPreflight ? request.headers.get("access-control-request-method") : null;
    const { compiled, timeout } = chooseRoute(route, request.method, read.path, asked);
    const seconds = Math.min(secondsOf(timeout, settings), HTTP_SECONDS);
    const ctx = createAzureContext(context, seconds, () => traceOfHeaders(request));
    const answering = compiled.handle(new LazyHttpEvent(read, source), ctx);
    const reply = isPromise(answering) ? await answering : answering;
    return toResponse(reply, ctx, settings.streaming === true);
  };
}

const source: HttpSource<ReadRequest> = {
  method: ({ request }) => request.method,
  path: ({ path }) => path,
  query: ({ query }) => query,
  headers: ({ request }) => headersOf(request),
  body: ({ body }) => body,
  clientIp: ({ request }) => clientIpOf(request.headers.get("x-forwarded-for")),
  origin: ({ origin }) => origin,
  raw: ({ request }) => request,
};

import { AnyfnError, type HttpReply, reply } from "@anyfn/core";
import { problem } from "@anyfn/core/adapter";
import { type Endpoint, EVENTS_PATH, type EventEndpoint, type HttpEndpoint } from "./endpoint.ts";
import { type Exchange, headersOf } from "./exchange.ts";
import { allowedMethods, chooseEndpoint, createRouter } from "./router.ts";

/** Finds who answers a request: a function, or the server itself with a finished answer. */
export type Dispatch = (exchange: Exchange, closing: boolean) => Endpoint | HttpReply;

/**
 * Makes the dispatch of a server.
 *
 * @throws AnyfnError `invalid-definition` when two functions would answer the same requests.
 */
export function createDispatch(endpoints: readonly Endpoint[]): Dispatch {
  const events = new Map<string, EventEndpoint>();
  const http: HttpEndpoint[] = [];
  for (const endpoint of endpoints) {
    if (endpoint.kind === "http") http.push(assertUnreserved(endpoint));
    else events.set(EVENTS_PATH + endpoint.name, endpoint);
  }
  // Knative sends to the root unless a path is configured.
  const only = [...events.values()].filter(({ kind }) => kind === "event");
  const atRoot = only.length === 1 ? only[0] : undefined;
  const router = createRouter(http);

  return (exchange, closing) => {
    const { method, path } = exchange;
    if (path.startsWith(EVENTS_PATH)) return atEvents(events.get(path), method);
    const matches = router.match(path);
    const chosen = chooseEndpoint(matches, method, preflightFor(exchange));
    if (chosen !== undefined) return chosen;
    const isRoot = path === "/" && atRoot !== undefined;
    if (isRoot && method === "POST") return atRoot;
    if (path === exchange.settings.health && (method === "GET" || method === "HEAD"))
      return health(method, closing);
    const allowed = [...allowedMethods(matches), ...(isRoot ? ["POST"] : [])];
    // A function of any method takes neither TRACE nor CONNECT.
    if (allowed.length > 0 || matches.length > 0) return notAllowed(method, allowed);
    return notFound();
  };
}

/** Whether the server itself has answered. */
export function isReply(found: Endpoint | HttpReply): found is HttpReply {
  return found.kind === "anyfn.reply";
}

function assertUnreserved(endpoint: HttpEndpoint): HttpEndpoint {
  if (!endpoint.path.startsWith(EVENTS_PATH)) return endpoint;
  throw new AnyfnError(
    "invalid-definition",
    `The path ${endpoint.path} of "${endpoint.name}" is taken: event functions are reached below ${EVENTS_PATH}. ` +
      "Give the function another path.",
    { provider: "node", trigger: "http" },
  );
}

function preflightFor(exchange: Exchange): string | undefined {
  return exchange.method === "OPTIONS" ? headersOf(exchange)["access-control-request-method"] : undefined;
}

/** A sender may probe with OPTIONS; see https://github.com/knative/specs/blob/main/specs/eventing/data-plane.md#http-verbs. */
function atEvents(endpoint: EventEndpoint | undefined, method: string): EventEndpoint | HttpReply {
  if (endpoint === undefined) return notFound();
  if (method === "POST") return endpoint;
  if (method === "OPTIONS") return reply(undefined, { headers: { allow: "OPTIONS, POST" } });
  return notAllowed(method, ["POST"]);
}

function health(method: string, closing: boolean): HttpReply {
  if (closing) return problem(503, "The server is shutting down.");
  return reply(method === "HEAD" ? undefined : { status: "ok" }, { status: 200 });
}

function notFound(): HttpReply {
  return problem(404, "There is nothing at this path.");
}

function notAllowed(method: string, allowed: readonly string[]): HttpReply {
  const headers: Record<string, string> = allowed.length === 0 ? {} : { allow: allowed.join(", ") };
  return problem(405, `${method} is not allowed here.`, {}, headers);
}

import { AnyfnError, type BusEvent, type HttpReply, reply } from "@anyfn/core";
import {
  type CloudEventHttp,
  cloudEventMode,
  decodeText,
  type InvocationContext,
  type NamedFunction,
  problem,
  readEachCloudEvent,
  withoutMark,
} from "@anyfn/core/adapter";
import { createAzureContext, HTTP_SECONDS } from "../context.ts";
import type { AzureApp, AzureContext, AzureRequest, AzureResponse } from "../native.ts";
import { type AzureSettings, secondsOf, type WebhookSettings } from "../settings.ts";
import { toResponse } from "./_answer.ts";
import { fromEventGrid, placed } from "./_event-grid.ts";
import { headersOf, readRequest, traceOfHeaders } from "./_request.ts";
import { isObject } from "./_values.ts";

/** Handles the events of one delivery; throws when any failed, having logged each. */
export type HandleEvents = (
  events: readonly (BusEvent | AnyfnError)[],
  ctx: InvocationContext,
) => Promise<void>;

/** What Event Grid calls itself in the public cloud. */
const ORIGINS = ["eventgrid.azure.net"];

/**
 * Registers an endpoint to which Event Grid delivers over HTTP, in either schema and with either handshake.
 *
 * @see https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema
 * @see https://learn.microsoft.com/azure/event-grid/end-point-validation-cloud-events-schema
 */
export function registerWebhook(
  app: AzureApp,
  { name, definition }: NamedFunction,
  where: WebhookSettings,
  settings: AzureSettings,
  handle: HandleEvents,
): void {
  const { route = name, authLevel = "function", origins = ORIGINS } = where;
  const { kind } = definition.trigger;
  const seconds = Math.min(secondsOf(definition.timeout, settings), HTTP_SECONDS);
  const streaming = settings.streaming === true;
  const handler = async (request: AzureRequest, context: AzureContext): Promise<AzureResponse> => {
    const ctx = createAzureContext(context, seconds, () => traceOfHeaders(request));
    const { body } = await readRequest(request, settings, kind);
    const http = { headers: headersOf(request), body };
    const answer =
      request.method === "OPTIONS" ? answerOrigin(http, origins) : await receive(http, kind, ctx, handle);
    return toResponse(answer, ctx, streaming);
  };
  app.http(name, { route: route.replace(/^\//, ""), methods: ["POST", "OPTIONS"], authLevel, handler });
}

/** Answers the question of CloudEvents web hooks that comes before any delivery. */
function answerOrigin({ headers }: CloudEventHttp, origins: readonly string[]): HttpReply {
  const origin = headers["webhook-request-origin"];
  const isAllowed = origins.some((allowed) => allowed.toLowerCase() === origin?.toLowerCase());
  if (origin === undefined || !isAllowed) return problem(403, "Events of this origin are not taken.");
  const asked = headers["webhook-request-rate"] ?? "";
  const rate = /^\d{1,9}$/.test(asked) ? asked : "*";
  return reply(undefined, {
    status: 200,
    headers: { "webhook-allowed-origin": origin, "webhook-allowed-rate": rate },
  });
}

async function receive(
  http: CloudEventHttp,
  trigger: string,
  ctx: InvocationContext,
  handle: HandleEvents,
): Promise<HttpReply> {
  let events: (BusEvent | AnyfnError)[];
  try {
    const json = cloudEventMode(http) === undefined ? parseBody(http) : undefined;
    const code = validationCode(json);
    // Any status but 200 fails the handshake.
    if (code !== undefined) return reply({ validationResponse: code }, { status: 200 });
    events = json === undefined ? readEachCloudEvent(http, http) : fromEventGrid(json, trigger);
  } catch (error) {
    if (!(error instanceof AnyfnError)) throw error;
    return refuse(error, trigger, ctx);
  }
  const [first] = events;
  if (first instanceof AnyfnError && events.every((event) => event instanceof AnyfnError))
    return refuse(first, trigger, ctx);
  try {
    await handle(events.filter(isNews), ctx);
    return reply(undefined, { status: 200 });
  } catch {
    // Each failure is in the log already. Event Grid delivers all again after any status but 2xx.
    return problem(500, "Not every event was handled.", { requestId: ctx.requestId });
  }
}

/** Event Grid drops or dead-letters after 400, so that it is the answer only where nothing can be read. */
function refuse(error: AnyfnError, trigger: string, ctx: InvocationContext): HttpReply {
  const refused = placed(error, "", trigger);
  const { code, message } = refused;
  ctx.log.error("A delivery cannot be decoded.", { error: refused });
  return problem(400, message, { code });
}

/** The end of the subscription is told like an event, and is none of its source's. */
function isNews(event: BusEvent | AnyfnError): boolean {
  return event instanceof AnyfnError || event.type !== "Microsoft.EventGrid.SubscriptionDeletedEvent";
}

function parseBody({ body }: CloudEventHttp): unknown {
  try {
    return JSON.parse(body === undefined ? "" : withoutMark(decodeText(body)));
  } catch (error) {
    // It is no cause: its message quotes the body.
    if (!(error instanceof SyntaxError)) throw error;
    throw new AnyfnError("invalid-payload", "The delivery's body is not JSON. Send what Event Grid sends.");
  }
}

/** The code of a handshake in the Event Grid schema, which is the only event of its delivery. */
function validationCode(json: unknown): string | undefined {
  const event: unknown = Array.isArray(json) && json.length === 1 ? json[0] : json;
  if (!isObject(event) || event.eventType !== "Microsoft.EventGrid.SubscriptionValidationEvent")
    return undefined;
  const code = isObject(event.data) ? event.data.validationCode : undefined;
  return typeof code === "string" ? code : undefined;
}

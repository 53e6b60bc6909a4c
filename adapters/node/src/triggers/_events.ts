import { AnyfnError, type BusEvent, type HttpReply, reply } from "@anyfn/core";
import {
  compileEvents,
  decodeText,
  type GroupOf,
  type InvocationContext,
  type NamedFunction,
  type Outcome,
  type Prepare,
  problem,
  readEachCloudEvent,
  toError,
  unknownPayload,
} from "@anyfn/core/adapter";
import type { EventEndpoint } from "../endpoint.ts";
import { type Exchange, headersOf } from "../exchange.ts";

/** What one trigger brings to the way that all of them share. */
export interface EventTrigger<Trigger extends { readonly kind: string }, Event> {
  readonly kind: Trigger["kind"];
  readonly prepare: Prepare<Trigger, Event>;
  /**
   * The neutral event of a CloudEvent.
   *
   * @throws AnyfnError `invalid-message` for data that is none of this trigger.
   */
  readonly from: (event: BusEvent) => Event;
  readonly groupOf?: GroupOf<Event>;
}

type EventKind = Exclude<Parameters<typeof compileEvents>[1], undefined>;

/** Makes a function ready whose events arrive as CloudEvents over HTTP, one or a batch of them in a request. */
export function eventEndpoint<Trigger extends { readonly kind: EventKind }, Event extends object>(
  { name, definition }: NamedFunction,
  { kind, prepare, from, groupOf }: EventTrigger<Trigger, Event>,
): EventEndpoint {
  const compiled = compileEvents<Trigger, Event>(definition, kind, prepare);
  return {
    kind: "event",
    name,
    timeout: definition.timeout,
    answer: async (exchange, ctx) => {
      const events = readEvents(exchange, ctx, kind);
      if (!Array.isArray(events)) return events;
      const decoded = events.map((event) => decode(event, from));
      return toAnswer(events, await compiled.handle(decoded, ctx, groupOf));
    },
  };
}

/** What cannot be decoded now never can be: it is a dead letter, and the others of its batch go on. */
function decode<Event>(event: BusEvent | AnyfnError, from: (event: BusEvent) => Event): Event | Error {
  if (event instanceof AnyfnError) {
    return new AnyfnError("invalid-message", event.message, { path: event.path, cause: event });
  }
  try {
    return from(event);
  } catch (error) {
    return toError(error);
  }
}

/** The CloudEvents of a request, or the answer to one that carries none. */
function readEvents(
  exchange: Exchange,
  ctx: InvocationContext,
  trigger: string,
): (BusEvent | AnyfnError)[] | HttpReply {
  try {
    return readEachCloudEvent({ headers: headersOf(exchange), body: exchange.body });
  } catch (thrown) {
    if (!(thrown instanceof AnyfnError)) throw thrown;
    const error =
      thrown.code === "unknown-payload"
        ? unknownPayload(contentOf(exchange), "node", trigger, "the CloudEvents that HTTP can carry")
        : new AnyfnError(thrown.code, thrown.message, { provider: "node", trigger, path: thrown.path });
    ctx.log.warn("A request is no CloudEvent.", { error });
    return problem(400, error.message, { code: error.code });
  }
}

/** What was sent in the place of an event. */
function contentOf({ body }: Exchange): unknown {
  const text = decodeText(body ?? new Uint8Array(0));
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/**
 * One status speaks for the whole request. Knative delivers again on 503 and gives up on 422, to the dead letter sink
 * where there is one; see https://github.com/knative/specs/blob/main/specs/eventing/data-plane.md.
 */
function toAnswer(events: readonly (BusEvent | AnyfnError)[], outcomes: readonly Outcome[]): HttpReply {
  const failed = outcomes.filter((outcome) => outcome !== undefined);
  if (failed.length === 0) return reply();
  const failures = outcomes.flatMap((outcome, index) =>
    outcome === undefined ? [] : [{ index, id: idOf(events[index]), outcome: outcome.kind }],
  );
  if (failed.every(({ kind }) => kind === "dead-letter")) {
    return problem(422, "The events can never be handled.", { failures });
  }
  const after = failed.reduce((longest, { after = 0 }) => Math.max(longest, after), 0);
  const headers: Record<string, string> = after > 0 ? { "retry-after": String(Math.ceil(after)) } : {};
  return problem(503, "The events were not all handled. Deliver them again.", { failures }, headers);
}

function idOf(event: BusEvent | AnyfnError | undefined): string | undefined {
  return event instanceof AnyfnError ? undefined : event?.id;
}

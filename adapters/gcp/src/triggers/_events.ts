import { type AnyFunction, AnyfnError, type HttpReply, type TriggerKind } from "@anyfn/core";
import {
  compileEvents,
  firstFailure,
  type GroupOf,
  type InvocationContext,
  type Outcome,
  type Prepare,
  problem,
  unknownPayload,
} from "@anyfn/core/adapter";
import { type CloudOptions, createEventContext, createRequestContext, createRuntime } from "../context.ts";
import { type CloudFunction, type CloudResponse, isResponse } from "../native.ts";
import { sendReply } from "./_answer.ts";
import { asAnyfnError, type Delivery, shapeOf } from "./_delivery.ts";
import { keepRequests, readRequest } from "./_request.ts";

/** What makes one event trigger differ from the others. */
export interface EventSpec<Trigger, Event> {
  readonly kind: TriggerKind;
  readonly prepare: Prepare<Trigger, Event>;
  /** The events of a delivery, or undefined when it is none of what the trigger takes. */
  readonly decode: (delivery: Delivery) => readonly (Event | AnyfnError)[] | undefined;
  /** Names what the trigger takes, for an error. */
  readonly expected: string;
  readonly groupOf?: GroupOf<Event>;
}

/** Makes the function that functions-framework calls for an event trigger, in any of its signatures. */
export function eventFunction<Trigger extends { readonly kind: TriggerKind }, Event extends object>(
  definition: AnyFunction,
  options: CloudOptions,
  spec: EventSpec<Trigger, Event>,
): CloudFunction {
  const compiled = compileEvents<Trigger, Event>(definition, spec.kind, spec.prepare);
  const runtime = createRuntime(definition, options);
  if (options.ownServer === true) keepRequests(runtime.env);

  const answer = async (first: object, response: CloudResponse): Promise<void> => {
    const { request, headers, body } = await readRequest(first);
    const url = request.originalUrl ?? request.url ?? "/";
    const decoded = decode(spec, { headers, body, url, parsed: undefined, raw: request });
    const ctx = createRequestContext(runtime, request, response, attemptOf(decoded));
    if (decoded instanceof AnyfnError) return sendReply(response, refuse(decoded, ctx), "", ctx);
    const outcomes = await compiled.handle(decoded, ctx, spec.groupOf);
    // Without a request Cloud Run gives the instance no CPU: work in the background must be over before the answer.
    await ctx.finish();
    return sendReply(response, toAnswer(outcomes, ctx), "", ctx);
  };

  const consume = async (parsed: object): Promise<void> => {
    const decoded = decode(spec, { headers: {}, body: undefined, url: "", parsed, raw: parsed });
    const { id, traceparent } = (parsed ?? {}) as { id?: unknown; traceparent?: unknown };
    const ctx = createEventContext(runtime, parsed, textOf(id), textOf(traceparent), attemptOf(decoded));
    if (decoded instanceof AnyfnError) throw decoded;
    const outcomes = await compiled.handle(decoded, ctx, spec.groupOf);
    await ctx.finish();
    const failure = firstFailure(outcomes);
    if (failure !== undefined) throw failure.error;
  };

  return (first, ...[second]) => {
    if (isResponse(second)) return answer(first, second);
    // With a second argument this is the first generation's signature: data, and its context.
    return consume(second === undefined ? first : { data: first, context: second });
  };
}

/**
 * The answer to whoever delivers. Pub/Sub, Eventarc, Tasks and Scheduler take any status from 200 to 299 for done and
 * deliver again after any other; none can be told to dead-letter at once. A 503 slows a Tasks queue down, and Tasks
 * minds its `Retry-After`.
 *
 * @see https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues.tasks#httprequest
 */
export function toAnswer(outcomes: readonly Outcome[], ctx: InvocationContext): HttpReply {
  const failure = firstFailure(outcomes);
  if (failure === undefined) {
    return { kind: "anyfn.reply", status: 204, headers: {}, cookies: [], body: undefined };
  }
  const { after } = failure;
  const asked = (failure.error as Partial<AnyfnError>).code === "retry";
  const headers = { "x-request-id": ctx.requestId };
  return problem(
    asked ? 503 : 500,
    asked ? "The event is not handled yet." : "The event was not handled.",
    { requestId: ctx.requestId },
    after === undefined ? headers : { ...headers, "retry-after": String(Math.ceil(after)) },
  );
}

/** A delivery that cannot be read is refused with what is wrong with it, and stays with its source. */
function refuse(error: AnyfnError, ctx: InvocationContext): HttpReply {
  ctx.log.error("The delivery cannot be read.", { error });
  return problem(400, error.message, { code: error.code, requestId: ctx.requestId });
}

/** The events of a delivery, errors in the place of those that cannot be decoded; one error where that is all. */
function decode<Trigger, Event>(
  spec: EventSpec<Trigger, Event>,
  delivery: Delivery,
): readonly (Event | AnyfnError)[] | AnyfnError {
  try {
    const events =
      spec.decode(delivery) ?? unknownPayload(shapeOf(delivery), "gcp", spec.kind, spec.expected);
    if (events instanceof AnyfnError) return events;
    const decoded = events.map((event) => (event instanceof AnyfnError ? placed(event, spec.kind) : event));
    const [first] = decoded;
    return first instanceof AnyfnError && decoded.every((event) => event instanceof AnyfnError)
      ? first
      : decoded;
  } catch (thrown) {
    return placed(asAnyfnError(thrown), spec.kind);
  }
}

/** An error of decoding as one that names this adapter and the trigger. */
function placed(error: AnyfnError, trigger: TriggerKind): AnyfnError {
  const { code, message, path, cause } = error;
  return error.provider === undefined
    ? new AnyfnError(code, message, { provider: "gcp", trigger, path, cause })
    : error;
}

function attemptOf(decoded: readonly unknown[] | AnyfnError): number | undefined {
  const first = decoded instanceof AnyfnError ? undefined : decoded[0];
  return (first as { deliveryCount?: number } | undefined)?.deliveryCount;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

import type { Context } from "./context.ts";
import { AnyfnError } from "./errors.ts";
import type { TriggerKind } from "./trigger.ts";
import type { BusEvent } from "./triggers/bus.ts";
import type { ChangeEvent } from "./triggers/changes.ts";
import type { DirectEvent } from "./triggers/direct.ts";
import type { HttpEvent, HttpReply } from "./triggers/http.ts";
import type { Message } from "./triggers/queue.ts";
import type { ScheduleEvent } from "./triggers/schedule.ts";
import type { StorageEvent } from "./triggers/storage.ts";
import type { StreamRecord } from "./triggers/stream.ts";
import type { TopicMessage } from "./triggers/topic.ts";

/** What middleware sees, by trigger: the event before validation. With `batch: true` it is the whole list. */
export interface MiddlewareEvents {
  readonly http: HttpEvent;
  readonly queue: Message | readonly Message[];
  readonly topic: TopicMessage | readonly TopicMessage[];
  readonly schedule: ScheduleEvent;
  readonly storage: StorageEvent;
  readonly changes: ChangeEvent | readonly ChangeEvent[];
  readonly stream: StreamRecord | readonly StreamRecord[];
  readonly bus: BusEvent;
  readonly direct: DirectEvent<unknown>;
}

/** What `next()` gives, by trigger: the normalised reply for HTTP, the handler's result elsewhere. */
export interface MiddlewareResults {
  readonly http: HttpReply;
  readonly queue: unknown;
  readonly topic: unknown;
  readonly schedule: unknown;
  readonly storage: unknown;
  readonly changes: unknown;
  readonly stream: unknown;
  readonly bus: unknown;
  readonly direct: unknown;
}

/**
 * Runs around a handler, before validation: may look at the event, answer in the handler's place, or change what
 * `next()` gives. An HTTP middleware returns whatever an HTTP handler may return.
 *
 * @example
 * const timed: Middleware<"http"> = async (event, ctx, next) => {
 *   const started = Date.now();
 *   const reply = await next();
 *   ctx.log.info("answered", { status: reply.status, ms: Date.now() - started });
 *   return reply;
 * };
 */
export type Middleware<Kind extends TriggerKind = TriggerKind> = (
  event: MiddlewareEvents[Kind],
  ctx: Context,
  next: () => Promise<MiddlewareResults[Kind]>,
) => unknown;

/** Middleware of any trigger, as stored in a definition. */
export type AnyMiddleware = (event: never, ctx: Context, next: () => Promise<never>) => unknown;

/** One step of a chain: an event and its context to a result. */
export type Step<Event, Result> = (event: Event, ctx: Context) => Result | Promise<Result>;

/**
 * Puts middleware around a step; without any, the step itself.
 * `normalise` turns what a middleware returns into what the step returns.
 */
export function compose<Event, Result>(
  use: readonly AnyMiddleware[],
  step: Step<Event, Result>,
  normalise: (result: unknown) => Result | Promise<Result>,
): Step<Event, Result> {
  return use.reduceRight<Step<Event, Result>>((inner, middleware) => {
    const run = middleware as (event: Event, ctx: Context, next: () => Promise<Result>) => unknown;
    return async (event, ctx) => {
      let running: Promise<Result> | undefined;
      let ended = false;
      const work = async (): Promise<Result> => {
        try {
          return await inner(event, ctx);
        } finally {
          ended = true;
        }
      };
      const next = (): Promise<Result> => {
        if (running === undefined) {
          running = work();
          return running;
        }
        const problem = "A middleware called next() twice. Call it once.";
        return Promise.reject(new AnyfnError("invalid-definition", problem));
      };
      const result = await run(event, ctx, next);
      // Who forgets to wait for next() must not answer for a handler that is still at work.
      return result === undefined && running !== undefined && !ended ? running : normalise(result);
    };
  }, step);
}

import { beforeDeadline, type Context, type InvocationContext } from "../context.ts";
import type { AnyFunction } from "../define.ts";
import { AnyfnError, timeoutError } from "../errors.ts";
import { compose, type Step } from "../middleware.ts";
import { compileSchema, isPromise, type Schema } from "../schema.ts";
import type { TriggerKind } from "../trigger.ts";
import { compileBatch } from "./batch.ts";
import { type GroupOf, groupIndexes } from "./groups.ts";
import { failureOf, notRun, type Outcome, outcomeOf, unfinished } from "./outcome.ts";
import { type Prepare, type Prepared, SKIP } from "./prepare.ts";

/** An event function made ready once. */
export interface CompiledEvents<Event> {
  /**
   * Handles the events of one invocation and says for each what became of it; never rejects.
   * Without `groupOf` the events are unordered and run at once, up to the function's `concurrency`; with it, events
   * of one group run in order and the first failure stops their group. An error in the place of an event is one that
   * could not be decoded: it fails without the handler.
   */
  handle(
    events: readonly (Event | Error)[],
    ctx: InvocationContext,
    groupOf?: GroupOf<Event>,
  ): Promise<Outcome[]>;
}

/** What triggers of events have in common. */
interface EventOptions {
  readonly batch?: boolean;
  readonly schema?: Schema;
}

/**
 * Makes an event function ready.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function compileEvents<Trigger extends { readonly kind: TriggerKind }, Event extends object>(
  definition: AnyFunction,
  kind: Trigger["kind"],
  prepare: Prepare<Trigger, Event>,
): CompiledEvents<Event> {
  assertKind(definition, kind);
  const declared = definition.trigger as unknown as Trigger & EventOptions;
  const trigger = { ...declared, schema: compileSchema(declared.schema) };
  const handler = definition.handler as (event: unknown, ctx: Context) => unknown;
  const { use, concurrency } = definition;
  if (trigger.batch === true) {
    const handle = compileBatch(trigger, prepare, handler, use);
    return {
      handle: async (events, ctx, groupOf) => report(await handle(events, ctx, groupOf), events, ctx),
    };
  }
  const start = (prepared: Prepared, ctx: Context): unknown => {
    if (prepared === SKIP) return undefined;
    // By the clock, since handlers that never wait for anything keep every timer from firing.
    const { giveUpAt } = ctx as InvocationContext;
    if (giveUpAt !== undefined && Date.now() >= giveUpAt) throw timeoutError();
    return handler(prepared, ctx);
  };
  const step: Step<Event, unknown> = (event, ctx) => {
    const prepared = prepare(trigger, event);
    return isPromise(prepared)
      ? Promise.resolve(prepared).then((late) => start(late, ctx))
      : start(prepared, ctx);
  };
  // A failure that is returned is thrown then, so that no middleware drops it without meaning to.
  const throwing: Step<Event, unknown> = async (event, ctx) => {
    const result = await step(event, ctx);
    if (outcomeOf(result) !== undefined) throw result;
    return result;
  };
  const chain = use.length === 0 ? step : compose(use, throwing, (result) => result);
  return {
    handle: (events, ctx, groupOf) => handleEach(chain, events, ctx, concurrency, groupOf),
  };
}

function assertKind(definition: AnyFunction, kind: TriggerKind): void {
  if (definition.trigger.kind === kind) return;
  throw new AnyfnError(
    "invalid-definition",
    `A function with a "${definition.trigger.kind}" trigger was given where a "${kind}" trigger is needed.`,
  );
}

async function handleEach<Event>(
  chain: Step<Event, unknown>,
  events: readonly (Event | Error)[],
  ctx: InvocationContext,
  concurrency: number,
  groupOf: GroupOf<Event> | undefined,
): Promise<Outcome[]> {
  // Unfinished until proven otherwise: what the deadline cuts off is reported as failed.
  const outcomes = new Array<Outcome | null>(events.length).fill(null);
  let over = false;
  const store = (index: number, outcome: Outcome): Outcome => {
    if (!over) outcomes[index] = outcome;
    return outcome;
  };
  // A batch has thousands of events: what is there already is not waited for, and each costs one promise at most.
  const runOne = (index: number, settled?: () => void): Outcome | PromiseLike<Outcome> => {
    if (over) return undefined;
    const event = events[index] as Event | Error;
    if (event instanceof Error) return store(index, failureOf(event));
    try {
      const result = chain(event, ctx);
      if (!isPromise(result)) return store(index, outcomeOf(result));
      // A thenable of a library may call back at once, or with a promise.
      return Promise.resolve(result).then(
        (value) => {
          settled?.();
          return store(index, outcomeOf(value));
        },
        (thrown: unknown) => {
          settled?.();
          return store(index, failureOf(thrown));
        },
      );
    } catch (thrown) {
      return store(index, failureOf(thrown));
    }
  };
  const work = groupOf === undefined ? runAll(events.length, runOne, concurrency) : runGroups();
  if (work !== undefined) await beforeDeadline(work, ctx);
  over = true;
  const final = outcomes.map((outcome) => (outcome === null ? unfinished() : outcome));
  return report(final, events, ctx);

  function runGroups(): Promise<unknown> | undefined {
    const groups = groupIndexes(events, groupOf as GroupOf<Event>);
    const runGroup = async (group: number, settled?: () => void): Promise<void> => {
      let failed: Outcome;
      for (const index of groups[group] ?? []) {
        if (failed === undefined) failed = await runOne(index);
        else store(index, notRun(failed));
      }
      settled?.();
    };
    return runAll(groups.length, runGroup, concurrency);
  }
}

/**
 * Runs all, so many at once; undefined when there is nothing to wait for. What `run` gives a promise of, it reports as
 * settled: `Promise.all` would add as much again to each event.
 */
function runAll(
  count: number,
  run: (index: number, settled?: () => void) => unknown,
  concurrency: number,
): Promise<unknown> | undefined {
  if (count > concurrency) return runSome(count, run, Math.floor(concurrency));
  let pending = 0;
  let finish: (() => void) | undefined;
  const settled = (): void => {
    pending -= 1;
    if (pending === 0) finish?.();
  };
  for (let index = 0; index < count; index++) if (isPromise(run(index, settled))) pending += 1;
  if (pending === 0) return undefined;
  return new Promise<void>((resolve) => {
    finish = resolve;
  });
}

async function runSome(count: number, run: (index: number) => unknown, workers: number): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

const CONSEQUENCES = {
  retry: "A handler failed; the event stays with its source for another delivery.",
  "dead-letter": "An event can never be handled and goes to the dead letters.",
  "not-run": "An event waits behind a failed one of its group.",
};

/** Logs each failure once, by the event's id and never with its data. */
function report<Event>(outcomes: Outcome[], events: readonly Event[], ctx: Context): Outcome[] {
  for (let index = 0; index < outcomes.length; index++) {
    const outcome = outcomes[index];
    if (outcome === undefined) continue;
    const { id } = events[index] as { readonly id?: unknown };
    const { kind, error } = outcome;
    if (kind === "not-run") ctx.log.warn(CONSEQUENCES[kind], { id });
    else ctx.log.error(CONSEQUENCES[kind], { id, outcome: kind, error });
  }
  return outcomes;
}

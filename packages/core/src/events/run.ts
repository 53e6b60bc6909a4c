import { beforeDeadline, type Context, type InvocationContext, LATE } from "../context.ts";
import type { AnyFunction } from "../define.ts";
import { AnyfnError, timeoutError } from "../errors.ts";
import { compose, type Step } from "../middleware.ts";
import { isPromise } from "../schema.ts";
import type { TriggerKind } from "../trigger.ts";
import { batchOutcomes, type Failure, failureOf, type Outcome, outcomeOf } from "./outcome.ts";
import { type Prepare, type Prepared, SKIP } from "./prepare.ts";

/**
 * The group within which an event is ordered; undefined for one that stands alone. Where an error stands in the place
 * of the event, only its index tells its group.
 */
export type GroupOf<Event> = (event: Event, index: number) => string | undefined;

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
  const trigger = definition.trigger as unknown as Trigger & { readonly batch?: boolean };
  const handler = definition.handler as (event: unknown, ctx: Context) => unknown;
  const { use, concurrency } = definition;
  if (trigger.batch === true) {
    // Kept beside the chain: a middleware that does not return what next() gave must not lose a failure.
    const done = new WeakMap<readonly Event[], Outcome[]>();
    const step: Step<readonly Event[], unknown> = async (events, ctx) => {
      const outcomes = await runBatch(trigger, prepare, handler, events, ctx);
      done.set(events, outcomes);
      return outcomes;
    };
    const composed = compose(use, step, (result) => result);
    const chain: Step<readonly Event[], unknown> = async (events, ctx) =>
      (await composed(events, ctx)) ?? done.get(events);
    return {
      handle: async (events, ctx, groupOf) =>
        report(await handleBatch(chain, events, ctx, groupOf), events, ctx),
    };
  }
  const step: Step<Event, unknown> = (event, ctx) => {
    const prepared = prepare(trigger, event);
    if (isPromise(prepared))
      return Promise.resolve(prepared).then((late) => (late === SKIP ? undefined : handler(late, ctx)));
    return prepared === SKIP ? undefined : handler(prepared, ctx);
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
      return result.then(
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

/** Indexes by group, in order of arrival; events without a key stand alone. */
function groupIndexes<Event>(events: readonly (Event | Error)[], groupOf: GroupOf<Event>): number[][] {
  const groups: number[][] = [];
  const byKey = new Map<string, number[]>();
  for (const [index, event] of events.entries()) {
    const key = groupOf(event as Event, index);
    const group = key === undefined ? undefined : byKey.get(key);
    if (group !== undefined) {
      group.push(index);
      continue;
    }
    const started = [index];
    groups.push(started);
    if (key !== undefined) byKey.set(key, started);
  }
  return groups;
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

async function handleBatch<Event>(
  chain: Step<readonly Event[], unknown>,
  events: readonly (Event | Error)[],
  ctx: InvocationContext,
  groupOf: GroupOf<Event> | undefined,
): Promise<Outcome[]> {
  const decoded = events.filter((event): event is Event => !(event instanceof Error));
  const handled = decoded.length === 0 ? [] : await handleDecoded(chain, decoded, ctx);
  let next = 0;
  const outcomes = events.map((event) => (event instanceof Error ? failureOf(event) : handled[next++]));
  return groupOf === undefined ? outcomes : stopGroups(outcomes, events, groupOf);
}

async function handleDecoded<Event>(
  chain: Step<readonly Event[], unknown>,
  events: readonly Event[],
  ctx: InvocationContext,
): Promise<Outcome[]> {
  const work = async (): Promise<Outcome[]> => {
    try {
      const outcomes = await chain(events, ctx);
      return isOutcomeList(outcomes, events.length) ? outcomes : batchOutcomes(outcomes, events.length);
    } catch (thrown) {
      return events.map(() => failureOf(thrown));
    }
  };
  const outcomes = await beforeDeadline(work(), ctx);
  return outcomes === LATE ? events.map(unfinished) : outcomes;
}

function isOutcomeList(value: unknown, count: number): value is Outcome[] {
  return value instanceof Outcomes && value.length === count;
}

/** A list made by {@link runBatch}, told apart from what a middleware returned in its place. */
class Outcomes extends Array<Outcome> {}

/** In an ordered source nothing counts as done behind a failure of its group. */
function stopGroups<Event>(
  outcomes: readonly Outcome[],
  events: readonly (Event | Error)[],
  groupOf: GroupOf<Event>,
): Outcome[] {
  const stopped = [...outcomes];
  for (const group of groupIndexes(events, groupOf)) {
    const first = group.find((index) => outcomes[index] !== undefined);
    if (first === undefined) continue;
    for (const index of group) if (index > first) stopped[index] ??= notRun(outcomes[first]);
  }
  return stopped;
}

/** Validates every event of a batch; the handler sees those that are valid, and its list is of those. */
async function runBatch<Trigger, Event>(
  trigger: Trigger,
  prepare: Prepare<Trigger, Event>,
  handler: (event: unknown, ctx: Context) => unknown,
  events: readonly Event[],
  ctx: Context,
): Promise<Outcome[]> {
  const outcomes = new Outcomes(events.length).fill(undefined);
  const valid: { readonly index: number; readonly event: Prepared }[] = [];
  for (const [index, event] of events.entries()) {
    try {
      const prepared = await prepare(trigger, event);
      if (prepared !== SKIP) valid.push({ index, event: prepared });
    } catch (thrown) {
      outcomes[index] = failureOf(thrown);
    }
  }
  if (valid.length === 0) return outcomes;
  const result = await handler(
    valid.map(({ event }) => event),
    ctx,
  );
  for (const [position, outcome] of batchOutcomes(result, valid.length).entries()) {
    const index = valid[position]?.index;
    if (index !== undefined) outcomes[index] = outcome;
  }
  return outcomes;
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

function notRun(cause: Failure | undefined): Failure {
  const error = new AnyfnError("retry", "Not run, because an earlier message of its group failed.", {
    cause: cause?.error,
  });
  return { kind: "not-run", error };
}

function unfinished(): Failure {
  return { kind: "retry", error: timeoutError() };
}

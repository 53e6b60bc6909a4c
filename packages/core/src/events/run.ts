import { afterDeadline, type Context, type InvocationContext } from "../context.ts";
import type { AnyFunction } from "../define.ts";
import { AnyfnError } from "../errors.ts";
import { compose, type Step } from "../middleware.ts";
import { isPromise } from "../schema.ts";
import type { TriggerKind } from "../trigger.ts";
import { batchOutcomes, type Failure, failureOf, type Outcome, outcomeOf } from "./outcome.ts";
import { type Prepare, type Prepared, SKIP } from "./prepare.ts";

/** The group within which events are ordered; undefined for an event that stands alone. */
export type GroupOf<Event> = (event: Event) => string | undefined;

/** An event function made ready once. */
export interface CompiledEvents<Event> {
  /**
   * Handles the events of one invocation and says for each what became of it; never rejects.
   * Without `groupOf` the events are unordered and run at once, up to the function's `concurrency`; with it, events
   * of one group run in order and the first failure stops their group.
   */
  handle(events: readonly Event[], ctx: InvocationContext, groupOf?: GroupOf<Event>): Promise<Outcome[]>;
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
    const step: Step<readonly Event[], unknown> = (events, ctx) =>
      runBatch(trigger, prepare, handler, events, ctx);
    const chain = compose(use, step, (result) => result);
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
  const chain = compose(use, step, (result) => result);
  return {
    handle: async (events, ctx, groupOf) =>
      report(await handleEach(chain, events, ctx, concurrency, groupOf), events, ctx),
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
  events: readonly Event[],
  ctx: InvocationContext,
  concurrency: number,
  groupOf: GroupOf<Event> | undefined,
): Promise<Outcome[]> {
  // Unfinished until proven otherwise: what the deadline cuts off is reported as failed.
  const outcomes = new Array<Outcome | null>(events.length).fill(null);
  let over = false;
  const runOne = async (index: number): Promise<Outcome> => {
    if (over) return undefined;
    const outcome = await settle(chain, events[index] as Event, ctx);
    if (!over) outcomes[index] = outcome;
    return outcome;
  };
  const work = groupOf === undefined ? runAll(events.length, runOne, concurrency) : runGroups();
  await beforeDeadline(work, ctx);
  over = true;
  return outcomes.map((outcome) => (outcome === null ? unfinished() : outcome));

  function runGroups(): Promise<void> {
    const groups = groupIndexes(events, groupOf as GroupOf<Event>);
    const runGroup = async (group: number): Promise<void> => {
      let failed: Outcome;
      for (const index of groups[group] ?? []) {
        if (failed === undefined) failed = await runOne(index);
        else if (!over) outcomes[index] = notRun(failed);
      }
    };
    return runAll(groups.length, runGroup, concurrency);
  }
}

async function settle<Event>(chain: Step<Event, unknown>, event: Event, ctx: Context): Promise<Outcome> {
  try {
    return outcomeOf(await chain(event, ctx));
  } catch (thrown) {
    return failureOf(thrown);
  }
}

/** Indexes by group, in order of arrival; events without a key stand alone. */
function groupIndexes<Event>(events: readonly Event[], groupOf: GroupOf<Event>): number[][] {
  const groups: number[][] = [];
  const byKey = new Map<string, number[]>();
  for (const [index, event] of events.entries()) {
    const key = groupOf(event);
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

async function runAll(
  count: number,
  run: (index: number) => Promise<unknown>,
  concurrency: number,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: Math.min(count, Math.floor(concurrency)) }, worker));
}

/** What the work gives, or undefined when the time to give up comes first. */
async function beforeDeadline<Result>(
  work: Promise<Result>,
  ctx: InvocationContext,
): Promise<Result | undefined> {
  if (ctx.giveUpAt === undefined) return work;
  const limit = afterDeadline(ctx);
  try {
    const first = await Promise.race([work, limit.reached]);
    return typeof first === "symbol" ? undefined : first;
  } finally {
    limit.cancel();
  }
}

async function handleBatch<Event>(
  chain: Step<readonly Event[], unknown>,
  events: readonly Event[],
  ctx: InvocationContext,
  groupOf: GroupOf<Event> | undefined,
): Promise<Outcome[]> {
  if (events.length === 0) return [];
  const work = async (): Promise<Outcome[]> => {
    try {
      const outcomes = await chain(events, ctx);
      return isOutcomeList(outcomes, events.length) ? outcomes : batchOutcomes(outcomes, events.length);
    } catch (thrown) {
      return events.map(() => failureOf(thrown));
    }
  };
  const outcomes = (await beforeDeadline(work(), ctx)) ?? events.map(unfinished);
  return groupOf === undefined ? outcomes : stopGroups(outcomes, events, groupOf);
}

function isOutcomeList(value: unknown, count: number): value is Outcome[] {
  return value instanceof Outcomes && value.length === count;
}

/** A list made by {@link runBatch}, told apart from what a middleware returned in its place. */
class Outcomes extends Array<Outcome> {}

/** In an ordered source nothing counts as done behind a failure of its group. */
function stopGroups<Event>(
  outcomes: readonly Outcome[],
  events: readonly Event[],
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
  for (const [index, outcome] of outcomes.entries()) {
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
  const message = "The handler was still running at the deadline. Give it less to do or a longer timeout.";
  return { kind: "retry", error: new AnyfnError("timeout", message) };
}

import { beforeDeadline, type Context, type InvocationContext, LATE } from "../context.ts";
import { type AnyMiddleware, compose, type Step } from "../middleware.ts";
import { isPromise } from "../schema.ts";
import { type GroupOf, stopGroups } from "./groups.ts";
import { batchOutcomes, failureOf, type Outcome, unfinished } from "./outcome.ts";
import { type Prepare, type Prepared, SKIP } from "./prepare.ts";

/** Handles the decoded events of one invocation; never rejects. */
type Handle<Event> = (
  events: readonly (Event | Error)[],
  ctx: InvocationContext,
  groupOf?: GroupOf<Event>,
) => Promise<Outcome[]>;

/** A batch on its way through the middleware, and what became of it once the handler is done. */
interface Run<Event> {
  readonly groupOf: GroupOf<Event> | undefined;
  outcomes: Outcome[] | undefined;
}

/** Makes a function ready whose handler takes a whole batch: in an ordered source, nothing behind a failure. */
export function compileBatch<Trigger, Event extends object>(
  trigger: Trigger,
  prepare: Prepare<Trigger, Event>,
  handler: (events: readonly Prepared[], ctx: Context) => unknown,
  use: readonly AnyMiddleware[],
): Handle<Event> {
  // Beside the chain: a middleware that does not return what next() gave must not lose a failure.
  const runs = new WeakMap<readonly Event[], Run<Event>>();
  const step: Step<readonly Event[], unknown> = async (events, ctx) => {
    const run = runs.get(events) as Run<Event>;
    const { outcomes, prepared } = await prepareEach(trigger, prepare, events);
    stopGroups(outcomes, events, run.groupOf);
    const rest = pendingOf(outcomes).filter((index) => prepared[index] !== SKIP);
    if (rest.length > 0) {
      const result = await handler(
        rest.map((index) => prepared[index] as Prepared),
        ctx,
      );
      place(outcomes, rest, batchOutcomes(result, rest.length));
    }
    run.outcomes = outcomes;
    return outcomes;
  };
  const chain = compose(use, step, (result) => result);

  const handleDecoded = async (
    events: readonly Event[],
    ctx: Context,
    groupOf: GroupOf<Event> | undefined,
  ): Promise<readonly Outcome[]> => {
    const run: Run<Event> = { groupOf, outcomes: undefined };
    runs.set(events, run);
    try {
      const result = await chain(events, ctx);
      const { outcomes } = run;
      return outcomes !== undefined && (result ?? outcomes) === outcomes
        ? outcomes
        : batchOutcomes(result, events.length);
    } catch (thrown) {
      return events.map(() => failureOf(thrown));
    }
  };

  return async (events, ctx, groupOf) => {
    const outcomes = events.map((event) => (event instanceof Error ? failureOf(event) : undefined));
    stopGroups(outcomes, events, groupOf);
    const rest = pendingOf(outcomes);
    if (rest.length === 0) return outcomes;
    const inRest = groupOf && ((event: Event, position: number) => groupOf(event, rest[position] as number));
    const decoded = rest.map((index) => events[index] as Event);
    const handled = await beforeDeadline(handleDecoded(decoded, ctx, inRest), ctx);
    place(outcomes, rest, handled === LATE ? decoded.map(unfinished) : handled);
    stopGroups(outcomes, events, groupOf);
    return outcomes;
  };
}

async function prepareEach<Trigger, Event>(
  trigger: Trigger,
  prepare: Prepare<Trigger, Event>,
  events: readonly Event[],
): Promise<{ readonly outcomes: Outcome[]; readonly prepared: readonly Prepared[] }> {
  const outcomes = new Array<Outcome>(events.length).fill(undefined);
  const prepared: Prepared[] = [];
  for (let index = 0; index < events.length; index++) {
    try {
      const result = prepare(trigger, events[index] as Event);
      prepared.push(isPromise(result) ? await result : result);
    } catch (thrown) {
      prepared.push(SKIP);
      outcomes[index] = failureOf(thrown);
    }
  }
  return { outcomes, prepared };
}

/** Where nothing has failed yet. */
function pendingOf(outcomes: readonly Outcome[]): number[] {
  const pending: number[] = [];
  for (let index = 0; index < outcomes.length; index++)
    if (outcomes[index] === undefined) pending.push(index);
  return pending;
}

function place(outcomes: Outcome[], indexes: readonly number[], results: readonly Outcome[]): void {
  for (let position = 0; position < indexes.length; position++)
    outcomes[indexes[position] as number] = results[position];
}

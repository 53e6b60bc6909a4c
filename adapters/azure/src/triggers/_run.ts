import { AnyfnError } from "@anyfn/core";
import type { CompiledEvents, GroupOf, InvocationContext, Outcome } from "@anyfn/core/adapter";

/**
 * Handles events and throws once when any failed, after all ran: the host has one verdict for an invocation, and
 * whatever it delivered stays with its source.
 */
export async function handleAll<Event extends object>(
  compiled: CompiledEvents<Event>,
  events: readonly (Event | Error)[],
  ctx: InvocationContext,
  trigger: string,
  groupOf?: GroupOf<Event>,
): Promise<void> {
  const outcomes = await compiled.handle(events, ctx, groupOf);
  await ctx.finish();
  const failed = outcomes.filter((outcome) => outcome !== undefined);
  if (failed.length > 0) throw verdict(failed, outcomes, trigger);
}

function verdict(failed: Outcome[], outcomes: readonly Outcome[], trigger: string): Error {
  const cause = failed[0]?.error;
  if (outcomes.length === 1 && cause !== undefined) return cause;
  return new AnyfnError(
    "retry",
    `${failed.length} of ${outcomes.length} events failed, and all are delivered again. Make the handler idempotent.`,
    { provider: "azure", trigger, cause },
  );
}

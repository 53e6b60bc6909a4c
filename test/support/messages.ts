import type { AnyFunction, Message, QueueTrigger } from "@anyfn/core";
import {
  compileEvents,
  createMessage,
  type GroupOf,
  type InvocationContext,
  type Outcome,
  preparePayload,
} from "@anyfn/core/adapter";

/** Messages of these texts; what stands behind a dash is the ordering key. */
export function messages(...texts: readonly string[]): Message[] {
  return texts.map((text, index) =>
    createMessage({ id: `m-${index}`, payload: { text }, orderingKey: text.split("-")[1], raw: undefined }),
  );
}

/** The group of a message is its ordering key. */
export const byKey: GroupOf<Message> = ({ orderingKey }) => orderingKey;

/** Runs a queue function over messages. */
export function handle(
  definition: AnyFunction,
  events: readonly (Message | Error)[],
  ctx: InvocationContext,
  groupOf?: GroupOf<Message>,
): Promise<Outcome[]> {
  return compileEvents<QueueTrigger, Message>(definition, "queue", preparePayload).handle(
    events,
    ctx,
    groupOf,
  );
}

/** What became of each message, in one line. */
export function kinds(outcomes: readonly Outcome[]): string {
  return outcomes.map((outcome) => outcome?.kind ?? "done").join(" ");
}

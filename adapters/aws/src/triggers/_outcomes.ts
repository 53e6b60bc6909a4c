import { AnyfnError, type TriggerKind } from "@anyfn/core";
import { firstFailure, type Outcome } from "@anyfn/core/adapter";
import { invalidPayload } from "./_errors.ts";

/** What Lambda's pollers read: the records to deliver again. An identifier that they do not know fails the batch. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: unknown }[];
}

/** Nothing failed. */
export const ALL_DONE: BatchAnswer = { batchItemFailures: [] };

/**
 * Throws when anything failed, for sources that take one verdict on a whole invocation. One event's error is thrown
 * as it is, so that Lambda reports its type.
 */
export function throwFailures(outcomes: readonly Outcome[], trigger: TriggerKind): void {
  const first = firstFailure(outcomes);
  if (first === undefined) return;
  if (outcomes.length === 1) throw first.error;
  const count = outcomes.filter((outcome) => outcome !== undefined).length;
  throw new AnyfnError(
    "retry",
    `${count} of ${outcomes.length} events failed, and this source delivers all of them again. The first error: ` +
      first.error.message,
    { provider: "aws", trigger, cause: first.error },
  );
}

/** Decodes each record; an error stands in the place of one that cannot be decoded, and fails alone. */
export function decodeEach<Native, Event>(
  records: readonly Native[],
  decode: (record: Native, index: number) => Event,
  trigger: TriggerKind,
): (Event | Error)[] {
  const events: (Event | Error)[] = [];
  for (let index = 0; index < records.length; index++) {
    events.push(decodeOne(records[index] as Native, index, decode, trigger));
  }
  return events;
}

function decodeOne<Native, Event>(
  record: Native,
  index: number,
  decode: (record: Native, index: number) => Event,
  trigger: TriggerKind,
): Event | Error {
  try {
    return decode(record, index);
  } catch (error) {
    if (error instanceof AnyfnError) return error;
    return invalidPayload(trigger, `record ${index}`, "does not have the documented members", error);
  }
}

import type { TriggerKind } from "@anyfn/core";
import type { Outcome } from "@anyfn/core/adapter";
import { invalidPayload } from "./_errors.ts";
import type { RecordOptions } from "./_options.ts";
import { ALL_DONE, type BatchAnswer, throwFailures } from "./_outcomes.ts";

/** The records of one invocation come from one shard, in order. */
export const ONE_SHARD = (): string => "";

/** The sequence numbers; without one, a failed record could not be reported. */
export function requireSequences<Native>(
  records: readonly Native[],
  sequenceOf: (record: Native) => unknown,
  trigger: TriggerKind,
): string[] {
  return records.map((record, index) => {
    const sequence = record === null ? undefined : sequenceOf(record);
    if (typeof sequence === "string" && sequence !== "") return sequence;
    throw invalidPayload(trigger, `Records[${index}]`, "has no sequence number");
  });
}

/**
 * Reports the first failure: the poller goes on from there, and whatever lies behind it is delivered again. The state
 * of a tumbling window is handed back, or it would be lost.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
 */
export function toShardAnswer(
  event: unknown,
  sequences: readonly string[],
  outcomes: readonly Outcome[],
  options: RecordOptions,
  trigger: TriggerKind,
): BatchAnswer & { readonly state?: unknown } {
  if (options.partialFailures === false) throwFailures(outcomes, trigger);
  const first = outcomes.findIndex((outcome) => outcome !== undefined);
  const answer = first === -1 ? ALL_DONE : { batchItemFailures: [{ itemIdentifier: sequences[first] }] };
  const { window, state } = event as { readonly window?: unknown; readonly state?: unknown };
  return window === undefined ? answer : { ...answer, state: state ?? {} };
}

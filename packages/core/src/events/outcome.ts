import { AnyfnError, timeoutError, toError } from "../errors.ts";

/** Why an event is not done. `not-run` is one behind a failure in an ordered source. */
export interface Failure {
  readonly kind: "retry" | "dead-letter" | "not-run";
  readonly error: Error;
  /** Seconds to wait before the next delivery, where the handler asked for it. */
  readonly after?: number;
}

/** What became of one event: undefined when it is done. Adapters turn a list of these into the native answer. */
export type Outcome = Failure | undefined;

/** What a thrown value means. Told by code and not by class, so that it holds across copies of this package. */
export function failureOf(thrown: unknown): Failure {
  const error = toError(thrown);
  const { code, after } = error as Partial<AnyfnError> & { after?: unknown };
  if (code === "dead-letter" || code === "invalid-message") return { kind: "dead-letter", error };
  if (code === "retry" && typeof after === "number" && after >= 0 && after < Number.POSITIVE_INFINITY)
    return { kind: "retry", error, after };
  return { kind: "retry", error };
}

/** What a returned value means: a returned error counts as a thrown one, anything else is done. */
export function outcomeOf(result: unknown): Outcome {
  return result instanceof Error ? failureOf(result) : undefined;
}

/** What becomes of an event behind a failure of its group. */
export function notRun({ error: cause }: Failure): Failure {
  const error = new AnyfnError("retry", "Not run, because an earlier message of its group failed.", {
    cause,
  });
  return { kind: "not-run", error };
}

/** What becomes of an event that the deadline cuts off, or that it leaves no time to start. */
export function unfinished(): Failure {
  return { kind: "retry", error: timeoutError() };
}

/** What a `batch: true` handler's result means for each event; a result of the wrong shape fails all of them. */
export function batchOutcomes(result: unknown, count: number): Outcome[] {
  if (result === undefined) return new Array<Outcome>(count).fill(undefined);
  const wellFormed = Array.isArray(result) && result.length === count && result.every(isBatchOutcome);
  if (!wellFormed) {
    throw new AnyfnError(
      "invalid-answer",
      `The batch handler must return nothing, or a list of ${count} outcomes: undefined for a message that is done, or ` +
        "an error such as a Retry or a DeadLetter.",
    );
  }
  return result.map((item: unknown) => (item instanceof Error ? failureOf(item) : undefined));
}

function isBatchOutcome(item: unknown): boolean {
  return item === undefined || item === null || item instanceof Error;
}

/** The first failure, which decides where the source has one verdict for all. */
export function firstFailure(outcomes: readonly Outcome[]): Failure | undefined {
  return outcomes.find((outcome) => outcome !== undefined);
}

import { expect } from "vitest";
import { type Fate, specOf } from "./fates.ts";
import type { Answer, Sent, Source, State } from "./source.ts";

/** What must become of the messages of a delivery, and which of them the handler must see. */
export interface Verdict {
  readonly states: readonly State[];
  readonly seen: readonly string[];
}

/** How far a message comes: decoding, validation, the handler, or through. */
function stageOf(fate: Fate): number {
  if (fate === "cannot be decoded") return 0;
  if (fate === "is invalid") return 1;
  return specOf(fate).verdict === "done" ? 3 : 2;
}

/**
 * The specification. One message at a time: behind a failure of its group, none runs. As a whole batch: the handler
 * gets none that lies behind one that failed before it, and nothing behind a failure counts as done.
 */
export function specify(messages: readonly Sent[], source: Source, batch = false): Verdict {
  const lowest = new Map<string, Fate>();
  const seen: string[] = [];
  const states = messages.map(({ key, group, fate }, index): State => {
    const name = { none: String(index), group, partition: "" }[source.ordering];
    const stopped = lowest.get(name) ?? "done";
    const [before, own] = [stageOf(stopped), stageOf(fate)];
    if (own >= 2 && before >= (batch ? 2 : 3)) seen.push(key);
    if (own < before) lowest.set(name, fate);
    // Where the time is over, nothing is decided any more.
    if (before < (batch ? own : 3))
      return { verdict: stopped === "is cut off" ? "retry" : "not-run", fate: stopped };
    const { verdict } = specOf(fate);
    return { verdict: own === 0 ? (source.undecodable ?? verdict) : verdict, fate };
  });
  return { states, seen };
}

/** A platform that takes one verdict: an error, which is the message's own when it is alone. */
export function thrownFor(states: readonly State[]): unknown {
  const failed = states.filter(({ verdict }) => verdict !== "done");
  if (failed.length === 0) return { returned: undefined };
  const error = expect.objectContaining(specOf(failed[0]?.fate ?? "done").error ?? {});
  if (states.length === 1) return { thrown: error };
  const message = expect.stringContaining(`${failed.length} of ${states.length} events failed`);
  return { thrown: expect.objectContaining({ code: "retry", message, cause: error }) };
}

/** A platform that keeps all of a delivery, or nothing. */
export function keptAsWhole(answer: Answer, messages: readonly Sent[]): readonly Sent[] {
  if ("returned" in answer) return [];
  if ("thrown" in answer) return messages;
  return answer.status >= 200 && answer.status < 300 ? [] : messages;
}

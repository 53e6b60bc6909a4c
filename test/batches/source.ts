import type { AnyFunction } from "@anyfn/core";
import type { Fate } from "./fates.ts";

/** A message before it takes the form of a source. */
export interface Sent {
  /** The same for each delivery; unique in a queue unless a test says otherwise. */
  readonly key: string;
  /** Messages of one group are ordered where the source orders groups. */
  readonly group: string;
  readonly fate: Fate;
  /** Deliveries, this one included. */
  readonly count?: number;
}

/** What became of a message. */
export interface State {
  readonly verdict: "done" | "retry" | "dead-letter" | "not-run";
  /** What stopped its group, where it was not run. */
  readonly fate: Fate;
}

/** What a platform gets: a value, an error, or a status. */
export type Answer =
  | { readonly returned: unknown }
  | { readonly thrown: unknown }
  | { readonly status: number; readonly retryAfter: string | undefined; readonly body: unknown };

/** A source that delivers messages to a function, in batches of at most `size`. */
export interface Source {
  readonly adapter: "aws" | "azure" | "gcp" | "node";
  readonly name: string;
  readonly kind: "queue" | "topic" | "stream" | "changes" | "storage" | "bus";
  /** What is ordered in a delivery: nothing, each group by itself, or all of it as the records of one partition. */
  readonly ordering: "none" | "group" | "partition";
  readonly size: number;
  /** What a message that cannot be decoded comes to; undefined where every one can. */
  readonly undecodable: "retry" | "dead-letter" | undefined;
  /** The native payload of a delivery. */
  make(messages: readonly Sent[]): unknown;
  /** Puts a function on the run time; the result delivers a payload. */
  deploy(definition: AnyFunction): Promise<Deliver>;
  /** The one right answer to a delivery. */
  expected(states: readonly State[], messages: readonly Sent[]): unknown;
  /** What the platform keeps after an answer, in order; without an entry it would be gone. */
  kept(answer: Answer, messages: readonly Sent[]): readonly Sent[];
}

export type Deliver = (payload: unknown) => Promise<Answer>;

/** The text of a message, which the test's schema takes unless the message is to be invalid. */
export function textOf(message: Sent): string {
  return JSON.stringify(dataOf(message));
}

/** The same as a value. */
export function dataOf({ key, fate }: Sent): { readonly key: string; readonly ok: boolean } {
  return { key, ok: fate !== "is invalid" };
}

/** Runs an invocation to its answer. */
export async function settle(invoke: () => Promise<unknown>): Promise<Answer> {
  try {
    return { returned: await invoke() };
  } catch (thrown) {
    return { thrown };
  }
}

/** Whether a message is to be spoilt. */
export function isSpoilt({ fate }: Sent): boolean {
  return fate === "cannot be decoded";
}

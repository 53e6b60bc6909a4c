import type { TriggerKind } from "./trigger.ts";

/** What a target can do with one trigger, as data: the portability check, tables and tests are made from it. */
export interface TriggerCapabilities {
  /** Native sources that decode into this trigger, by the names that the provider uses. */
  readonly sources: readonly string[];
  /** The most events handed over in one invocation. */
  readonly batch: number;
  /** Whether one event of a batch can fail without the others. */
  readonly partialFailure: boolean;
  /** Within what events are ordered. */
  readonly ordering: "none" | "group" | "partition";
  /** How a dead letter is treated: moved at once, after the platform's count of tries, or lost. */
  readonly deadLetter: "immediate" | "after-retries" | "none";
  /** Whether `Retry({ after })` is honoured. */
  readonly delay: boolean;
  /** Longest run of an invocation in seconds. */
  readonly maxSeconds: number;
  /** Largest event in bytes. */
  readonly maxBytes: number;
  /** What the platform does with a failure unless told otherwise. */
  readonly retryDefault: string;
  /** HTTP only: whether a streamed answer leaves piece by piece. */
  readonly streamingOut?: boolean;
  /** HTTP only: whether a body can be read while it arrives. */
  readonly streamingIn?: boolean;
  /** Where {@link Context.deadline} comes from. */
  readonly deadline: "platform" | "configured" | "none";
  /** Where the platform differs in a way that a user should know, one sentence each. */
  readonly notes?: readonly string[];
}

/** Capabilities by trigger; a trigger that is absent is refused at build time, with the reason given. */
export type Capabilities = Readonly<
  Record<TriggerKind, TriggerCapabilities | { readonly unsupported: string }>
>;

/** What every adapter exports: its name on the command line and what it can do. */
export interface Adapter {
  readonly name: string;
  /** As it is written in prose. */
  readonly title: string;
  readonly capabilities: Capabilities;
}

import type { TriggerKind } from "./trigger.ts";
import type { ChangeAction } from "./triggers/changes.ts";
import type { StorageAction } from "./triggers/storage.ts";

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
  /** Deliveries of one event, the first included, before the platform gives up; infinite where only its age ends it. */
  readonly tries?: number;
  /** Whether events come one by one unless a function asks for whole batches with `batch: true`. */
  readonly singly?: boolean;
  /** The most invocations that one instance runs at once. */
  readonly atOnce?: number;
  /** What is set for each function; what is not holds for a whole app, server or container. */
  readonly perFunction?: { readonly memory: boolean; readonly timeout: boolean };
  /** The sizes of memory in MiB that there are, ascending, where a function cannot have any size. */
  readonly memorySizes?: readonly number[];
  /** HTTP only: whether a streamed answer leaves piece by piece. */
  readonly streamingOut?: boolean;
  /** HTTP only: whether a body can be read while it arrives. */
  readonly streamingIn?: boolean;
  /** HTTP only: what a setting turns streaming on for; answers are collected without it. */
  readonly streamingSwitch?: "function" | "app";
  /** HTTP only: largest body that is no text, in bytes, where it is less than {@link maxBytes}. */
  readonly maxBinaryBytes?: number;
  /** HTTP only: largest streamed answer in bytes. */
  readonly maxStreamBytes?: number;
  /** HTTP only: whether the platform routes paths to functions, or each function has an address of its own. */
  readonly pathParams?: "routes" | "address";
  /** HTTP only: the platform's own CORS, which answers beside or before the function's when it is turned on. */
  readonly platformCors?: "headers" | "preflight";
  /** Storage and changes only: the actions that the source tells. */
  readonly actions?: readonly (StorageAction | ChangeAction)[];
  /** Changes only: whether a document comes as it was before. */
  readonly before?: boolean;
  /** Schedules only. */
  readonly schedules?: ScheduleCapabilities;
  /** Where {@link Context.deadline} comes from. */
  readonly deadline: "platform" | "configured" | "none";
  /** Where the platform differs in a way that a user should know, one sentence each. */
  readonly notes?: readonly string[];
  /** What is otherwise for one of the sources. */
  readonly bySource?: Readonly<Record<string, SourceCapabilities>>;
}

/** What one source does otherwise than its trigger's capabilities say. */
export type SourceCapabilities = Partial<Omit<TriggerCapabilities, "sources" | "notes" | "bySource">>;

/** How a target keeps schedules. */
export interface ScheduleCapabilities {
  /** Fields of the platform's own cron expressions: 5, or 6 with seconds or years. */
  readonly fields: 5 | 6;
  /** Whether a schedule can be in another time zone than UTC. */
  readonly timeZone: boolean;
  /** Whether one schedule can name days of the month and days of the week. */
  readonly bothDays: boolean;
  /** What becomes of a time that the clocks of a time zone leave out or repeat. */
  readonly clockChange?: string;
  /** Whether the target keeps the time itself; something else sends the ticks where it does not. */
  readonly clock: boolean;
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

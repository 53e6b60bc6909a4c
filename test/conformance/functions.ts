import {
  type AnyFunction,
  type ChangeAction,
  type ChangeEvent,
  changes,
  defineFunction,
  type ScheduleEvent,
  type StorageAction,
  type StorageEvent,
  type StreamRecord,
  schedule,
  storage,
  stream,
} from "@anyfn/core";
import type { See } from "./case.ts";

type Define = (see: See) => AnyFunction;

/** Everything that can happen to an object. */
export const ACTIONS: readonly StorageAction[] = ["created", "deleted", "archived", "metadata"];

/** A function of `images` that shows facts of each object's change. */
export function onObject(facts: (event: StorageEvent) => unknown, on = ACTIONS): Define {
  return (see) =>
    defineFunction({ trigger: storage("images", { on }), handler: (event) => see(facts(event)) });
}

/** A function of `customers` that shows facts of each change. */
export function onChange(facts: (event: ChangeEvent) => unknown, on?: readonly ChangeAction[]): Define {
  const trigger = changes("customers", on && { on });
  return (see) => defineFunction({ trigger, handler: (event) => see(facts(event)) });
}

/** A function of `clicks` that shows facts of each record. */
export function onRecord(facts: (record: StreamRecord) => unknown): Define {
  return (see) => defineFunction({ trigger: stream("clicks"), handler: (record) => see(facts(record)) });
}

/** A function that runs at two in the morning and shows facts of each tick. */
export function onTick(facts: (event: ScheduleEvent) => unknown): Define {
  return (see) => defineFunction({ trigger: schedule("0 2 * * *"), handler: (event) => see(facts(event)) });
}

/** The document after a change; on Azure its key is a member of it. */
export function documentOf({ after = {} }: ChangeEvent): Readonly<Record<string, unknown>> {
  const { id: _id, ...document } = after;
  return document;
}

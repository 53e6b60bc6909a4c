import { AnyfnError } from "../errors.ts";
import { describeIssues, isPromise, type Schema, type SchemaResult, validate } from "../schema.ts";
import type { BusEvent, BusTrigger } from "../triggers/bus.ts";
import type { ChangeEvent, ChangesTrigger } from "../triggers/changes.ts";
import type { StorageEvent, StorageTrigger } from "../triggers/storage.ts";
import { LazyPayload } from "./payload.ts";

/** Says that an event is not for this function: it is acknowledged and the handler does not run. */
export const SKIP: unique symbol = Symbol("skip");

/** Filters and validates one event before its handler. @throws AnyfnError `invalid-message`. */
export type Prepare<Trigger, Event> = (trigger: Trigger, event: Event) => Prepared | Promise<Prepared>;

/** A validated event, or {@link SKIP}. */
export type Prepared = object | typeof SKIP;

/** Validates a message's or record's data in place of the decoded one. */
export function preparePayload(
  trigger: { readonly schema: Schema | undefined },
  event: object,
): Prepared | Promise<Prepared> {
  if (trigger.schema === undefined || !(event instanceof LazyPayload)) return event;
  const result = validate(trigger.schema, event.data);
  return isPromise(result)
    ? Promise.resolve(result).then((late) => withData(event, late))
    : withData(event, result);
}

function withData(event: LazyPayload, result: SchemaResult<unknown>): object {
  event.data = accepted(result, "message");
  return event;
}

/** Leaves an event as it is: for schedules, which have neither schema nor filter. */
export function prepareNothing(_trigger: object, event: object): Prepared {
  return event;
}

/** Skips other actions and keys. */
export function prepareStorage(trigger: StorageTrigger, event: StorageEvent): Prepared {
  const wanted =
    trigger.on.includes(event.action) &&
    event.key.startsWith(trigger.prefix) &&
    event.key.endsWith(trigger.suffix);
  return wanted ? event : SKIP;
}

/** Skips other actions; validates the document before and after. */
export async function prepareChange(trigger: ChangesTrigger, event: ChangeEvent): Promise<Prepared> {
  if (!trigger.on.includes(event.action)) return SKIP;
  const { schema } = trigger;
  if (schema === undefined) return event;
  const document = async (value: unknown, part: string): Promise<unknown> =>
    value === undefined ? undefined : accepted(await validate(schema, value), part);
  return {
    ...event,
    before: await document(event.before, "before"),
    after: await document(event.after, "after"),
  };
}

/** Skips other types and sources; validates the data. */
export async function prepareBus(trigger: BusTrigger, event: BusEvent): Promise<Prepared> {
  const { types, sources, schema } = trigger;
  if (types !== undefined && !types.includes(event.type)) return SKIP;
  if (sources !== undefined && !sources.includes(event.source)) return SKIP;
  if (schema === undefined) return event;
  return { ...event, data: accepted(await validate(schema, event.data), "data") };
}

function accepted(result: SchemaResult<unknown>, part: string): unknown {
  if (result.issues === undefined) return result.value;
  throw new AnyfnError("invalid-message", `The ${part} is not valid: ${describeIssues(result.issues)}.`);
}

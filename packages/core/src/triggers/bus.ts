import { assertSchema, type Schema } from "../schema.ts";
import type { Trigger } from "../trigger.ts";
import { assertName, type DataOf } from "./queue.ts";

/** An event of an event bus, in the vocabulary of CloudEvents 1.0. */
export interface BusEvent<Data = unknown> {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string | undefined;
  readonly time: Date | undefined;
  /** The validated value; without a schema the JSON value, text, or bytes, as the event's content type says. */
  readonly data: Data;
  /** Media type of the data; undefined means JSON. */
  readonly datacontenttype: string | undefined;
  readonly dataschema: string | undefined;
  /** Extension attributes by name. */
  readonly extensions: Readonly<Record<string, unknown>>;
  /** The provider's own event. */
  readonly raw: unknown;
}

/** Options of a bus trigger. */
export interface BusOptions<S extends Schema | undefined = Schema | undefined> {
  /** Only events of these types; all by default. */
  readonly types?: readonly string[];
  /** Only events of these sources; all by default. */
  readonly sources?: readonly string[];
  /** Validates the event's data; an invalid event is dead-lettered. */
  readonly data?: S;
}

/** A declared bus trigger. */
export interface BusTrigger<Data = unknown> extends Trigger<"bus", BusEvent<Data>, unknown> {
  /** The bus's logical name; the target's configuration maps it. */
  readonly name: string;
  readonly types: readonly string[] | undefined;
  readonly sources: readonly string[] | undefined;
  readonly schema: Schema | undefined;
}

/**
 * Declares a function that reacts to events of a bus.
 *
 * @example bus("shop", { types: ["order.placed"], data: Order })
 */
/* @__NO_SIDE_EFFECTS__ */
export function bus<S extends Schema | undefined = undefined>(
  name: string,
  options: BusOptions<S> = {},
): BusTrigger<DataOf<S>> {
  const { types, sources, data: schema } = options;
  assertName("bus", name);
  assertSchema(schema, `\`data\` of the bus "${name}"`);
  return { kind: "bus", name, types, sources, schema };
}

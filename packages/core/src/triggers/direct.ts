import { assertSchema, type Schema } from "../schema.ts";
import type { Trigger } from "../trigger.ts";

/** A call by another program, which waits for the output. */
export interface DirectEvent<Input = unknown> {
  /** The validated input; without a schema the JSON value as sent. */
  readonly input: Input;
  /** The provider's own event. */
  readonly raw: unknown;
}

/** Options of a direct trigger. */
export interface DirectOptions<
  I extends Schema | undefined = Schema | undefined,
  O extends Schema | undefined = Schema | undefined,
> {
  /** Validates the input; the caller gets an error that lists the issues. */
  readonly input?: I;
  /** Validates what the handler returns; a mismatch is an error of the function. */
  readonly output?: O;
}

/** A declared direct trigger. */
export interface DirectTrigger<Input = unknown, Output = unknown>
  extends Trigger<"direct", DirectEvent<Input>, Output> {
  readonly input: Schema | undefined;
  readonly output: Schema | undefined;
}

type InputOf<S> = S extends Schema<unknown, infer Output> ? Output : unknown;
type ReturnedBy<S> = S extends Schema<infer Input, unknown> ? Input : unknown;

/**
 * Declares a function that is called directly: input in, output out.
 *
 * @example direct({ input: z.object({ cents: z.int() }), output: z.object({ vat: z.int() }) })
 */
/* @__NO_SIDE_EFFECTS__ */
export function direct<I extends Schema | undefined = undefined, O extends Schema | undefined = undefined>(
  options: DirectOptions<I, O> = {},
): DirectTrigger<InputOf<I>, ReturnedBy<O>> {
  const { input, output } = options;
  assertSchema(input, "`input` of a direct trigger");
  assertSchema(output, "`output` of a direct trigger");
  return { kind: "direct", input, output };
}

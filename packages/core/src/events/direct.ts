import { type Context, type InvocationContext, inTime } from "../context.ts";
import type { AnyFunction } from "../define.ts";
import { AnyfnError } from "../errors.ts";
import { compose, type Step } from "../middleware.ts";
import { compileSchema, describeIssues, validate } from "../schema.ts";
import type { DirectEvent, DirectTrigger } from "../triggers/direct.ts";

/** A direct function made ready once. */
export interface CompiledDirect {
  /**
   * Gives the output for an input.
   *
   * @throws AnyfnError `invalid-message` for input that the schema refuses, `invalid-output` for such output,
   * `timeout` at the deadline, and whatever the handler throws.
   */
  handle(event: DirectEvent, ctx: InvocationContext): Promise<unknown>;
}

/**
 * Makes a direct function ready.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function compileDirect(definition: AnyFunction): CompiledDirect {
  const { kind, ...trigger } = definition.trigger as DirectTrigger;
  if (kind !== "direct") {
    throw new AnyfnError(
      "invalid-definition",
      `A function with a "${kind}" trigger cannot be called directly.`,
    );
  }
  const [input, output] = [trigger.input, trigger.output].map(compileSchema);
  const handler = definition.handler as (event: DirectEvent, ctx: Context) => unknown;
  const step: Step<DirectEvent, unknown> = async (event, ctx) => {
    if (input === undefined) return handler(event, ctx);
    const result = await validate(input, event.input);
    if (result.issues === undefined) return handler({ ...event, input: result.value }, ctx);
    throw new AnyfnError("invalid-message", `The input is not valid: ${describeIssues(result.issues)}.`);
  };
  const chain = compose(definition.use, step, (result) => result);
  return {
    handle: async (event, ctx) => {
      const value = await inTime(Promise.resolve(chain(event, ctx)), ctx);
      if (output === undefined) return value;
      const result = await validate(output, value);
      if (result.issues === undefined) return result.value;
      throw new AnyfnError(
        "invalid-output",
        `The handler returned what its output schema refuses: ${describeIssues(result.issues)}.`,
      );
    },
  };
}

import type { AnyFunction } from "@anyfn/core";
import { compileDirect } from "@anyfn/core/adapter";
import { createLambdaContext } from "../context.ts";
import { watchCrashes } from "../crash.ts";
import type { LambdaHandler } from "../native.ts";

/**
 * Makes the Lambda handler of a direct function, for Invoke and for tasks of Step Functions. Its errors are thrown, so
 * that the caller finds their names in `errorType`.
 *
 * @example export const handler = directHandler(vat);
 */
export function directHandler(definition: AnyFunction): LambdaHandler {
  watchCrashes();
  const direct = compileDirect(definition);
  return async (event, context) => {
    const ctx = createLambdaContext(context);
    try {
      return await direct.handle({ input: event, raw: event }, ctx);
    } finally {
      await ctx.finish();
    }
  };
}

import type { AnyFunction } from "@anyfn/core";
import { type CompiledHttp, compileHttp } from "@anyfn/core/adapter";
import { watchCrashes } from "../crash.ts";
import type { LambdaContext, LambdaHandler } from "../native.ts";
import { begin, makeVariants, type Variants, variantOf } from "./_http.ts";
import { inOnePiece, toAnswerWithin } from "./_http-answers.ts";
import type { RequestOptions } from "./_options.ts";

/**
 * Makes the Lambda handler of an HTTP function, for HTTP APIs (both payload formats), REST APIs, function URLs and
 * Application Load Balancers (single and multi-value headers). A streamed answer is collected.
 *
 * @example export const handler = httpHandler(getOrder);
 */
export function httpHandler(definition: AnyFunction, options: RequestOptions = {}): LambdaHandler {
  watchCrashes();
  const http = compileHttp(definition);
  const variants = makeVariants(options.basePath);
  return (event, context) => answer(http, variants, event, context);
}

async function answer(
  http: CompiledHttp,
  variants: Variants,
  event: unknown,
  context: LambdaContext,
): Promise<object> {
  const variant = variantOf(variants, event);
  const { request, ctx } = begin(event, context, variant);
  const reply = await http.handle(request, ctx);
  const whole = typeof reply.body === "string" ? reply : await inOnePiece(reply, ctx);
  const result = toAnswerWithin(variant.limit, whole, variant.toAnswer, ctx);
  const background = ctx.finish();
  if (background !== undefined) await background;
  return result;
}

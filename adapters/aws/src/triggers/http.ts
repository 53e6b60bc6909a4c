import type { AnyFunction } from "@anyfn/core";
import { compileHttp, isPromise, isStreaming } from "@anyfn/core/adapter";
import { watchCrashes } from "../crash.ts";
import type { LambdaHandler } from "../native.ts";
import { begin, makeVariants, variantOf } from "./_http.ts";
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
  return async (event, context) => {
    const variant = variantOf(variants, event);
    const { request, ctx } = begin(event, context, variant);
    const answering = http.handle(request, ctx);
    const reply = isPromise(answering) ? await answering : answering;
    const whole = isStreaming(reply.body) ? await inOnePiece(reply, reply.body, ctx) : reply;
    const answer = toAnswerWithin(variant, whole, ctx);
    const background = ctx.finish();
    if (background !== undefined) await background;
    return answer;
  };
}

import { type AnyFunction, type Context, defineFunction, type HttpEvent, http } from "@anyfn/core";
import type { See } from "../case.ts";

/** A request to what {@link answering} makes. */
export const GET = { method: "GET", url: "/it" } as const;

/** A function whose answer is the case, by any method at `/it`. */
export function answering(
  answer: (event: HttpEvent, ctx: Context, see: See) => unknown,
  options: object = {},
): (see: See) => AnyFunction {
  return (see) =>
    defineFunction({
      trigger: http.any("/it"),
      handler: (event, ctx) => answer(event as HttpEvent, ctx, see),
      ...options,
    });
}

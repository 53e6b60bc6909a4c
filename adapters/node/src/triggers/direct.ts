import { AnyfnError, type DirectEvent, HttpError, type HttpReply, reply } from "@anyfn/core";
import {
  answerError,
  compileDirect,
  decodeTextStrictly,
  type NamedFunction,
  problem,
} from "@anyfn/core/adapter";
import type { EventEndpoint } from "../endpoint.ts";
import type { Exchange } from "../exchange.ts";

/**
 * Makes a direct function ready for the server: JSON in, JSON out.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function directEndpoint({ name, definition }: NamedFunction): EventEndpoint {
  const compiled = compileDirect(definition);
  return {
    kind: "direct",
    name,
    timeout: definition.timeout,
    answer: async (exchange, ctx) => {
      try {
        return toDirect(await compiled.handle(fromDirect(exchange), ctx));
      } catch (error) {
        if (error instanceof AnyfnError && error.code === "invalid-message")
          return problem(400, error.message);
        return answerError(error, ctx);
      }
    },
  };
}

/** The call that a request makes. @throws HttpError 400 when the body is not JSON. */
export function fromDirect({ body, request }: Exchange): DirectEvent {
  return { input: body === undefined ? undefined : parse(body), raw: request };
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(decodeTextStrictly(body) ?? "");
  } catch (cause) {
    throw new HttpError(400, "The input is not valid JSON.", { cause });
  }
}

/** The answer that carries an output, which is JSON whatever it is. */
export function toDirect(output: unknown): HttpReply {
  const json = JSON.stringify(output);
  if (json === undefined) return reply();
  return reply(json, { headers: { "content-type": "application/json" } });
}

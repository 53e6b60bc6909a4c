import { type AnyFunction, AnyfnError, type HttpReply } from "@anyfn/core";
import {
  answerError,
  compileDirect,
  decodeText,
  type InvocationContext,
  problem,
  unknownPayload,
  withoutMark,
} from "@anyfn/core/adapter";
import { type CloudOptions, createRequestContext, createRuntime } from "../context.ts";
import { type CloudFunction, isResponse } from "../native.ts";
import { sendReply } from "./_answer.ts";
import { keepRequests, type ReadRequest, readRequest } from "./_request.ts";

/**
 * Makes the function that functions-framework calls for a direct trigger: a POST of JSON, such as a step of Workflows.
 * Who may call is decided by IAM in front of the function.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function directFunction(definition: AnyFunction, options: CloudOptions = {}): CloudFunction {
  const compiled = compileDirect(definition);
  const runtime = createRuntime(definition, options);
  if (options.ownServer === true) keepRequests(runtime.env);

  const run = async (read: ReadRequest, ctx: InvocationContext): Promise<HttpReply> => {
    try {
      const input = fromDirect(read);
      return toDirect(await compiled.handle({ input, raw: read.request }, ctx));
    } catch (thrown) {
      return toProblem(thrown, ctx);
    }
  };

  return async (first, ...[response]) => {
    if (!isResponse(response)) throw unknownPayload(first, "gcp", "direct", "an HTTP request");
    const read = await readRequest(first);
    const ctx = createRequestContext(runtime, read.request, response);
    const allowed = read.request.method === "POST";
    const answer = allowed
      ? await run(read, ctx)
      : problem(405, `${read.request.method} is not allowed here.`, {}, { allow: "POST" });
    await sendReply(response, answer, read.request.method ?? "", ctx);
    await ctx.finish();
  };
}

/** The input of a call; undefined without a body. @throws AnyfnError `invalid-message` when it is not JSON. */
export function fromDirect({ body }: ReadRequest): unknown {
  if (body === undefined) return undefined;
  try {
    return JSON.parse(withoutMark(decodeText(body)));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new AnyfnError("invalid-message", "The input is not valid JSON.", { cause });
  }
}

/** The output of a call as JSON; nothing is 204. */
export function toDirect(output: unknown): HttpReply {
  const text = output === undefined ? undefined : JSON.stringify(output);
  const headers: Record<string, string> = text === undefined ? {} : { "content-type": "application/json" };
  return { kind: "anyfn.reply", status: text === undefined ? 204 : 200, headers, cookies: [], body: text };
}

function toProblem(thrown: unknown, ctx: InvocationContext): HttpReply {
  const { code, message } = thrown as Partial<AnyfnError>;
  return code === "invalid-message" ? problem(400, message ?? "") : answerError(thrown, ctx);
}

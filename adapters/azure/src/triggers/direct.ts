import { type AnyfnError, type DirectEvent, type HttpReply, reply } from "@anyfn/core";
import {
  answerError,
  type CompiledDirect,
  compileDirect,
  decodeText,
  type InvocationContext,
  type NamedFunction,
  problem,
  withoutMark,
} from "@anyfn/core/adapter";
import { createAzureContext, HTTP_SECONDS } from "../context.ts";
import type { AzureApp, AzureContext, AzureRequest } from "../native.ts";
import { type AzureSettings, type DirectSettings, secondsOf, settingsOf } from "../settings.ts";
import { toResponse } from "./_answer.ts";
import { readRequest, traceOfHeaders } from "./_request.ts";

/**
 * Registers `direct` functions: as HTTP endpoints that ask for a function key, JSON in and JSON out, or as activities of
 * Durable Functions.
 */
export function registerDirect(
  app: AzureApp,
  functions: readonly NamedFunction[],
  settings: AzureSettings = {},
): void {
  for (const { name, definition } of functions) {
    const compiled = compileDirect(definition);
    const own = settingsOf(settings.direct, name) ?? {};
    const seconds = secondsOf(definition.timeout, settings);
    if (own.source === "activity") registerActivity(app, name, compiled, seconds);
    else registerEndpoint(app, name, compiled, Math.min(seconds, HTTP_SECONDS), own, settings);
  }
}

/** What the orchestrator passes is the input, what is thrown fails its call. It retries as it says. */
function registerActivity(app: AzureApp, name: string, compiled: CompiledDirect, seconds: number): void {
  app.generic(name, {
    trigger: { type: "activityTrigger", name: "input" },
    handler: async (input: unknown, context: AzureContext) => {
      const ctx = createAzureContext(context, seconds);
      try {
        return await compiled.handle({ input, raw: input }, ctx);
      } finally {
        await ctx.finish();
      }
    },
  });
}

function registerEndpoint(
  app: AzureApp,
  name: string,
  compiled: CompiledDirect,
  seconds: number,
  { route = name, authLevel = "function" }: DirectSettings,
  settings: AzureSettings,
): void {
  const streaming = settings.streaming === true;
  app.http(name, {
    route: route.replace(/^\//, ""),
    methods: ["POST"],
    authLevel,
    handler: async (request: AzureRequest, context: AzureContext) => {
      const ctx = createAzureContext(context, seconds, () => traceOfHeaders(request));
      const { body } = await readRequest(request, settings, "direct");
      return toResponse(await call(compiled, request, body, ctx), ctx, streaming);
    },
  });
}

async function call(
  compiled: CompiledDirect,
  request: AzureRequest,
  body: Uint8Array | undefined,
  ctx: InvocationContext,
): Promise<HttpReply> {
  let event: DirectEvent;
  try {
    event = {
      input: body === undefined ? undefined : JSON.parse(withoutMark(decodeText(body))),
      raw: request,
    };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    return problem(400, "The body is not valid JSON.");
  }
  try {
    const output = await compiled.handle(event, ctx);
    if (output === undefined) return reply();
    return reply(JSON.stringify(output), { headers: { "content-type": "application/json" } });
  } catch (error) {
    const isRefused = error instanceof Error && (error as Partial<AnyfnError>).code === "invalid-message";
    return isRefused ? problem(400, error.message) : answerError(error, ctx);
  }
}

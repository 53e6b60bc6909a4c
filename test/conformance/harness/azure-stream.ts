import { randomUUID } from "node:crypto";
import Module, { createRequire } from "node:module";
import { type AzureApp, type AzureSettings, register } from "@anyfn/azure";
import type { AnyFunction } from "@anyfn/core";
import { type Core, provideCore } from "../../runtimes/hosts/azure/core.ts";
import { proxiedRequest } from "../../runtimes/hosts/azure/stream.ts";
import { toHttpTrigger } from "../../runtimes/hosts/azure-http.ts";
import type { PlainRequest } from "../../runtimes/hosts/host.ts";
import { type Arriving, openHttp } from "./arriving.ts";

type Handler = Parameters<AzureApp["http"]>[1]["handler"];

interface StreamingApp {
  readonly core: Core;
  /** Of the library's own server. */
  readonly port: number;
}

const handlers = new Map<string, Handler>();
let started: Promise<StreamingApp> | undefined;

/** Sends a request as the host does to an app that streams: apart from the invocation, to the library's own server. */
export async function openAzure(
  definition: AnyFunction,
  settings: AzureSettings,
  request: PlainRequest,
): Promise<Arriving> {
  started ??= start();
  const { core, port } = await started;
  const invocationId = randomUUID();
  handlers.set(invocationId, handlerOf(definition, settings));
  const failed = new AbortController();
  const answer = openHttp(port, proxiedRequest(request, invocationId), failed.signal);
  const { triggerMetadata } = toHttpTrigger(request, {});
  const name = core.functions[0]?.bindings.find(({ direction }) => direction === "in")?.name ?? "";
  const inputData = [{ name, data: { http: {} } }];
  const invocation = { invocationId, functionId: "streamed", inputData, triggerMetadata };
  // The library leaves the answer of a failed invocation open.
  core.invoke(invocation).catch(() => failed.abort());
  return answer;
}

/** What the adapter registers, without the library: no app takes functions once it runs. */
function handlerOf(definition: AnyFunction, settings: AzureSettings): Handler {
  let handler: Handler | undefined;
  const app = { http: (_name: string, options: { handler: Handler }) => (handler = options.handler) };
  register(app as unknown as AzureApp, { streamed: definition }, settings);
  if (handler === undefined) throw new Error("Nothing was registered.");
  return handler;
}

/** A copy of the genuine library, since streaming is a switch of the whole app. */
async function start(): Promise<StreamingApp> {
  const require = createRequire(import.meta.url);
  const prototype = Module.prototype as unknown as { require: unknown };
  const before = prototype.require;
  const path = require.resolve("@azure/functions");
  const other = require.cache[path];
  delete require.cache[path];
  const core = provideCore(() => {});
  const { app } = require(path) as { app: AzureApp & { setup(options: object): void } };
  app.setup({ enableHttpStream: true });
  app.http("streamed", {
    route: "{*rest}",
    methods: ["GET", "HEAD", "POST"],
    authLevel: "anonymous",
    handler: (request, context) => (handlers.get(context.invocationId) as Handler)(request, context),
  });
  const { HttpUri = "" } = await core.lock();
  prototype.require = before;
  if (other !== undefined) require.cache[path] = other;
  return { core, port: Number(new URL(HttpUri).port) };
}

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AzureFunction, AzureInvocation, AzureLog, AzureResult, FromWorker } from "./azure/rpc.ts";
import { invokeHttpStream } from "./azure/stream.ts";
import type { Host, PlainRequest, TimedResponse } from "./host.ts";
import { answerMs, firstMessage, readyMs, startNode } from "./process.ts";

/** What is configured outside the artifact. */
export interface AzureOptions {
  /** The app settings. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A function app on one worker process; invocations may run at the same time. */
export interface AzureHost extends Omit<Host<AzureInvocation, AzureResult>, "invoke"> {
  /** In order of registration. */
  readonly functions: readonly AzureFunction[];
  /** What worker and library announced; `HttpUri` is set when the app streams HTTP. */
  readonly capabilities: Readonly<Record<string, string>>;
  /** `extensions.http.routePrefix` of host.json. */
  readonly routePrefix: string;
  /** Runs a function; the names of its bindings are looked up. */
  invoke(
    functionName: string,
    invocation: AzureInvocation,
    options?: { readonly timeoutMs?: number },
  ): Promise<AzureResult>;
  /** Runs an HTTP function of a streaming app: the invocation and, beside it, the proxied request. */
  invokeHttpStream(
    functionName: string,
    request: PlainRequest,
    params?: Readonly<Record<string, string>>,
  ): Promise<TimedResponse>;
  /** What the worker logged through the host, not through its output. */
  records(): readonly AzureLog[];
}

const worker = fileURLToPath(new URL("./azure/worker.ts", import.meta.url));

/**
 * Runs a function app with the genuine `@azure/functions`; host and worker are stand-ins.
 *
 * Rejects when the entry point cannot be loaded. An app that registers nothing starts, with no functions, as on Azure.
 *
 * @param appDir - What is in the zip: host.json, package.json and the bundle.
 */
export async function startAzure(appDir: string, options: AzureOptions = {}): Promise<AzureHost> {
  const routePrefix = readRoutePrefix(appDir);
  const child = startNode(worker, { args: [appDir], cwd: appDir, env: { ...options.env } });
  const records: AzureLog[] = [];
  const waiting = new Map<string, (result: AzureResult) => void>();
  child.onMessage((message) => {
    const received = message as FromWorker;
    if (received.kind === "log") {
      records.push(received.log);
      child.write(`[${received.log.level}] ${received.log.message}\n`);
    }
    if (received.kind === "result") {
      waiting.get(received.invocationId)?.(received.result);
      waiting.delete(received.invocationId);
    }
  });

  const started = await child.race(firstMessage(child, startMessage), "[azure] start", readyMs);
  if (started.kind === "failed") {
    await child.kill();
    throw new Error(`[azure] ${started.error.message}\n${started.error.stack}\n${child.logs()}`);
  }
  const { functions, capabilities } = started;
  const host: AzureHost = {
    target: "azure",
    functions,
    capabilities,
    routePrefix,
    async invoke(functionName, invocation, { timeoutMs = answerMs } = {}) {
      const { functionId, bindings } = findFunction(functions, functionName);
      const { inputData, extraInputs = {}, ...rest } = invocation;
      const invocationId = invocation.invocationId ?? randomUUID();
      const trigger = bindings.find(({ type }) => /trigger$/i.test(type))?.name ?? "";
      const result = new Promise<AzureResult>((resolve) => waiting.set(invocationId, resolve));
      const inputs = [
        { name: trigger, data: inputData },
        ...Object.entries(extraInputs).map(([name, data]) => ({ name, data })),
      ];
      child.send({ kind: "invoke", request: { ...rest, invocationId, functionId, inputData: inputs } });
      return child.race(result, `[azure/${functionName}] invocation`, timeoutMs);
    },
    invokeHttpStream: (functionName, request, params = {}) =>
      invokeHttpStream(host, functionName, request, params),
    records: () => records,
    logs: child.logs,
    logged: child.logged,
    close,
    [Symbol.asyncDispose]: close,
  };
  return host;

  async function close(): Promise<void> {
    child.send({ kind: "terminate" });
    await child.race(child.exited, "[azure] end", 2000).catch(() => {});
  }
}

function startMessage(message: unknown): Extract<FromWorker, { kind: "ready" | "failed" }> | undefined {
  const received = message as FromWorker;
  return received.kind === "ready" || received.kind === "failed" ? received : undefined;
}

function findFunction(functions: readonly AzureFunction[], name: string): AzureFunction {
  const found = functions.find((candidate) => candidate.name === name);
  if (found) return found;
  const known = functions.map((candidate) => candidate.name).join(", ") || "none";
  throw new Error(`[azure] no function "${name}" is registered. Registered: ${known}.`);
}

/** https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook#hostjson-settings */
function readRoutePrefix(appDir: string): string {
  const hostJson = JSON.parse(readFileSync(join(appDir, "host.json"), "utf8")) as {
    extensions?: { http?: { routePrefix?: string } };
  };
  return hostJson.extensions?.http?.routePrefix ?? "api";
}

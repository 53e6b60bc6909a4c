import { join } from "node:path";
import type { HttpTrigger } from "@anyfn/core";
import { acceptsMethod, matchPath, type NamedFunction, parseTemplate } from "@anyfn/core/adapter";
import { deliverToLambda } from "./deliveries/aws.ts";
import { deliverToAzure } from "./deliveries/azure.ts";
import type { Deliver } from "./deliveries/delivery.ts";
import { deliverToGoogle } from "./deliveries/gcp.ts";
import { deliverToNode } from "./deliveries/node.ts";
import {
  azureFront,
  type Front,
  type GatewayKind,
  lambdaFront,
  type PlainRequest,
  splitUrl,
  startAzure,
  startFunctionsFramework,
  startLambda,
  startNodeServer,
} from "./hosts/index.ts";

/** Every target that `anyfn build` is tested with. */
export const TARGETS = ["aws", "azure", "gcp", "node"] as const;

/** A target's name on the command line. */
export type Target = (typeof TARGETS)[number];

/** An application, built and running on the provider's own run-time code. */
export interface RunningTarget extends AsyncDisposable {
  readonly target: Target;
  /** Sends a request through the provider's front. */
  readonly request: Front;
  /** Delivers events through the provider's sources. */
  readonly deliver: Deliver;
  /** What all processes of the target wrote. */
  logs(): string;
}

/** What to start. */
export interface StartOptions {
  /** The folder that `anyfn build` wrote for the target, such as `dist/aws`. */
  readonly directory: string;
  readonly functions: readonly NamedFunction[];
  readonly env: Readonly<Record<string, string>>;
  /** What stands in front of Lambda; by default an HTTP API. */
  readonly gateway?: GatewayKind;
  /** Lambda's time limit in milliseconds, by default 10 s; elsewhere the function's own timeout counts. */
  readonly timeoutMs?: number;
}

/** Starts what `anyfn build` emitted; functions that have a process of their own start when first called. */
export function startTarget(target: Target, options: StartOptions): Promise<RunningTarget> {
  return { aws: startAws, azure: startAzureApp, gcp: startGoogle, node: startNode }[target](options);
}

async function startAws({
  directory,
  functions,
  env,
  gateway = "http-api",
  timeoutMs = 10_000,
}: StartOptions): Promise<RunningTarget> {
  const hosts = lazily((name) => startLambda(join(directory, name), { functionName: name, env, timeoutMs }));
  return {
    target: "aws",
    request: async (request) => {
      const host = await hosts.get(routed(functions, request));
      return lambdaFront(host, gateway)(request);
    },
    deliver: deliverToLambda(hosts.get),
    logs: hosts.logs,
    [Symbol.asyncDispose]: hosts.close,
  };
}

async function startGoogle({ directory, functions, env }: StartOptions): Promise<RunningTarget> {
  const hosts = lazily((name) =>
    startFunctionsFramework(join(directory, name), { target: name, env: { IGNORED_ROUTES: "", ...env } }),
  );
  return {
    target: "gcp",
    request: async (request) => (await hosts.get(routed(functions, request))).request(request),
    deliver: deliverToGoogle(hosts.get),
    logs: hosts.logs,
    [Symbol.asyncDispose]: hosts.close,
  };
}

async function startAzureApp({ directory, env }: StartOptions): Promise<RunningTarget> {
  const host = await startAzure(directory, { env });
  return {
    target: "azure",
    request: azureFront(host),
    deliver: deliverToAzure(host),
    logs: host.logs,
    [Symbol.asyncDispose]: host.close,
  };
}

async function startNode({ directory, env }: StartOptions): Promise<RunningTarget> {
  const host = await startNodeServer(join(directory, "server.mjs"), { env });
  return {
    target: "node",
    request: host.request,
    deliver: deliverToNode(host),
    logs: host.logs,
    [Symbol.asyncDispose]: host.close,
  };
}

interface Closable {
  logs(): string;
  close(): Promise<void>;
}

function lazily<Host extends Closable>(
  start: (name: string) => Promise<Host>,
): Closable & { get(name: string): Promise<Host> } {
  const started = new Map<string, Promise<Host>>();
  const running: Host[] = [];
  return {
    async get(name) {
      const host = started.get(name) ?? start(name);
      if (!started.has(name)) {
        started.set(name, host);
        running.push(await host);
      }
      return host;
    },
    logs: () => running.map((host) => host.logs()).join(""),
    async close() {
      await Promise.allSettled(started.values());
      await Promise.all(running.map((host) => host.close()));
    },
  };
}

/**
 * Chooses the function as the routes of a gateway or load balancer would. A path without a route goes to any function
 * with the path, or to the first, whose own router then answers 404 or 405.
 */
function routed(functions: readonly NamedFunction[], request: PlainRequest): string {
  const { path } = splitUrl(request.url);
  const http = functions.filter(({ definition }) => definition.trigger.kind === "http");
  const atPath = http.filter(
    ({ definition }) => matchPath(parseTemplate(triggerOf(definition).path), path) !== undefined,
  );
  const wanted = request.method === "OPTIONS" ? "GET" : request.method;
  const chosen =
    atPath.find(({ definition }) => acceptsMethod(triggerOf(definition).methods, wanted)) ??
    atPath[0] ??
    http[0];
  if (chosen === undefined) throw new Error(`No function answers ${request.method} ${request.url}.`);
  return chosen.name;
}

function triggerOf(definition: NamedFunction["definition"]): HttpTrigger {
  return definition.trigger as HttpTrigger;
}

import { subscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { createRequire } from "node:module";
import type { AddressInfo, Server } from "node:net";
import type { LambdaContext } from "@anyfn/aws";
import { provideCore } from "../../runtimes/hosts/azure/core.ts";
import type { RpcTypedData } from "../../runtimes/hosts/azure/rpc.ts";
import type { Target } from "./specimens.ts";

/** A request for the servers of the targets that have one. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Lambda's context of an invocation. */
export const LAMBDA_CONTEXT: LambdaContext = {
  functionName: "hello",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:hello",
  memoryLimitInMB: "512",
  awsRequestId: "00000000-0000-4000-8000-000000000001",
  logGroupName: "/aws/lambda/hello",
  logStreamName: "2026/11/21/[1]0",
  getRemainingTimeInMillis: () => 30_000,
};

const OPEN: Readonly<Record<Target, (bundle: string) => Promise<(event: never) => unknown>>> = {
  aws: async (bundle) => {
    const { handler } = (await import(bundle)) as { handler: (...args: readonly unknown[]) => unknown };
    return (event) => handler(event, LAMBDA_CONTEXT);
  },
  azure: async (bundle) => {
    const core = provideCore(() => {});
    createRequire(bundle)(bundle);
    await core.lock();
    return (data: RpcTypedData) => {
      const [{ functionId = "", bindings = [] } = {}] = core.functions;
      const { name = "" } = bindings.find(({ direction }) => direction === "in") ?? {};
      const triggerMetadata = { Id: { string: "m-1" } };
      return core.invoke({
        invocationId: "invocation-1",
        functionId,
        inputData: [{ name, data }],
        triggerMetadata,
      });
    };
  },
  gcp: async (bundle) => {
    const { getTestServer } = loadFramework(bundle);
    const server = getTestServer("hello");
    await once(server.listen(0, "127.0.0.1"), "listening");
    return (request) => send(server, request);
  },
  node: async (bundle) => {
    const server = await startServer(bundle);
    return (request) => send(server, request);
  },
};

/** Loads an artifact whose only function is `hello`, and gives what invokes it as its platform does. */
export function openArtifact(target: Target, bundle: string): Promise<(event: never) => unknown> {
  return OPEN[target](bundle);
}

/** Loads an artifact of Google Cloud, and gives the framework's own tools for tests. */
export function loadFramework(bundle: string): {
  getTestServer(name: string): Server;
  getFunction(name: string): (request: object, response: object) => Promise<void>;
} {
  const require = createRequire(bundle);
  require(bundle);
  return require("@google-cloud/functions-framework/testing");
}

/** Starts an artifact of Node, which is a server. */
export async function startServer(bundle: string): Promise<Server> {
  let started: Server | undefined;
  subscribe("tracing:net.server.listen:asyncEnd", (message) => {
    started = (message as { readonly server: Server }).server;
  });
  Object.assign(process.env, { HOST: "127.0.0.1", PORT: "0" });
  await import(bundle);
  if (started === undefined) throw new Error("The artifact does not listen.");
  return started;
}

function send(server: Server, { path, body, ...options }: SentRequest): Promise<object> {
  const { port } = server.address() as AddressInfo;
  // Not imported above: an artifact of AWS must be seen to do without it.
  const { request } = process.getBuiltinModule("node:http");
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, path, port, host: "127.0.0.1", agent: false }, async (response) => {
      const pieces = await response.toArray();
      resolve({ status: response.statusCode, body: Buffer.concat(pieces).toString() });
    });
    sent.once("error", reject).end(body);
  });
}

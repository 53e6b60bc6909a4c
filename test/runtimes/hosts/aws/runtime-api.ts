import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import {
  type LambdaError,
  type LambdaResult,
  readChunks,
  toLambdaError,
  toPayload,
  toStream,
} from "./results.ts";

/** What Lambda knows about one invocation besides the event. */
export interface LambdaInvocation {
  /** Milliseconds since 1970; by default the function's timeout from the moment it is handed out. */
  readonly deadlineMs?: number;
  readonly requestId?: string;
  /** `X-Amzn-Trace-Id` */
  readonly traceId?: string;
  /** Becomes `context.clientContext`. */
  readonly clientContext?: unknown;
  /** Becomes `context.identity`. */
  readonly identity?: unknown;
  readonly tenantId?: string;
}

/** The start of the function failed: what the runtime posted to `/runtime/init/error`. */
export class LambdaInitError extends Error {
  readonly body: LambdaError;

  constructor(body: LambdaError, logs: string) {
    super(`[aws] the function did not start: ${body.errorType}: ${body.errorMessage}\n${logs}`);
    this.name = "LambdaInitError";
    this.body = body;
  }
}

/** Lambda's side of the Runtime API, for one environment. */
export interface RuntimeApi {
  /** `host:port`, for AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  /** The runtime asked for its first invocation, or reported an init error, which is then the value. */
  readonly initialised: Promise<LambdaError | undefined>;
  /** Queues an event; the runtime takes the next one only when it is done with the one before. */
  run(event: unknown, invocation: LambdaInvocation): Promise<LambdaResult>;
  /** Rejects everything that waits, now and later. */
  abort(reason: Error): void;
  close(): Promise<void>;
}

interface Waiting {
  readonly id: string;
  readonly body: string;
  readonly invocation: LambdaInvocation;
  readonly settle: (result: LambdaResult) => void;
  readonly reject: (reason: Error) => void;
}

interface Running extends Waiting {
  readonly startedAt: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * Serves https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html on loopback.
 *
 * @param functionArn - Handed out with every invocation.
 * @param timeoutMs - The function's timeout.
 * @param onTimeout - Lambda ends the environment then; so should the caller.
 */
export async function startRuntimeApi(
  functionArn: string,
  timeoutMs: number,
  onTimeout: () => void,
): Promise<RuntimeApi> {
  const pollers: ServerResponse[] = [];
  const queue: Waiting[] = [];
  const running = new Map<string, Running>();
  const initialised = Promise.withResolvers<LambdaError | undefined>();
  let aborted: Error | undefined;

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, id = "", action] =
      /^\/2018-06-01\/runtime\/(?:invocation\/)?([^/]+)(?:\/(\w+))?$/.exec(request.url ?? "") ?? [];
    if (request.method === "GET" && id === "next") {
      initialised.resolve(undefined);
      pollers.push(response);
      return handOut();
    }
    const invocation = running.get(id);
    const chunks = await readChunks(request, invocation?.startedAt ?? performance.now());
    const body = Buffer.concat(chunks.map((chunk) => chunk.bytes));
    if (id === "init" && action === "error") initialised.resolve(toLambdaError(body));
    else if (!invocation) return reply(response, 400, { errorType: "InvalidRequestID", errorMessage: id });
    else if (action === "error") finish(invocation, { ok: false, error: toLambdaError(body) });
    else {
      const streamed = request.headers["lambda-runtime-function-response-mode"] === "streaming";
      const result = streamed ? toStream(request, chunks) : toPayload(chunks);
      const tooLarge = !result.ok && result.error.errorType === "Function.ResponseSizeTooLarge";
      finish(invocation, result);
      if (tooLarge) return reply(response, 413, result.error);
    }
    reply(response, 202, { status: "OK" });
  }

  function handOut(): void {
    while (pollers.length > 0 && queue.length > 0) {
      const response = pollers.shift() as ServerResponse;
      const next = queue.shift() as Waiting;
      const deadline = next.invocation.deadlineMs ?? Date.now() + timeoutMs;
      const timer = setTimeout(() => timeOut(next.id, deadline), Math.max(0, deadline - Date.now()));
      running.set(next.id, { ...next, startedAt: performance.now(), timer });
      response.writeHead(200, invocationHeaders(next, deadline, functionArn)).end(next.body);
    }
  }

  function timeOut(id: string, deadline: number): void {
    const invocation = running.get(id);
    if (!invocation) return;
    const seconds = ((deadline - (Date.now() - (performance.now() - invocation.startedAt))) / 1000).toFixed(
      2,
    );
    const errorMessage = `RequestId: ${id} Error: Task timed out after ${seconds} seconds`;
    finish(invocation, { ok: false, error: { errorType: "Sandbox.Timedout", errorMessage, trace: [] } });
    onTimeout();
  }

  function finish(invocation: Running, result: LambdaResult): void {
    clearTimeout(invocation.timer);
    running.delete(invocation.id);
    invocation.settle(result);
  }

  return {
    address: `127.0.0.1:${port}`,
    initialised: initialised.promise,
    run(event, invocation) {
      if (aborted) return Promise.reject(aborted);
      return new Promise((settle, reject) => {
        const id = invocation.requestId ?? randomUUID();
        queue.push({ id, body: JSON.stringify(event ?? null), invocation, settle, reject });
        handOut();
      });
    },
    abort(reason) {
      aborted ??= reason;
      for (const { timer } of running.values()) clearTimeout(timer);
      for (const { reject } of [...running.values(), ...queue.splice(0)]) reject(reason);
      running.clear();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function invocationHeaders(next: Waiting, deadline: number, functionArn: string): Record<string, string> {
  const { traceId = newTraceId(), clientContext, identity, tenantId } = next.invocation;
  return {
    "content-type": "application/json",
    "lambda-runtime-aws-request-id": next.id,
    "lambda-runtime-deadline-ms": String(deadline),
    "lambda-runtime-invoked-function-arn": functionArn,
    "lambda-runtime-trace-id": traceId,
    ...(clientContext !== undefined && { "lambda-runtime-client-context": JSON.stringify(clientContext) }),
    ...(identity !== undefined && { "lambda-runtime-cognito-identity": JSON.stringify(identity) }),
    ...(tenantId !== undefined && { "lambda-runtime-aws-tenant-id": tenantId }),
  };
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
function newTraceId(): string {
  const hex = (bytes: number): string => randomBytes(bytes).toString("hex");
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${hex(12)};Parent=${hex(8)};Sampled=0`;
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

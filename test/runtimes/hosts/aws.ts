import { createRequire } from "node:module";
import type { LambdaResult } from "./aws/results.ts";
import { LambdaInitError, type LambdaInvocation, startRuntimeApi } from "./aws/runtime-api.ts";
import type { Host } from "./host.ts";
import { describeExit, readyMs, startNode } from "./process.ts";

/** The configuration of a function. */
export interface LambdaOptions {
  /** `file.export`; by default `index.handler`. */
  readonly handler?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds; the environment is killed when an invocation takes longer. By default 10 s. */
  readonly timeoutMs?: number;
  /** MB; only reported to the function. */
  readonly memory?: number;
  readonly functionName?: string;
}

/**
 * A function in one Lambda environment: invocations run one after another, unless AWS_LAMBDA_MAX_CONCURRENCY is set.
 */
export type LambdaHost = Host<unknown, LambdaResult, LambdaInvocation>;

const ric = createRequire(import.meta.url).resolve("aws-lambda-ric");
const hook = new URL("./ric/hook.mjs", import.meta.url);

/**
 * Runs an artifact on AWS's own runtime client against a Runtime API on loopback.
 *
 * Rejects with {@link LambdaInitError} when the function cannot be loaded. An invocation rejects when the process ends
 * under it; what the handler throws is an answer with `ok: false`.
 *
 * @param artifactDir - What is in the zip.
 */
export async function startLambda(artifactDir: string, options: LambdaOptions = {}): Promise<LambdaHost> {
  const { functionName = "function", timeoutMs = 10_000 } = options;
  const arn = `arn:aws:lambda:eu-west-1:123456789012:function:${functionName}`;
  const api = await startRuntimeApi(arn, timeoutMs, () => void runtime.kill());
  const runtime = startNode(ric, {
    // Lambda turns these two off: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
    flags: ["--no-experimental-require-module", "--no-experimental-detect-module"],
    preload: [hook],
    cwd: artifactDir,
    env: { ...environment(artifactDir, api.address, functionName, options), ...options.env },
  });
  runtime.exited.then(async (exit) => {
    api.abort(new Error(`[aws] the runtime ended with ${describeExit(exit)}.\n${runtime.logs()}`));
    await api.close();
  });

  const initError = await runtime.race(api.initialised, "[aws] init", readyMs);
  if (initError) {
    await runtime.kill();
    throw new LambdaInitError(initError, runtime.logs());
  }
  return {
    target: "aws",
    invoke: (event, invocation = {}) => api.run(event, invocation),
    logs: runtime.logs,
    logged: runtime.logged,
    close: runtime.kill,
    [Symbol.asyncDispose]: runtime.kill,
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
function environment(
  artifactDir: string,
  runtimeApi: string,
  functionName: string,
  { handler = "index.handler", memory = 512 }: LambdaOptions,
): Record<string, string> {
  return {
    _HANDLER: handler,
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memory),
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: "2026/11/21/[$LATEST]0123456789abcdef",
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_REGION: "eu-west-1",
    LAMBDA_TASK_ROOT: artifactDir,
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
  };
}

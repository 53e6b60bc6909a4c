import { writeLine } from "./context.ts";

/** What Lambda's runtime client keeps for all code of the environment; emulators have none. */
interface Runtime {
  readonly awslambda?: { readonly InvokeStore?: { getRequestId(): string } };
}

const EVENT = "uncaughtExceptionMonitor";

/**
 * Logs what ends the environment, under the invocation that ran last. The runtime client handles no stray rejection
 * and no stray exception: Node prints a line of the bundle and exits, and Lambda reports `Runtime.ExitError`, whatever
 * it was. The listener only watches: https://nodejs.org/api/process.html#event-uncaughtexceptionmonitor
 */
export function watchCrashes(): void {
  if (!process.listeners(EVENT).includes(logCrash)) process.on(EVENT, logCrash);
}

function logCrash(error: unknown, origin: string): void {
  const invocationId = (globalThis as Runtime).awslambda?.InvokeStore?.getRequestId();
  const functionName = process.env.AWS_LAMBDA_FUNCTION_NAME;
  writeLine("fatal", `The environment ends by an ${origin}.`, { error }, { invocationId, functionName });
}

/**
 * The process that stands in for the Azure Functions Node.js worker: it loads an app with the genuine
 * `@azure/functions` and does what the host in the parent process says.
 *
 * Argument: the app's folder.
 */
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { provideCore } from "./core.ts";
import type { AzureError, FromWorker, ToWorker } from "./rpc.ts";

const [, , appDir = ""] = process.argv;
const core = provideCore((log) => send({ kind: "log", log }));

process.on("message", (message: ToWorker) => {
  if (message.kind === "terminate") terminate();
  else invoke(message.request);
});
// The worker's own listener: https://github.com/Azure/azure-functions-nodejs-worker/blob/v3.x/src/startWorker.ts
process.on("uncaughtException", (error) => {
  console.error("Worker uncaught exception: ", error);
  process.exit(1);
});
// The channel is what this process lives for.
process.channel?.ref();
await start();

async function start(): Promise<void> {
  const { main, type } = JSON.parse(readFileSync(join(appDir, "package.json"), "utf8")) as {
    main?: string;
    type?: string;
  };
  try {
    for (const file of main ? entryFiles(main) : []) await load(join(appDir, file), type === "module");
    await core.runHooks("appStart", { functionAppDirectory: appDir });
    const capabilities = await core.lock();
    send({ kind: "ready", functions: core.functions, capabilities });
  } catch (cause) {
    const error = describeError(cause);
    const message = `Worker was unable to load entry point "${main}": ${error.message}`;
    send({ kind: "failed", error: { ...error, message } });
  }
}

/** `main` is a glob: https://learn.microsoft.com/azure/azure-functions/functions-reference-node#registering-a-function */
function entryFiles(main: string): string[] {
  const files = globSync(main, { cwd: appDir }).sort();
  if (files.length === 0) throw new Error("Found zero files matching the supplied pattern");
  return files;
}

async function load(file: string, packageIsModule: boolean): Promise<void> {
  const esm = file.endsWith(".mjs") || (packageIsModule && !file.endsWith(".cjs"));
  if (esm) await import(pathToFileURL(file).href);
  else createRequire(file)(file);
}

async function invoke(request: Extract<ToWorker, { kind: "invoke" }>["request"]): Promise<void> {
  const { invocationId } = request;
  try {
    send({ kind: "result", invocationId, result: await core.invoke(request) });
  } catch (error) {
    send({ kind: "result", invocationId, result: { ok: false, error: describeError(error) } });
  }
}

async function terminate(): Promise<void> {
  await core.runHooks("appTerminate", {});
  process.exit(0);
}

function describeError(thrown: unknown): AzureError {
  if (thrown instanceof Error) return { message: thrown.message, stack: thrown.stack ?? "" };
  const message = typeof thrown === "object" ? JSON.stringify(thrown) : String(thrown);
  return { message, stack: "" };
}

function send(message: FromWorker): void {
  process.send?.(message);
}

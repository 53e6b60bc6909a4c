import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Options of a measured process. */
export interface ProcessOptions {
  readonly args?: readonly string[];
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Starts a module in a fresh Node of the same version; what it prints to stdout goes nowhere. */
export function start(module: URL | string, options: ProcessOptions = {}): ChildProcess {
  const file = typeof module === "string" ? module : fileURLToPath(module);
  return spawn(process.execPath, [...(options.flags ?? []), file, ...(options.args ?? [])], {
    cwd: options.cwd,
    env: { ...process.env, NODE_ENV: "production", ...options.env },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
}

/** The one message that a module sends, once its process has ended. */
export async function ask<Answer>(module: URL | string, options: ProcessOptions = {}): Promise<Answer> {
  const child = start(module, options);
  let answer: { readonly value: Answer } | undefined;
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-2000);
  });
  child.on("message", (value) => {
    answer = { value: value as Answer };
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (answer === undefined) throw new Error(`${module} ended with ${code} and no answer.\n${errors}`);
  return answer.value;
}

/** Milliseconds that a command takes from start to end. */
export async function timeCommand(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<number> {
  const begin = performance.now();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const keep = (text: Buffer): void => {
    output = (output + text).slice(-2000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}.\n${output}`);
  return performance.now() - begin;
}

import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { Exit } from "./host.ts";

/** How to start a Node process under test. */
export interface NodeOptions {
  readonly args?: readonly string[];
  /** Flags of Node itself. */
  readonly flags?: readonly string[];
  /** Modules loaded before the script. */
  readonly preload?: readonly URL[];
  readonly cwd?: string;
  /** Added to a minimal environment; nothing of the test runner's own variables is passed on. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A Node process under test. It is killed with the test process, even when that one is killed hard. */
export interface NodeProcess {
  /** Never rejects. */
  readonly exited: Promise<Exit>;
  send(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
  logs(): string;
  /** Adds a line to the output, for what does not come through stdout or stderr. */
  write(text: string): void;
  logged(pattern: RegExp): Promise<string>;
  /** The promise, unless the process ends or the time runs out first: then the process is killed and it rejects. */
  race<T>(promise: Promise<T>, what: string, timeoutMs: number): Promise<T>;
  signal(name: NodeJS.Signals): void;
  kill(): Promise<void>;
}

/** Time a process gets to become ready, in milliseconds. */
export const readyMs = 10_000;

/** Time one request or invocation gets by default, in milliseconds. */
export const answerMs = 10_000;

const tether = new URL("./preload/tether.mjs", import.meta.url);
const passedOn = ["PATH", "HOME", "TMPDIR", "LANG", "TZ"];
const alive = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of alive) child.kill("SIGKILL");
});

/** Starts `script` with the Node that runs the tests, tied to this process and listening on loopback only. */
export function startNode(script: string, options: NodeOptions = {}): NodeProcess {
  const preload = [tether, ...(options.preload ?? [])].flatMap((url) => ["--import", url.href]);
  const child = spawn(
    process.execPath,
    [...(options.flags ?? []), ...preload, script, ...(options.args ?? [])],
    {
      cwd: options.cwd,
      env: { ...pick(process.env, passedOn), ...options.env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // Bytes survive the trip as bytes: https://nodejs.org/api/child_process.html#advanced-serialization
      serialization: "advanced",
    },
  );
  alive.add(child);
  const output = new EventEmitter<{ more: [] }>();
  let text = "";
  const logs = (): string => text;
  const write = (more: string): void => {
    text += more;
    output.emit("more");
  };
  child.stdout?.setEncoding("utf8").on("data", write);
  child.stderr?.setEncoding("utf8").on("data", write);
  // `close` comes after `exit`, when the last output has been read.
  const exited = new Promise<Exit>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
    child.once("error", () => resolve({ code: null, signal: null }));
  }).finally(() => alive.delete(child));

  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
  };
  const self: NodeProcess = {
    exited,
    logs,
    write,
    kill,
    async logged(pattern) {
      const found = new Promise<string>((resolve) => {
        const look = (): void => {
          const match = pattern.exec(text);
          if (match) resolve(match[0]);
        };
        output.on("more", look);
        look();
      });
      return self.race(found, `output that matches ${pattern}`, answerMs);
    },
    // A message to a process that is ending goes nowhere; the end is reported by `exited`.
    send: (message) => void (child.connected && child.send(message, () => {})),
    onMessage: (listener) => void child.on("message", listener),
    signal: (name) => void child.kill(name),
    async race(promise, what, timeoutMs) {
      const timer = new AbortController();
      const ended = exited.then((exit) => {
        throw new Error(`${what}: the process ended with ${describeExit(exit)}.\n${logs()}`);
      });
      const late = delay(timeoutMs, undefined, { signal: timer.signal, ref: false }).then(() => {
        throw new Error(`${what}: nothing came within ${timeoutMs} ms.\n${logs()}`);
      });
      late.catch(() => {});
      ended.catch(() => {});
      try {
        return await Promise.race([promise, ended, late]);
      } catch (error) {
        await kill();
        throw error;
      } finally {
        timer.abort();
      }
    },
  };
  return self;
}

/** The first message the process sends that `accept` recognises. */
export function firstMessage<T>(child: NodeProcess, accept: (message: unknown) => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    child.onMessage((message) => {
      const accepted = accept(message);
      if (accepted !== undefined) resolve(accepted);
    });
  });
}

/** `exit code 1` or `SIGKILL`, for messages. */
export function describeExit(exit: Exit): string {
  return exit.signal ?? `exit code ${exit.code}`;
}

function pick(env: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  const entries = names.map((name) => [name, env[name]] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

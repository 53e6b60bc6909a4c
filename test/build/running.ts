import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const bin = join(import.meta.dirname, "../../packages/cli/bin/anyfn.js");

/** The command line in a process of its own, which is killed when the test ends. */
export interface Running extends AsyncDisposable {
  /** Settles with the next line of either output that has not been read yet and matches. */
  line(pattern: RegExp): Promise<string>;
  /** Sends a signal. */
  signal(signal: NodeJS.Signals): void;
  /** Reads no more of its output, as `head` does when it has enough. */
  hangUp(): void;
  /** Settles with the exit code. */
  readonly closed: Promise<number | null>;
}

/** Starts the command line in a folder. */
export function startAnyfn(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Running {
  const child: ChildProcess = spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd,
    env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1", ...options.env },
  });
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  let unread = "";
  let more = Promise.withResolvers<void>();
  const read = (text: string): void => {
    unread += text;
    more.resolve();
    more = Promise.withResolvers();
  };
  child.stdout?.setEncoding("utf8").on("data", read);
  child.stderr?.setEncoding("utf8").on("data", read);
  const ended = closed.then((code) => {
    throw new Error(`The process has ended with ${code}: ${unread}`);
  });
  ended.catch(() => {});
  return {
    async line(pattern) {
      for (;;) {
        const lines = unread.split("\n").slice(0, -1);
        const index = lines.findIndex((text) => pattern.test(text));
        if (index !== -1) {
          unread = unread
            .split("\n")
            .slice(index + 1)
            .join("\n");
          return lines[index] ?? "";
        }
        await Promise.race([more.promise, ended]);
      }
    },
    signal: (signal) => void child.kill(signal),
    hangUp: () => void child.stdout?.destroy(),
    closed,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await closed;
    },
  };
}

import { readFileSync } from "node:fs";
import { type Command, usageError } from "./command.ts";
import { command as build } from "./commands/build.ts";
import { command as check } from "./commands/check.ts";
import { command as deploy } from "./commands/deploy.ts";
import { command as invoke } from "./commands/invoke.ts";
import { command as logs } from "./commands/logs.ts";
import { command as remove } from "./commands/remove.ts";
import { command as rollback } from "./commands/rollback.ts";
import { hideSecrets } from "./secrets.ts";
import { createTerminal } from "./terminal.ts";

const COMMANDS: readonly Command[] = [build, check, deploy, rollback, remove, invoke, logs];
const HELP = ["--help", "-h"];
/** Mistakes and failures whose message says all, with the exit code. */
const FORESEEN: Readonly<Record<string, number>> = { usage: 2, build: 1, deploy: 1, interrupted: 130 };

const terminal = createTerminal(process.stdout, process.stderr, process.env, process.stdin);
process.on("uncaughtException", failInBackground);
process.stdout.on("error", endWithReader);
const code = await main(process.argv.slice(2));
// Users' files were loaded into this process, and may hold timers and connections open.
process.stdout.write("", () => process.exit(code));

async function main(args: readonly string[]): Promise<number> {
  try {
    await run(args);
    return 0;
  } catch (error) {
    const { message, code, stack } = error as NodeJS.ErrnoException;
    const isMisspelt = code?.startsWith("ERR_PARSE_ARGS") ?? false;
    // Of an error that nobody foresaw, the stack is what helps.
    const exitCode = isMisspelt ? 2 : FORESEEN[code ?? ""];
    const hint = isMisspelt ? `. See anyfn ${args[0]} --help.` : "";
    const text = exitCode === undefined ? (stack ?? String(error)) : `${message}${hint}`;
    terminal.error(hideSecrets(text, process.env));
    return exitCode ?? 1;
  }
}

/** Users' files were loaded into this process, and what they left running may fail at any time. */
function failInBackground(error: unknown): void {
  terminal.error(
    `Something that a file started while it was loaded has failed: ${hideSecrets(String(error), process.env)}\n` +
      "Functions are found by loading their files, so what stands outside of handlers runs during the build.",
  );
  process.exit(1);
}

/** Whoever reads may leave before the end, as `head` does: that is a Ctrl-C to who listens to one, and no failure. */
function endWithReader({ code }: NodeJS.ErrnoException): void {
  if (code === "EPIPE") process.emit("SIGINT");
}

async function run([name, ...args]: readonly string[]): Promise<void> {
  if (name === undefined || name === "help" || HELP.includes(name)) return terminal.print(help());
  if (name === "--version" || name === "-v") return terminal.print(version());
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) throw await unknownCommand(name);
  if (args.some((word) => HELP.includes(word))) return terminal.print(command.help);
  return command.run(args, terminal);
}

function help(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const list = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join("\n");
  return `Usage: anyfn <command> [options]\n\n${list}\n\n  --version   Show the version\n  --help      Show this, or a command's options: anyfn build --help`;
}

function version(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  );
  return manifest.version;
}

async function unknownCommand(name: string): Promise<Error> {
  const { nearest } = await import("@anyfn/build");
  const names = COMMANDS.map((command) => command.name);
  const suggestion = nearest(name, names);
  const hint = suggestion === undefined ? `There is: ${names.join(", ")}.` : `Did you mean "${suggestion}"?`;
  return usageError(`There is no command "${name}". ${hint} See anyfn --help.`);
}

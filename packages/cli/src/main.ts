import { readFileSync } from "node:fs";
import { type Command, nearest, usageError } from "./command.ts";
import { command as build } from "./commands/build.ts";
import { command as check } from "./commands/check.ts";
import { createTerminal } from "./terminal.ts";

const COMMANDS: readonly Command[] = [build, check];
const HELP = ["--help", "-h", "help"];

const terminal = createTerminal(process.stdout, process.stderr, process.env);
process.on("uncaughtException", failInBackground);
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
    const isForeseen = isMisspelt || code === "usage" || code === "build";
    const hint = isMisspelt ? `. See anyfn ${args[0]} --help.` : "";
    terminal.error(isForeseen ? `${message}${hint}` : (stack ?? String(error)));
    return isMisspelt || code === "usage" ? 2 : 1;
  }
}

/** Users' files were loaded into this process, and what they left running may fail at any time. */
function failInBackground(error: unknown): void {
  terminal.error(
    `Something that a file started while it was loaded has failed: ${error}\n` +
      "Functions are found by loading their files, so what stands outside of handlers runs during the build.",
  );
  process.exit(1);
}

async function run([name, ...args]: readonly string[]): Promise<void> {
  if (name === undefined || HELP.includes(name)) return terminal.print(help());
  if (name === "--version" || name === "-v") return terminal.print(version());
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) throw unknownCommand(name);
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

function unknownCommand(name: string): Error {
  const names = COMMANDS.map((command) => command.name);
  const suggestion = nearest(name, names);
  const hint = suggestion === undefined ? `There is: ${names.join(", ")}.` : `Did you mean "${suggestion}"?`;
  return usageError(`There is no command "${name}". ${hint} See anyfn --help.`);
}

import { parseArgs } from "node:util";
import type { LogLine } from "@anyfn/build";
import { type Command, usageError } from "../command.ts";
import { listenToInterrupts } from "../interrupts.ts";
import { helpOf, PROJECT, parseStage, STAGE } from "../options.ts";
import { paint, type Terminal } from "../terminal.ts";

const OPTIONS = {
  ...STAGE,
  since: { type: "string", value: "<time>", help: ["How far back: 30s, 10m, 2h, 1d (default: 10m)"] },
  follow: { type: "boolean", help: ["Go on with new lines, until Ctrl-C"] },
  ...PROJECT,
  json: { type: "boolean", help: ["Print an object of JSON a line"] },
} as const;

/** `anyfn logs` */
export const command: Command = {
  name: "logs",
  summary: "Show the log of a deployed function",
  help: helpOf("logs <function> --target <name> [options]", OPTIONS),
  run,
};

const MILLISECONDS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) {
    throw usageError("Name one function: anyfn logs place-order --target aws");
  }
  const stage = parseStage(values);
  const { since = "10m", follow = false, json = false } = values;
  const query = { function: name, since: Date.now() - parseTime(since), follow };
  const { end, orEnd } = listenToInterrupts(terminal);
  const { readLogs } = await import("@anyfn/build");
  const lines = readLogs({ ...stage, environment: process.env, signal: end }, query);
  let count = 0;
  try {
    for (;;) {
      const { done, value } = await orEnd(lines.next(), "Ended.");
      if (done) break;
      terminal.print(json ? jsonOf(value) : textOf(value, terminal));
      count++;
    }
  } catch (error) {
    // To follow has no other end.
    if (follow && end.aborted) return;
    throw error;
  }
  if (count === 0) terminal.note(`No lines in the last ${since}.`);
}

function parseTime(text: string): number {
  const [, count = "", unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (unit === undefined) throw usageError("--since takes a time such as 30s, 10m, 2h or 1d");
  return Number(count) * MILLISECONDS[unit as keyof typeof MILLISECONDS];
}

function jsonOf({ time, text }: LogLine): string {
  return JSON.stringify({ time: new Date(time).toISOString(), text });
}

function textOf({ time, text }: LogLine, terminal: Terminal): string {
  return `${paint(terminal, "dim", new Date(time).toISOString())}  ${text.trimEnd()}`;
}

import { parseArgs } from "node:util";
import type { CallResult } from "@anyfn/build";
import { AnyfnError } from "@anyfn/core";
import { type Command, usageError } from "../command.ts";
import { listenToInterrupts } from "../interrupts.ts";
import { helpOf, PROJECT, parseStage, STAGE } from "../options.ts";
import { parseHeaders, readData } from "../request.ts";
import type { Terminal } from "../terminal.ts";

const OPTIONS = {
  ...STAGE,
  data: {
    type: "string",
    value: "<data>",
    help: ["The body or JSON: a text, @file, or - for what is piped in"],
  },
  method: { type: "string", value: "<method>", help: ["Of an HTTP function (default: the declared one)"] },
  path: {
    type: "string",
    value: "<path>",
    help: ["Path and query of an HTTP function (default: the declared path)"],
  },
  header: {
    type: "string",
    multiple: true,
    value: "<'name: value'>",
    help: ["Header of an HTTP function; may stand more than once"],
  },
  ...PROJECT,
  json: { type: "boolean", help: ["Print the answer as JSON"] },
} as const;

/** `anyfn invoke` */
export const command: Command = {
  name: "invoke",
  summary: "Call a deployed function",
  help: helpOf(
    "invoke <function> --target <name> [options]",
    OPTIONS,
    "The answer's body goes to stdout, its status and headers to stderr. Functions with other triggers than http\n" +
      "and direct take the provider's own payload. Ends with 1 when the call fails.",
  ),
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) {
    throw usageError("Name one function: anyfn invoke place-order --target aws");
  }
  const stage = parseStage(values);
  const headers = parseHeaders(values.header);
  const { end, orEnd } = listenToInterrupts(terminal);
  const { method, path, json = false } = values;
  const call = async (): Promise<CallResult> => {
    const data = await readData(values.data);
    const { invoke } = await import("@anyfn/build");
    const options = { ...stage, environment: process.env, signal: end };
    return invoke(options, { function: name, method, path, headers, data });
  };
  const result = await orEnd(call(), "Ended. The function may have run.");
  if (json) terminal.print(JSON.stringify(result, null, 2));
  else show(result, terminal);
  if (!result.ok) throw new AnyfnError("deploy", failureOf(name, result));
}

function show({ status, headers = {}, output }: CallResult, terminal: Terminal): void {
  if (status !== undefined) terminal.note(String(status));
  for (const [name, value] of Object.entries(headers)) terminal.note(`${name}: ${value}`);
  if (output !== "") terminal.print(output.replace(/\n$/, ""));
}

function failureOf(name: string, { status }: CallResult): string {
  return status === undefined ? `${name} has failed.` : `${name} has answered with ${status}.`;
}

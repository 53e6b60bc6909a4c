import { parseArgs } from "node:util";
import type { Portability } from "@anyfn/build";
import { AnyfnError } from "@anyfn/core";
import type { Command } from "../command.ts";
import { helpOf, PROJECT, parseTargets, TARGETS } from "../options.ts";
import { countOf, portabilityLines } from "../portability.ts";
import { paint, type Terminal } from "../terminal.ts";

const OPTIONS = {
  ...TARGETS,
  ...PROJECT,
  json: { type: "boolean", help: ["Print the report as JSON"] },
} as const;

/** `anyfn check` */
export const command: Command = {
  name: "check",
  summary: "Tell what each target can do with the functions, and what it cannot",
  help: helpOf("check [options]", OPTIONS, "Ends with 1 when a target refuses a function."),
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const targets = parseTargets(values.target);
  // Loading the bundler takes most of a start: not for --help.
  const { check } = await import("@anyfn/build");
  const { cwd, config } = values;
  const report = await check({ cwd, config, targets });
  if (values.json) terminal.print(JSON.stringify(report, null, 2));
  else print(report, terminal);
  if (!report.ok) throw new AnyfnError("build", refusalOf(report));
}

function print(report: Portability, terminal: Terminal): void {
  const [head = "", ...lines] = portabilityLines(report);
  for (const line of [paint(terminal, "dim", head), ...lines]) terminal.print(line);
}

function refusalOf({ functions, problems }: Portability): string {
  const refused = functions.filter(({ targets }) => targets.some(({ verdict }) => verdict === "refused"));
  if (refused.length === 0) return `${countOf(problems.length, "setting")} cannot be used.`;
  const verb = refused.length === 1 ? "is" : "are";
  return `${countOf(refused.length, "function")} ${verb} refused: ${refused.map(({ name }) => name).join(", ")}.`;
}

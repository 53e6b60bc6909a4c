import { parseArgs } from "node:util";
import { carryOut } from "../carry-out.ts";
import type { Command } from "../command.ts";
import { DRY_RUN, FUNCTIONS, helpOf, PROJECT, STAGE } from "../options.ts";
import type { Terminal } from "../terminal.ts";

const OPTIONS = {
  ...STAGE,
  ...FUNCTIONS,
  ...PROJECT,
  ...DRY_RUN,
} as const;

/** `anyfn rollback` */
export const command: Command = {
  name: "rollback",
  summary: "Bring back the code that served before the last deployment",
  help: helpOf("rollback --target <name> [options]", OPTIONS, "A second rollback goes forward again."),
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  await carryOut(
    {
      plan: (build, options) => build.planRollback(options),
      nothing: "Nothing to do: no function has other code to go back to.",
    },
    values,
    terminal,
  );
}

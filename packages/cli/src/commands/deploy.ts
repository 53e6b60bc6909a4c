import { parseArgs } from "node:util";
import type { Progress } from "@anyfn/build";
import { carryOut } from "../carry-out.ts";
import type { Command } from "../command.ts";
import { DRY_RUN, FUNCTIONS, helpOf, PROJECT, STAGE } from "../options.ts";
import type { Terminal } from "../terminal.ts";
import { describe } from "./build.ts";

const OPTIONS = {
  ...STAGE,
  ...FUNCTIONS,
  ...PROJECT,
  ...DRY_RUN,
} as const;

/** `anyfn deploy` */
export const command: Command = {
  name: "deploy",
  summary: "Build the functions, show what would change at a provider, and change it",
  help: helpOf(
    "deploy --target <name> [options]",
    OPTIONS,
    "What fails leaves what served before, and the same command goes on where it stopped. Credentials are those\n" +
      "of the provider's own tools. Ends with 1 when something fails.",
  ),
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const onProgress = values.json ? undefined : (progress: Progress) => terminal.progress(describe(progress));
  await carryOut(
    {
      plan: (build, options) => build.planDeployment({ ...options, onProgress }),
      nothing: "Nothing to do: all of it is deployed as it is declared.",
    },
    values,
    terminal,
  );
}

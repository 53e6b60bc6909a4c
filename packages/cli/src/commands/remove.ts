import { parseArgs } from "node:util";
import type { StagePlan } from "@anyfn/build";
import { AnyfnError } from "@anyfn/core";
import { carryOut } from "../carry-out.ts";
import { type Command, usageError } from "../command.ts";
import { DRY_RUN, helpOf, PROJECT, STAGE } from "../options.ts";
import type { Terminal } from "../terminal.ts";

const OPTIONS = {
  ...STAGE,
  ...PROJECT,
  yes: { type: "boolean", help: ["Delete without asking"] },
  ...DRY_RUN,
} as const;

/** `anyfn remove` */
export const command: Command = {
  name: "remove",
  summary: "Delete all that deployments of a stage have made",
  help: helpOf(
    "remove --target <name> [options]",
    OPTIONS,
    "Shows what would be deleted and asks for the stage's name; where nobody can answer it needs --yes.",
  ),
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const { yes = false, "dry-run": dryRun = false } = values;
  if (!yes && !dryRun && terminal.ask === undefined) {
    throw usageError("Nobody can be asked here. Look at --dry-run, then delete with --yes.");
  }
  await carryOut(
    {
      plan: (build, options) => build.planRemoval(options),
      nothing: "Nothing to delete.",
      confirm: async (plan) => {
        if (!yes) await confirm(plan, terminal);
      },
    },
    values,
    terminal,
  );
}

async function confirm({ stage }: StagePlan, terminal: Terminal): Promise<void> {
  const answer = await terminal.ask?.("Type the stage's name to delete:");
  if (answer?.trim() !== stage)
    throw new AnyfnError("deploy", `That is not "${stage}". Nothing was deleted.`);
}

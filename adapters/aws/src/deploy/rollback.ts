import type { Change, Plan, StageInput } from "@anyfn/build";
import { ALIAS } from "../build/infrastructure-function.ts";
import { deployError, explained, ifThere } from "./_errors.ts";
import { inParallel } from "./_parallel.ts";
import type { Aws } from "./kind.ts";
import { change, GONE } from "./kinds/_lambda.ts";
import { fromDescription, type Mark, newest, toDescription } from "./marks.ts";
import { functionName } from "./model.ts";

/**
 * Finds out which aliases the last deployment has moved, and what would move them back; after a rollback, what would move
 * them forward again. One that stopped half-way goes on.
 */
export async function planRollback(input: StageInput, aws: Aws): Promise<Plan> {
  const names = input.functions.map(({ name }) => name);
  const meant = names.filter((name) => input.only?.includes(name) ?? true);
  const all = await inParallel(meant, (name) => aliasOf(name, aws));
  const aliases = all.filter((alias) => alias !== undefined);
  const last = newest(aliases.map(({ mark }) => mark));
  const together = aliases.filter(({ mark }) => mark !== undefined && mark.deployment === last?.deployment);
  const isMixed = together.some(({ mark }) => isBack(mark) !== isBack(last));
  const isMoving = ({ mark }: Alias) =>
    mark?.before !== undefined && (!isMixed || isBack(mark) !== isBack(last));
  if (!together.some(isMoving)) {
    const what = input.only?.length === 1 ? `"${input.only[0]}"` : "the last deployment";
    throw deployError(
      `There is nothing that ${what} could go back to: no version served before. Deploy what is to be served.`,
    );
  }
  const { time } = aws.deployment;
  return {
    place: `account ${aws.account}, ${aws.region}`,
    waves: [
      aliases.map((alias) =>
        together.includes(alias) && isMoving(alias) ? move(alias, time, aws) : stay(alias),
      ),
    ],
    addresses: async () => [],
  };
}

interface Alias {
  readonly function: string;
  readonly name: string;
  readonly version: string;
  readonly revision: string | undefined;
  readonly mark: Mark | undefined;
}

const isBack = (mark: Mark | undefined): boolean => mark?.back === true;

async function aliasOf(name: string, aws: Aws): Promise<Alias | undefined> {
  const lambda = await aws.clients.lambda();
  const FunctionName = functionName(aws.app, aws.stage, name);
  const alias = await ifThere(lambda.getAlias({ FunctionName, Name: ALIAS }), GONE);
  if (alias === undefined) return undefined;
  const { FunctionVersion: version = "", RevisionId: revision, Description } = alias;
  return { function: name, name: FunctionName, version, revision, mark: fromDescription(Description) };
}

function move(alias: Alias, time: string, aws: Aws): Change {
  const { name: FunctionName, version, revision: RevisionId, mark } = alias;
  const FunctionVersion = mark?.before;
  return {
    action: "update",
    kind: "alias",
    name: `${FunctionName}:${ALIAS}`,
    details: [`version: ${version} → ${FunctionVersion}`],
    switches: alias.function,
    run: (tell) =>
      explained(async () => {
        if (mark === undefined) return;
        const lambda = await aws.clients.lambda();
        const Description = toDescription({ ...mark, time, before: version, back: mark.back !== true });
        const request = { FunctionName, Name: ALIAS, FunctionVersion, Description, RevisionId };
        await change({ ...aws, tell }, () => lambda.updateAlias(request));
      }),
  };
}

function stay({ name, version, mark }: Alias): Change {
  const why =
    mark?.before === undefined ? "no version served before" : "the last deployment did not change it";
  return { action: "keep", kind: "alias", name: `${name}:${ALIAS}`, details: [`version ${version}: ${why}`] };
}

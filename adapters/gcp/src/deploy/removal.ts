import type { Plan, StageInput } from "@anyfn/build";
import { keep } from "./_change.ts";
import { type Declared, ownAddresses } from "./document.ts";
import type { GoogleOptions } from "./google.ts";
import { accountsIn, deletionsOf, findAll, type Leftover, rightsOfAccounts } from "./leftovers.ts";
import { describePlace } from "./place.ts";
import { isRight, type Right, rightOf } from "./policies.ts";
import { isSame } from "./rights.ts";
import { kindOf, openStage, type Stage } from "./stage.ts";
import { hasUnknown } from "./template.ts";

/** Finds out what deletes all that is marked as made for a stage, and the rights of its accounts. */
export async function planRemoval(input: StageInput, options: GoogleOptions): Promise<Plan> {
  const stage = openStage(input, options);
  const all = await findAll(stage.google, stage.place);
  const left = input.only === undefined ? all : await ownOf(stage, all);
  const accounts = accountsIn(left);
  const rights = await rightsOfAccounts(stage, accounts);
  const elsewhere = await rightsElsewhere(stage, accounts);
  const others = elsewhere.filter((right) => !rights.some((other) => isSame(right, other)));
  const waves = deletionsOf(stage, left, [...rights, ...others]);
  const stays = keep("API", "all of the project", "stay enabled: others may need them");
  return {
    place: describePlace(stage.place),
    waves: waves.length === 0 ? [] : [...waves, [stays]],
    addresses: async () => [],
  };
}

/** Of what was found, what belongs to the meant functions alone. */
async function ownOf(stage: Stage, all: readonly Leftover[]): Promise<readonly Leftover[]> {
  const declared = stage.waves.flat();
  const own = new Set(ownAddresses(declared, stage.input));
  const meant = declared.filter(({ address, type }) => own.has(address) && !isRight(type));
  const paths = await Promise.all(meant.map((one) => pathOf(stage, one)));
  return all.filter(({ thing }) => paths.includes(thing.path));
}

async function pathOf(stage: Stage, declared: Declared): Promise<string> {
  return kindOf(declared.type).path(await stage.argumentsOf(declared), stage.place);
}

/** Rights that the stage's accounts were given on what is not the stage's: those on its own go with that. */
async function rightsElsewhere(stage: Stage, accounts: ReadonlySet<string>): Promise<readonly Right[]> {
  const declared = stage.waves.flat().filter(({ type, needs }) => isRight(type) && needs.every(isAccount));
  const rights = await Promise.all(
    declared.map(async (one): Promise<readonly Right[]> => {
      const args = await stage.argumentsOf(one);
      if (hasUnknown(args)) return [];
      const right = rightOf(one.type, args, stage.place);
      return accounts.has(right.member.toLowerCase()) && (await stage.rights.has(right)) ? [right] : [];
    }),
  );
  return rights.flat();
}

function isAccount(address: string): boolean {
  return address.startsWith("google_service_account.");
}

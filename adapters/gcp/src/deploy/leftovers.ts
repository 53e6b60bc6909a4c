import type { Change } from "@anyfn/build";
import { isRecord } from "./_answer.ts";
import { keep } from "./_change.ts";
import type { Google } from "./google.ts";
import { type Kind, nameOf, type Step, type Thing } from "./kind.ts";
import { KINDS } from "./kinds.ts";
import { isOurs, type Place } from "./place.ts";
import type { Planning } from "./plan.ts";
import type { Guarded, Right } from "./policies.ts";
import { describeRight, isSame } from "./rights.ts";
import type { Stage } from "./stage.ts";

/** Something of a stage, and how it is deleted. */
export interface Leftover {
  readonly type: string;
  readonly kind: Kind;
  readonly thing: Thing;
}

/** When rights are taken away: after what uses them, before the accounts that have them. */
const RIGHTS_RANK = 3;
const EVERYBODY: ReadonlySet<string> = new Set(["allUsers", "allAuthenticatedUsers"]);
const ACCOUNT = "google_service_account";

/** Deletes what is no longer declared: all of it, or of the meant functions only rights to call them. */
export async function planLeftovers(planning: Planning): Promise<readonly (readonly Change[])[]> {
  const { stage, input, paths, rights } = planning;
  if (input.only !== undefined) return [await undeclaredCallers(planning, new Set())];
  const all = await findAll(stage.google, stage.place);
  const accounts = accountsIn(all);
  const callers = await undeclaredCallers(planning, accounts);
  const left = all.filter(({ type, thing }) => !paths.get(type)?.has(thing.path));
  const owned = await rightsOfAccounts(stage, accounts);
  const undeclared = owned.filter((right) => !rights.some((other) => isSame(right, other)));
  const kept = left.filter(({ kind }) => kind.isStore);
  const words = "no longer declared, and kept for what is in it; anyfn remove deletes it";
  return [
    [...callers, ...kept.map(({ kind, thing }) => keep(kind.label, nameOf(thing.path), words))],
    ...deletionsOf(
      stage,
      left.filter(({ kind }) => !kind.isStore),
      undeclared,
    ),
  ];
}

/** All that is marked as made for a stage. */
export async function findAll(google: Google, place: Place): Promise<readonly Leftover[]> {
  const listed = await Promise.all(
    Object.entries(KINDS).map(async ([type, kind]) => {
      const things = (await kind.list?.(google, place)) ?? [];
      return things.filter(({ body }) => isOurs(place, body)).map((thing) => ({ type, kind, thing }));
    }),
  );
  return listed.flat();
}

/** The members that the accounts of a stage are in policies. */
export function accountsIn(all: readonly Leftover[]): ReadonlySet<string> {
  const own = all.filter(({ type }) => type === ACCOUNT);
  return new Set(own.map(({ thing }) => `serviceAccount:${nameOf(thing.path)}`.toLowerCase()));
}

/** The rights of a stage's accounts on the project. */
export async function rightsOfAccounts(
  { rights, place }: Stage,
  accounts: ReadonlySet<string>,
): Promise<readonly Right[]> {
  if (accounts.size === 0) return [];
  const project: Guarded = { type: "google_project_iam_member", path: `projects/${place.project}` };
  return (await rights.on(project)).filter(({ member }) => accounts.has(member.toLowerCase()));
}

/** Deletes things and rights in waves, each before what it needs. */
export function deletionsOf(
  { google, place, rights }: Stage,
  things: readonly Leftover[],
  undeclared: readonly Right[],
): readonly (readonly Change[])[] {
  const waves: Change[][] = [];
  const put = (rank: number, change: Change): void => {
    waves[rank] = [...(waves[rank] ?? []), change];
  };
  for (const { kind, thing } of things) {
    const run = async (tell: Step["tell"]) =>
      kind.remove?.({ google, place, tell, deployment: "" }, thing.path);
    put(kind.rank, { action: "delete", kind: kind.label, name: nameOf(thing.path), details: [], run });
  }
  for (const right of undeclared) put(RIGHTS_RANK, withdraw(rights, right));
  return waves.filter((wave) => wave !== undefined);
}

/** Takes a right away. */
export function withdraw(rights: Stage["rights"], right: Right): Change {
  const name = describeRight(right);
  const run = (tell: Step["tell"]) => rights.remove(right, tell);
  return { action: "delete", kind: "right", name, details: [], run };
}

/**
 * Who may call the functions and is not declared. Everybody, and accounts of the stage, no longer may; others were let in
 * by somebody, and stay.
 */
async function undeclaredCallers(
  { stage, missing, rights }: Planning,
  accounts: ReadonlySet<string>,
): Promise<readonly Change[]> {
  const { waves, found } = stage;
  const functions = waves.flat().filter(({ address, fn }) => fn !== undefined && !missing.has(address));
  const changes = functions.map(async ({ address }) => {
    const config = found.get(address)?.serviceConfig;
    if (!isRecord(config)) return [];
    const { project, region } = stage.place;
    const path = `projects/${project}/locations/${region}/services/${nameOf(String(config.service))}`;
    const granted = await stage.rights.on({ type: "google_cloud_run_v2_service_iam_member", path });
    return granted
      .filter(({ role, member }) => role === "roles/run.invoker" && !member.startsWith("deleted:"))
      .filter((right) => !rights.some((other) => isSame(right, other)))
      .map((right) =>
        EVERYBODY.has(right.member) || accounts.has(right.member.toLowerCase())
          ? withdraw(stage.rights, right)
          : keep("right", describeRight(right), "not declared; it was given by somebody else, and stays"),
      );
  });
  return (await Promise.all(changes)).flat();
}

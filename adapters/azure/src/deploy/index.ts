import type { Deployer, DeployInput, Plan, StageInput } from "@anyfn/build";
import { accessRemovals } from "./_access.ts";
import { planCode, planEarlierCode } from "./_code.ts";
import { planEnd, planInfrastructure } from "./_infrastructure.ts";
import { planLeftovers } from "./_leftovers.ts";
import { describePlace } from "./_place.ts";
import { openSession, type Pace, type Session } from "./_session.ts";
import { readSite, siteOf } from "./_site.ts";
import { readStack } from "./_stacks.ts";
import { planSubscriptions } from "./_subscriptions.ts";
import { stackTemplates } from "./_templates.ts";
import { addressesOf, invoke } from "./invoke.ts";
import { readLogs } from "./logs.ts";

/** Deploys an app to Flex Consumption: its resources as deployment stacks, and its code through the publish endpoint. */
export function createDeployer(pace: Pace = {}): Deployer {
  const open = (input: StageInput): Promise<Session> => openSession(input, pace);
  return {
    plan: async (input) => plan(await open(input), input),
    planRollback: async (input) => {
      const session = await open(input);
      return toPlan(session, input, await planEarlierCode(session));
    },
    planRemoval: async (input) => planRemoval(await open(input), input),
    invoke: async (input, call) => invoke(await open(input), input, call),
    logs: (input, query) => logs(open(input), query, input.signal),
  };
}

export const deployer: Deployer = createDeployer();

async function plan(session: Session, input: DeployInput): Promise<Plan> {
  const templates = stackTemplates(input);
  const [main, events] = await Promise.all([readStack(session, "main"), readStack(session, "events")]);
  const site = await readSite(session, main);
  const infrastructure = await planInfrastructure(session, templates.main, main, input);
  const code = await planCode(session, input, site);
  const subscriptions = await planSubscriptions(session, templates.events, events, input);
  return toPlan(session, input, [
    ...infrastructure.before,
    ...code,
    ...subscriptions,
    ...infrastructure.after,
  ]);
}

/** The resource group stays: the stage did not make it. */
async function planRemoval(session: Session, input: StageInput): Promise<Plan> {
  const [main, events] = await Promise.all([readStack(session, "main"), readStack(session, "events")]);
  return toPlan(session, input, [
    ...planEnd(session, "events", events),
    await accessRemovals(session, main),
    ...planEnd(session, "main", main),
    ...(await planLeftovers(session, [...(main?.resources ?? []), ...(events?.resources ?? [])])),
  ]);
}

function toPlan(session: Session, input: StageInput, waves: Plan["waves"]): Plan {
  return {
    place: describePlace(session.place),
    waves: waves.filter((wave) => wave.length > 0),
    addresses: async () => addressesOf(input, await siteOf(session)),
  };
}

async function* logs(session: Promise<Session>, ...rest: Tail<typeof readLogs>) {
  yield* readLogs(await session, ...rest);
}

type Tail<Fn extends (first: Session, ...rest: never[]) => unknown> = Fn extends (
  first: Session,
  ...rest: infer Rest
) => unknown
  ? Rest
  : never;

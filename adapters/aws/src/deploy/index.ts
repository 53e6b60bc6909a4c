import type { Deployer } from "@anyfn/build";
import { explained } from "./_errors.ts";
import { openAws, type Wait, waitByClock } from "./aws.ts";
import { invokeFunction } from "./invoke.ts";
import { readLogs } from "./logs.ts";
import { planDeployment } from "./plan.ts";
import { planRemoval } from "./removal.ts";
import { planRollback } from "./rollback.ts";

/** Deploys to AWS with its official clients, without CloudFormation: what the template describes, as it describes it. */
export const deployer: Deployer = createDeployer(waitByClock);

/** Makes a deployer that waits as it is told. */
export function createDeployer(wait: Wait): Deployer {
  return {
    plan: (input) => explained(async () => planDeployment(input, await openAws(input, wait))),
    planRollback: (input) => explained(async () => planRollback(input, await openAws(input, wait))),
    planRemoval: (input) => explained(async () => planRemoval(input, await openAws(input, wait))),
    invoke: (input, call) => explained(async () => invokeFunction(input, await openAws(input, wait), call)),
    async *logs(input, query) {
      yield* readLogs(await explained(() => openAws(input, wait)), query);
    },
  };
}

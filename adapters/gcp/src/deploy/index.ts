import type { Deployer } from "@anyfn/build";
import { callFunction } from "./calls.ts";
import type { GoogleOptions } from "./google.ts";
import { readLogs } from "./logs.ts";
import { planDeployment } from "./plan.ts";
import { planRemoval } from "./removal.ts";
import { planRollback } from "./rollback.ts";

/** What tests put in place of Google's own addresses, and of time. */
export interface DeployerOptions extends GoogleOptions {
  readonly now?: (() => number) | undefined;
}

/** Makes what deploys to Google Cloud. */
export function createDeployer(options: DeployerOptions = {}): Deployer {
  const now = options.now ?? Date.now;
  return {
    plan: (input) => planDeployment(input, { ...options, now }),
    planRollback: (input) => planRollback(input, options),
    planRemoval: (input) => planRemoval(input, options),
    invoke: (input, call) => callFunction(input, call, options),
    logs: (input, query) => readLogs(input, query, options),
  };
}

/** Deploys to Google Cloud. */
export const deployer: Deployer = createDeployer();

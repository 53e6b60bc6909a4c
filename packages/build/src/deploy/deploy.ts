import { deployError, quoteList } from "../_problem.ts";
import { type BuildOptions, build } from "../build.ts";
import { inputFor } from "../check.ts";
import type { BuildAdapter } from "../model.ts";
import { openProject, type ProjectOptions } from "../project.ts";
import type { Call, CallResult, Deployer, LogLine, LogQuery, Plan, StageInput } from "./deployer.ts";

/** Which deployment is meant. */
export interface StageOptions extends Omit<ProjectOptions, "targets"> {
  readonly target: string;
  /** `"dev"` by default. */
  readonly stage?: string | undefined;
  /** Names of functions; all by default. */
  readonly only?: readonly string[] | undefined;
  /** Values of the infrastructure's parameters by name. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/**
 * Builds a project for a target, and finds out what deploying it would change there.
 *
 * @throws AnyfnError `build` when it cannot be built, and `deploy` when the provider cannot be asked.
 */
export async function planDeployment(
  options: StageOptions & Pick<BuildOptions, "onProgress">,
): Promise<Plan> {
  // What cannot be deployed is not built either.
  const { deployer, input } = await openStage(options);
  const { targets } = await build({ ...options, targets: [options.target] });
  const [built] = targets;
  if (built === undefined) throw deployError(`Nothing was built for "${options.target}".`);
  return deployer.plan({ ...input, directory: built.directory, manifest: built.manifest });
}

/** Finds out what would bring back the code that served before. @throws AnyfnError `deploy` where there is none. */
export async function planRollback(options: StageOptions): Promise<Plan> {
  const { deployer, input } = await openStage(options);
  return deployer.planRollback(input);
}

/** Finds out what would delete all that deployments of a stage have made. */
export async function planRemoval(options: StageOptions): Promise<Plan> {
  const { deployer, input } = await openStage(options);
  return deployer.planRemoval(input);
}

/** Calls a deployed function. */
export async function invoke(options: StageOptions, call: Call): Promise<CallResult> {
  const { deployer, input } = await openStage({ ...options, only: [call.function] });
  return deployer.invoke(input, call);
}

/** Reads the log of a deployed function. */
export async function* readLogs(options: StageOptions, query: LogQuery): AsyncGenerator<LogLine> {
  const { deployer, input } = await openStage({ ...options, only: [query.function] });
  yield* deployer.logs(input, query);
}

async function openStage(options: StageOptions): Promise<{ deployer: Deployer; input: StageInput }> {
  const { stage = "dev", only, parameters = {}, environment, signal } = options;
  if (!/^[a-z](?:[a-z0-9-]{0,18}[a-z0-9])?$/.test(stage)) {
    throw deployError(
      `"${stage}" is no name of a stage. Take lower-case letters, digits and dashes, 20 at most: dev, prod.`,
    );
  }
  const { config, targets, functions } = await openProject({ ...options, targets: [options.target] });
  const [target] = targets;
  if (target === undefined) throw deployError(`There is no target "${options.target}".`);
  const names = functions.map(({ name }) => name);
  const unknown = only?.filter((name) => !names.includes(name)) ?? [];
  if (unknown.length > 0) {
    throw deployError(`There is no function ${quoteList(unknown)}. There are: ${quoteList(names)}.`);
  }
  const deployer = await loadDeployer(target.adapter);
  const input = inputFor(target, config.name, functions);
  const artifacts = target.adapter.plan(input);
  return {
    deployer,
    input: { ...input, artifacts, iac: "native", stage, only, parameters, environment, signal },
  };
}

function loadDeployer({ title, name, deployer }: BuildAdapter): Promise<Deployer> {
  if (deployer !== undefined) return deployer();
  throw deployError(
    `${title} is nothing that anyfn deploys to: run what anyfn build --target ${name} has made wherever you like.`,
  );
}

import { toError } from "@anyfn/core/adapter";
import { buildProject } from "../_build-again.ts";
import { nearest } from "../_nearest.ts";
import { deployError, quoteList } from "../_problem.ts";
import type { BuildOptions } from "../build.ts";
import { inputFor } from "../check.ts";
import type { BuildAdapter, DiscoveredFunction } from "../model.ts";
import { openProject, type Project, type ProjectOptions } from "../project.ts";
import { createReuse } from "../reuse.ts";
import { wordsOf } from "./_words.ts";
import { type CallOptions, callOf } from "./call.ts";
import type { CallResult, Deployer, LogLine, LogQuery, Plan, StageInput } from "./deployer.ts";

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

/** A plan, and which deployment it is of. */
export interface StagePlan extends Plan {
  readonly app: string;
  readonly target: string;
  readonly stage: string;
  /** The build's: what may be wrong in packages. */
  readonly warnings: readonly string[];
}

/**
 * Builds a project for a target, and finds out what deploying it would change there.
 *
 * @throws AnyfnError `build` when it cannot be built, and `deploy` when the provider cannot be asked.
 */
export async function planDeployment(
  options: StageOptions & Pick<BuildOptions, "onProgress">,
): Promise<StagePlan> {
  // What cannot be deployed is not built either.
  const stage = await openStage(options);
  const { targets, warnings } = await buildProject(stage.project, options, createReuse());
  const [built] = targets;
  if (built === undefined) throw deployError(`Nothing was built for "${options.target}".`);
  const { directory, manifest } = built;
  return planWith(stage, ({ deployer, input }) => deployer.plan({ ...input, directory, manifest }), warnings);
}

/** Finds out what would bring back the code that served before. @throws AnyfnError `deploy` where there is none. */
export async function planRollback(options: StageOptions): Promise<StagePlan> {
  return planWith(await openStage(options), ({ deployer, input }) => deployer.planRollback(input));
}

/** Finds out what would delete all that deployments of a stage have made. */
export async function planRemoval(options: StageOptions): Promise<StagePlan> {
  return planWith(await openStage(options), ({ deployer, input }) => deployer.planRemoval(input));
}

/** Calls a deployed function. @throws AnyfnError `deploy` for a call that does not fit its trigger. */
export async function invoke(options: StageOptions, call: CallOptions): Promise<CallResult> {
  const { deployer, input, title } = await openStage({ ...options, only: [call.function] });
  const fn = input.functions.find(({ name }) => name === call.function) as DiscoveredFunction;
  const complete = callOf(fn, call);
  return ask(title, () => deployer.invoke(input, complete));
}

/** Reads the log of a deployed function. */
export async function* readLogs(options: StageOptions, query: LogQuery): AsyncGenerator<LogLine> {
  const { deployer, input, title } = await openStage({ ...options, only: [query.function] });
  const lines = deployer.logs(input, query)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await ask(title, () => lines.next());
      if (done) return;
      yield value;
    }
  } finally {
    await lines.return?.();
  }
}

interface Stage {
  readonly project: Project;
  readonly title: string;
  readonly target: string;
  readonly deployer: Deployer;
  readonly input: StageInput;
}

async function openStage(options: StageOptions): Promise<Stage> {
  const { target: name, stage = "dev", only, parameters = {}, environment, signal } = options;
  if (!/^[a-z](?:[a-z0-9-]{0,18}[a-z0-9])?$/.test(stage)) {
    throw deployError(
      `"${stage}" is no name of a stage. Take lower-case letters, digits and dashes, 20 at most: dev, prod.`,
    );
  }
  const project = await openProject({ ...options, targets: [name] });
  const { config, targets, functions } = project;
  const [target] = targets;
  if (target === undefined) throw deployError(`There is no target "${name}".`);
  assertKnown(only, functions);
  const deployer = await loadDeployer(target.adapter);
  const input = inputFor(target, config.name, functions);
  const artifacts = target.adapter.plan(input);
  return {
    project,
    title: target.adapter.title,
    target: name,
    deployer,
    input: { ...input, artifacts, iac: "native", stage, only, parameters, environment, signal },
  };
}

function assertKnown(only: readonly string[] = [], functions: readonly DiscoveredFunction[]): void {
  const names = functions.map(({ name }) => name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const suggestion = nearest(unknown, names);
  const hint = suggestion === undefined ? `There are: ${quoteList(names)}.` : `Did you mean "${suggestion}"?`;
  throw deployError(`There is no function "${unknown}". ${hint}`);
}

function loadDeployer({ title, name, deployer }: BuildAdapter): Promise<Deployer> {
  if (deployer !== undefined) return deployer();
  throw deployError(
    `${title} is nothing that anyfn deploys to: run what anyfn build --target ${name} has made wherever you like.`,
  );
}

async function planWith(
  stage: Stage,
  plan: (stage: Stage) => Promise<Plan>,
  warnings: readonly string[] = [],
): Promise<StagePlan> {
  const { title, target, input } = stage;
  const { place, waves, addresses } = await ask(title, () => plan(stage));
  return {
    app: input.app,
    target,
    stage: input.stage,
    warnings,
    place,
    waves,
    addresses: () => ask(title, addresses),
  };
}

/** Does what asks a provider, whose own errors are passed on in words: what hangs on them may hold credentials. */
async function ask<T>(title: string, asking: () => Promise<T>): Promise<T> {
  try {
    return await asking();
  } catch (error) {
    // An adapter may have a core of its own, whose errors are no instances of ours.
    if (toError(error).name === "AnyfnError" || isMistake(error)) throw error;
    throw deployError(`${title} could not be asked: ${wordsOf(error)}`, error);
  }
}

/** An error of an adapter's code: its stack is what helps. */
function isMistake(error: unknown): boolean {
  return error instanceof ReferenceError || (error instanceof TypeError && error.cause === undefined);
}

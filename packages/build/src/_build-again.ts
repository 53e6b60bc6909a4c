import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Bundling, prepareBundling } from "./_bundling.ts";
import type { Target } from "./adapters.ts";
import { type Artifact, assemble, filesOf } from "./artifact.ts";
import type { BuildOptions, BuildResult, BuiltTarget } from "./build.ts";
import { bundle } from "./bundle.ts";
import { checkTargets, inputFor } from "./check.ts";
import type { FoundFunction } from "./discover.ts";
import { type Infrastructure, infrastructureOf, joinFiles } from "./infrastructure.ts";
import { createManifest } from "./manifest.ts";
import type { ArtifactPlan } from "./model.ts";
import { comparePortability } from "./portability.ts";
import { openProject, type Project } from "./project.ts";
import type { Reuse } from "./reuse.ts";
import { type SmokeRun, startSmokeTest } from "./smoke.ts";
import { writeTarget } from "./write.ts";

interface Job {
  readonly target: Target;
  readonly plan: ArtifactPlan;
}

/** An artifact that was bundled, in this build or in an earlier one. */
export interface Done {
  readonly target: string;
  readonly plan: ArtifactPlan;
  readonly artifact: Artifact;
  readonly warnings: readonly string[];
  readonly milliseconds: number;
}

/** What a build can be told once its project is open. */
export type ProjectBuildOptions = Pick<BuildOptions, "iac" | "onProgress">;

/** Builds as {@link build} does, and bundles only the artifacts that are not in the memory. */
export async function buildAgain(options: BuildOptions, reuse: Reuse<Done>): Promise<BuildResult> {
  return buildProject(await openProject(options), options, reuse);
}

/** Builds a project that is open already, whose files need no second discovery. */
export async function buildProject(
  project: Project,
  options: ProjectBuildOptions,
  reuse: Reuse<Done>,
): Promise<BuildResult> {
  const { cwd, config, targets, outDir, functions } = project;
  const app = config.name;
  const names = targets.map(({ adapter }) => adapter.name);
  options.onProgress?.({ kind: "discovered", app, functions: functions.length, targets: names });
  checkTargets(cwd, targets, app, functions);
  const portability = comparePortability(cwd, config, targets, functions);
  const planned = targets.map((target) => {
    const input = inputFor(target, app, functions);
    const plans = target.adapter.plan(input);
    const { iac = "native" } = options;
    return { target, plans, infrastructure: infrastructureOf(target, { ...input, artifacts: plans, iac }) };
  });
  const jobs = planned.flatMap(({ target, plans }) => plans.map((plan) => ({ target, plan })));
  const bundling = prepareBundling(
    project,
    jobs.map(({ plan }) => plan),
  );
  const smoke = config.smoke ? openSmoke(cwd, targets) : undefined;
  const { done, bundled } = await tried(smoke, (load) =>
    buildAll(jobs, bundling, reuse, load, options.onProgress),
  );
  const built = planned.map(({ target, infrastructure }) => {
    const own = done.filter((item) => item.target === target.adapter.name);
    const files = joinFiles(filesOf(own.map(({ artifact }) => artifact)), infrastructure.files);
    return { files, ...describe(cwd, app, outDir, functions, target.adapter.name, own, infrastructure) };
  });
  for (const { directory, files, manifest } of built) writeTarget(directory, files, manifest);
  return {
    app,
    outDir,
    targets: built.map(({ files: _files, ...rest }) => rest),
    portability,
    warnings: [...new Set(done.flatMap(({ warnings }) => warnings))],
    bundled: [...bundled].map(nameOf).sort(),
  };
}

function nameOf({ target, plan }: Pick<Done, "target" | "plan">): string {
  return `${target}/${plan.directory === "." ? plan.bundle.file : plan.directory}`;
}

function describe(
  cwd: string,
  app: string,
  outDir: string,
  functions: readonly FoundFunction[],
  target: string,
  done: readonly Done[],
  infrastructure: Infrastructure,
): BuiltTarget {
  const artifacts = done.map(({ artifact }) => artifact.manifest);
  return {
    target,
    directory: join(outDir, target),
    manifest: createManifest(cwd, app, target, functions, artifacts, infrastructure.manifest),
    milliseconds: done.map(({ milliseconds }) => milliseconds),
  };
}

/** A smoke test for each target. */
function openSmoke(cwd: string, targets: readonly Target[]): ReadonlyMap<string, SmokeRun> {
  const runs = targets.map(({ adapter }) => [adapter.name, startSmokeTest({ cwd, adapter })] as const);
  return new Map(runs.flatMap(([name, run]) => (run === undefined ? [] : [[name, run]])));
}

/** Builds, and tries each artifact as soon as it is bundled. */
async function tried(
  smoke: ReadonlyMap<string, SmokeRun> = new Map(),
  buildThem: (load: (item: Done) => void) => Promise<AllDone>,
): Promise<AllDone> {
  try {
    const built = await buildThem((item) => smoke.get(item.target)?.load(item));
    await Promise.all(Array.from(smoke.values(), (run) => run.finish()));
    return built;
  } finally {
    for (const run of smoke.values()) run.close();
  }
}

interface AllDone {
  /** In the order of the jobs. */
  readonly done: readonly Done[];
  /** Those which were not there before. */
  readonly bundled: ReadonlySet<Done>;
}

/** Builds the artifacts of all targets, a few at a time: rolldown has threads of its own. */
async function buildAll(
  jobs: readonly Job[],
  bundling: Bundling,
  reuse: Reuse<Done>,
  load: (item: Done) => void,
  onProgress: BuildOptions["onProgress"],
): Promise<AllDone> {
  const done: Done[] = [];
  const bundled = new Set<Done>();
  const queue = jobs.entries();
  let count = 0;
  const work = async (): Promise<void> => {
    for (const [index, { target, plan }] of queue) {
      const { name } = target.adapter;
      const key = bundling.keyOf(plan);
      const reused = reuse.find(nameOf({ target: name, plan }), key);
      const item =
        reused ??
        (await buildOne(name, plan, bundling, (made, inputs) => reuse.keep(nameOf(made), key, made, inputs)));
      if (reused === undefined) {
        bundled.add(item);
        load(item);
      }
      done[index] = item;
      onProgress?.({
        kind: "bundled",
        target: name,
        directory: plan.directory,
        done: ++count,
        total: jobs.length,
      });
    }
  };
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, work));
  return { done, bundled };
}

async function buildOne(
  target: string,
  plan: ArtifactPlan,
  bundling: Bundling,
  keep: (made: Done, inputs: readonly string[]) => void,
): Promise<Done> {
  const started = performance.now();
  const { inputs, ...bundled } = await bundle(plan, bundling);
  const artifact = assemble(plan, bundled);
  const { warnings } = bundled;
  const made = { target, plan, artifact, warnings, milliseconds: performance.now() - started };
  keep(made, inputs);
  return made;
}

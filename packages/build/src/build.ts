import { realpathSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { moduleNamer } from "./_paths.ts";
import { preludesOf } from "./_prelude.ts";
import { buildError } from "./_problem.ts";
import { defaultTargets, loadTargets, type Target } from "./adapters.ts";
import { type Artifact, assemble, filesOf } from "./artifact.ts";
import { type BundleOptions, bundle, needsOf } from "./bundle.ts";
import { checkTargets, inputFor } from "./check.ts";
import { loadConfig } from "./config.ts";
import { discover, type FoundFunction } from "./discover.ts";
import { createManifest, type Manifest } from "./manifest.ts";
import type { ArtifactPlan } from "./model.ts";
import { writeTarget } from "./write.ts";

/** What to build. */
export interface BuildOptions {
  /** The project's folder; the current one by default. */
  readonly cwd?: string | undefined;
  /** The configuration file, absolute or from `cwd`; by default `anyfn.config.{ts,mts,js,mjs}`, if there is one. */
  readonly config?: string | undefined;
  /** Names of targets; by default the configured ones, else those whose adapters are installed. */
  readonly targets?: readonly string[] | undefined;
  /** Folder for the artifacts in place of the configured one, absolute or from `cwd`. */
  readonly outDir?: string | undefined;
  /** Is told what has been done. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What has been done. */
export type Progress =
  | {
      readonly kind: "discovered";
      readonly app: string;
      readonly functions: number;
      readonly targets: readonly string[];
    }
  | {
      readonly kind: "bundled";
      readonly target: string;
      readonly directory: string;
      /** Artifacts that are done, and all of them. */
      readonly done: number;
      readonly total: number;
    };

/** What was built. */
export interface BuildResult {
  readonly app: string;
  /** Absolute. */
  readonly outDir: string;
  readonly targets: readonly BuiltTarget[];
  /** What may be wrong in packages, such as an import that nothing provides. */
  readonly warnings: readonly string[];
}

/** What was built for one target. */
export interface BuiltTarget {
  readonly target: string;
  /** Absolute. */
  readonly directory: string;
  readonly manifest: Manifest;
  /** Milliseconds that each artifact took, in the manifest's order. */
  readonly milliseconds: readonly number[];
}

interface Job {
  readonly target: Target;
  readonly plan: ArtifactPlan;
}

interface Done {
  readonly target: Target;
  readonly artifact: Artifact;
  readonly warnings: readonly string[];
  readonly milliseconds: number;
}

/**
 * Builds a project's functions for its targets. Nothing is written unless all of it could be built.
 *
 * @throws AnyfnError `build` that says where, what is wrong and what to do about it.
 */
export async function build(options: BuildOptions = {}): Promise<BuildResult> {
  const cwd = projectFolder(options.cwd);
  const config = await loadConfig(cwd, options.config);
  const app = config.name;
  const names = options.targets ?? defaultTargets(cwd, config);
  const outDir = options.outDir === undefined ? config.outDir : resolve(cwd, options.outDir);
  const [targets, { functions, pureCalls }] = await Promise.all([
    loadTargets(cwd, config, names),
    discover(cwd, config.functions, outDir),
  ]);
  options.onProgress?.({ kind: "discovered", app, functions: functions.length, targets: names });
  checkTargets(cwd, targets, app, functions);
  const jobs = targets.flatMap((target) =>
    target.adapter.plan(inputFor(target, app, functions)).map((plan) => ({ target, plan })),
  );
  const bundling: BundleOptions = {
    cwd,
    minify: config.minify,
    pureCalls,
    functions,
    preludeOf: preludesOf(
      cwd,
      jobs.map(({ plan }) => needsOf(plan, functions)),
    ),
    nameModule: moduleNamer(cwd),
  };
  const done = await buildAll(jobs, bundling, options.onProgress);
  const built = targets.map((target) => {
    const own = done.filter((item) => item.target === target);
    const files = filesOf(own.map(({ artifact }) => artifact));
    return { files, ...describe(cwd, app, outDir, functions, target.adapter.name, own) };
  });
  for (const { directory, files, manifest } of built) writeTarget(directory, files, manifest);
  return {
    app,
    outDir,
    targets: built.map(({ files: _files, ...rest }) => rest),
    warnings: [...new Set(done.flatMap(({ warnings }) => warnings))],
  };
}

function describe(
  cwd: string,
  app: string,
  outDir: string,
  functions: readonly FoundFunction[],
  target: string,
  done: readonly Done[],
): BuiltTarget {
  const artifacts = done.map(({ artifact }) => artifact.manifest);
  return {
    target,
    directory: join(outDir, target),
    manifest: createManifest(cwd, app, target, functions, artifacts),
    milliseconds: done.map(({ milliseconds }) => milliseconds),
  };
}

function projectFolder(cwd: string = process.cwd()): string {
  const folder = resolve(cwd);
  try {
    return realpathSync(folder);
  } catch (cause) {
    throw buildError(`There is no folder ${folder}. Name the project's folder.`, cause);
  }
}

/** Builds the artifacts of all targets, a few at a time: rolldown has threads of its own. */
async function buildAll(
  jobs: readonly Job[],
  options: BundleOptions,
  onProgress: BuildOptions["onProgress"],
): Promise<readonly Done[]> {
  const done: Done[] = [];
  const queue = jobs.entries();
  let count = 0;
  const work = async (): Promise<void> => {
    for (const [index, { target, plan }] of queue) {
      const started = performance.now();
      const bundled = await bundle(plan, options);
      const artifact = assemble(plan, bundled);
      const milliseconds = performance.now() - started;
      done[index] = { target, artifact, warnings: bundled.warnings, milliseconds };
      const { directory } = plan;
      onProgress?.({
        kind: "bundled",
        target: target.adapter.name,
        directory,
        done: ++count,
        total: jobs.length,
      });
    }
  };
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, work));
  return done;
}

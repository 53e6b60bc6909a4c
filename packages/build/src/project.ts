import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { buildError } from "./_problem.ts";
import { defaultTargets, loadTargets, type Target } from "./adapters.ts";
import { type LoadedConfig, loadConfig } from "./config.ts";
import { type Discovery, discover } from "./discover.ts";

/** Which project, and for which targets. */
export interface ProjectOptions {
  /** The project's folder; the current one by default. */
  readonly cwd?: string | undefined;
  /** The configuration file, absolute or from `cwd`; by default `anyfn.config.{ts,mts,js,mjs}`, if there is one. */
  readonly config?: string | undefined;
  /** Names of targets; by default the configured ones, else those whose adapters are installed. */
  readonly targets?: readonly string[] | undefined;
  /** Folder for the artifacts in place of the configured one, absolute or from `cwd`. */
  readonly outDir?: string | undefined;
}

/** A project whose configuration, adapters and functions are loaded. */
export interface Project extends Discovery {
  /** Real path. */
  readonly cwd: string;
  readonly config: LoadedConfig;
  readonly targets: readonly Target[];
  /** Absolute. */
  readonly outDir: string;
}

/**
 * Loads a project.
 *
 * @throws AnyfnError `build` that says where, what is wrong and what to do about it.
 */
export async function openProject(options: ProjectOptions): Promise<Project> {
  const cwd = projectFolder(options.cwd);
  const config = await loadConfig(cwd, options.config);
  const names = options.targets ?? defaultTargets(cwd, config);
  const outDir = options.outDir === undefined ? config.outDir : resolve(cwd, options.outDir);
  const [targets, discovery] = await Promise.all([
    loadTargets(cwd, config, names),
    discover(cwd, config.functions, outDir),
  ]);
  return { cwd, config, targets, outDir, ...discovery };
}

/** The real path of a project's folder. @throws AnyfnError `build` when it is not there. */
export function projectFolder(cwd: string = process.cwd()): string {
  const folder = resolve(cwd);
  try {
    return realpathSync(folder);
  } catch (cause) {
    throw buildError(`There is no folder ${folder}. Name the project's folder.`, cause);
  }
}

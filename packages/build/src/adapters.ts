import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { nearest } from "./_nearest.ts";
import { buildError, quoteList } from "./_problem.ts";
import { type LoadedConfig, listIssues } from "./config.ts";
import type { BuildAdapter } from "./model.ts";

/** A target to build: its adapter and the validated section of the configuration. */
export interface Target {
  readonly adapter: BuildAdapter;
  readonly settings: unknown;
}

/** Targets whose adapters are published beside this package. */
const KNOWN = ["aws", "azure", "gcp", "node"];

/** The targets to build unless told otherwise: the configured ones, else those whose adapters are installed. */
export function defaultTargets(cwd: string, config: LoadedConfig): readonly string[] {
  const configured = Object.keys(config.targets);
  const targets = configured.length > 0 ? configured : installedTargets(cwd);
  if (targets.length > 0) return targets;
  throw buildError(
    `No target is installed. Install one of ${quoteList(KNOWN)}: npm install --save-dev @anyfn/${KNOWN[0]}`,
  );
}

/**
 * Loads the adapter of each target from the user's project and validates its settings.
 *
 * @throws AnyfnError `build` for a target that is unknown or not installed, and for settings it does not have.
 */
export async function loadTargets(
  cwd: string,
  config: LoadedConfig,
  names: readonly string[],
): Promise<readonly Target[]> {
  assertConfigured(cwd, config);
  return Promise.all(
    [...new Set(names)].map(async (name) => {
      const adapter = await loadAdapter(cwd, name);
      return { adapter, settings: await parseSettings(adapter, config) };
    }),
  );
}

/** A misspelt section would be settings that nobody reads. */
function assertConfigured(cwd: string, config: LoadedConfig): void {
  const names = [...new Set([...KNOWN, ...installedTargets(cwd)])];
  const unknown = Object.keys(config.targets).filter((name) => !names.includes(name));
  if (unknown.length === 0) return;
  throw buildError(
    `${config.source} has settings for ${quoteList(unknown)}, which is no target. Targets: ${quoteList(names)}.`,
  );
}

async function loadAdapter(cwd: string, name: string): Promise<BuildAdapter> {
  const file = resolveAdapter(cwd, name);
  if (file === undefined) throw unknownTarget(cwd, name);
  const module: { readonly adapter?: BuildAdapter } = await import(pathToFileURL(file).href);
  if (typeof module.adapter?.plan === "function") return module.adapter;
  throw buildError(
    `@anyfn/${name}/build exports no \`adapter\` with a plan(). Install a version that fits this one of anyfn.`,
  );
}

function resolveAdapter(cwd: string, name: string): string | undefined {
  if (!/^[a-z0-9-]+$/.test(name)) return undefined;
  try {
    return createRequire(join(cwd, "package.json")).resolve(`@anyfn/${name}/build`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "MODULE_NOT_FOUND" || code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return undefined;
    throw error;
  }
}

function unknownTarget(cwd: string, name: string): Error {
  const installed = installedTargets(cwd);
  if (KNOWN.includes(name)) {
    return buildError(
      `The target "${name}" is not installed. Install it: npm install --save-dev @anyfn/${name}\n` +
        `Installed: ${quoteList(installed)}.`,
    );
  }
  const suggestion = nearest(name, [...new Set([...KNOWN, ...installed])]);
  const hint = suggestion === undefined ? "" : ` Did you mean "${suggestion}"?`;
  return buildError(
    `There is no target "${name}".${hint} Known: ${quoteList(KNOWN)}. Installed: ${quoteList(installed)}.\n` +
      "Correct the name, or install the target's package: npm install --save-dev @anyfn/<target>",
  );
}

/** Names of the `@anyfn/*` packages that have a build side, from the project's folder upwards. */
function installedTargets(cwd: string): readonly string[] {
  const names = new Set<string>();
  for (let folder = cwd; ; folder = dirname(folder)) {
    const scope = join(folder, "node_modules", "@anyfn");
    if (existsSync(scope)) {
      for (const name of readdirSync(scope)) if (hasBuildSide(join(scope, name))) names.add(name);
    }
    if (folder === dirname(folder)) return [...names].sort();
  }
}

function hasBuildSide(folder: string): boolean {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return false;
  const { exports = {} } = JSON.parse(readFileSync(file, "utf8")) as { exports?: object };
  return "./build" in exports;
}

async function parseSettings(adapter: BuildAdapter, config: LoadedConfig): Promise<unknown> {
  const section = config.targets[adapter.name] ?? {};
  const result = await adapter.settings["~standard"].validate(section);
  if (result.issues === undefined) return result.value;
  const prefixed = result.issues.map(({ path = [], message }) => ({
    path: ["targets", adapter.name, ...path],
    message,
  }));
  throw buildError(
    `${config.source} is not a valid configuration:\n${listIssues(prefixed)}\n` +
      `The README of @anyfn/${adapter.name} lists the settings.`,
  );
}

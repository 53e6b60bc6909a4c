import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { packageFinder } from "./_native-package.ts";
import { moduleNamer } from "./_paths.ts";
import { preludesOf } from "./_prelude.ts";
import { markPureCalls } from "./_pure.ts";
import { declaredAssets } from "./assets.ts";
import { type BundleOptions, needsOf } from "./bundle.ts";
import { npmInstaller } from "./install.ts";
import type { ArtifactPlan } from "./model.ts";
import type { Project } from "./project.ts";

/** Names of classes stay, because errors are logged and told apart by them; that costs 1 % of the size. */
const MINIFY = {
  compress: true,
  mangle: { keepNames: { class: true, function: false } },
  codegen: true,
} as const;

/** What the artifacts of a build share. */
export interface Bundling extends BundleOptions {
  /** What an artifact is made of besides files: equal texts and files make equal artifacts. */
  readonly keyOf: (plan: ArtifactPlan) => string;
}

/** Prepares the bundling of all artifacts of a build. */
export function prepareBundling(project: Project, plans: readonly ArtifactPlan[]): Bundling {
  const { cwd, config, outDir, functions, pureCalls } = project;
  const minify = config.minify && MINIFY;
  const needs = plans.map((plan) => needsOf(plan, functions));
  const assets = declaredAssets(cwd, config.assets, outDir);
  const counts = new Map<string, number>();
  const textOf = (plan: ArtifactPlan) => JSON.stringify(needsOf(plan, functions));
  for (const plan of plans) counts.set(textOf(plan), (counts.get(textOf(plan)) ?? 0) + 1);
  return {
    cwd,
    minify,
    markPure: markPureCalls(pureCalls),
    functions,
    preludeOf: preludesOf(cwd, needs, minify),
    nameModule: moduleNamer(cwd),
    hashFile: hasher(),
    assets,
    findPackage: packageFinder(),
    install: npmInstaller(cwd),
    keyOf: (plan) => {
      const isShared = (counts.get(textOf(plan)) ?? 0) > 1;
      return JSON.stringify([plan, textOf(plan), isShared, config.minify, assets]);
    },
  };
}

/** Hashes each file once. */
function hasher(): (file: string) => string {
  const known = new Map<string, string>();
  return (file) => {
    const hash = known.get(file) ?? createHash("sha256").update(readFileSync(file)).digest("hex");
    known.set(file, hash);
    return hash;
  };
}

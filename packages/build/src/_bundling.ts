import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { packageFinder } from "./_native-package.ts";
import { memoize, moduleNamer } from "./_paths.ts";
import { preludeKey, preludesOf } from "./_prelude.ts";
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
  const needs = new Map(plans.map((plan) => [plan, needsOf(plan, functions)]));
  const needsOfPlan = (plan: ArtifactPlan) => needs.get(plan) ?? needsOf(plan, functions);
  const preludes = preludesOf(cwd, [...needs.values()], minify);
  const assets = declaredAssets(cwd, config.assets, outDir);
  return {
    cwd,
    minify,
    markPure: markPureCalls(pureCalls),
    needsOf: needsOfPlan,
    preludes,
    nameModule: moduleNamer(cwd),
    hashFile: memoize((file) => createHash("sha256").update(readFileSync(file)).digest("hex")),
    assets,
    findPackage: packageFinder(),
    install: npmInstaller(cwd),
    keyOf: (plan) => {
      const own = needsOfPlan(plan);
      return JSON.stringify([plan, preludeKey(own), preludes.isShared(own), config.minify, assets]);
    },
  };
}

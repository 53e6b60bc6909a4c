import { dirname, resolve } from "node:path";
import { withoutUnused } from "./_features.ts";
import { type Linked, type LinkInput, type LinkOptions, link } from "./_link.ts";
import { type Prelude, type PreludeNeeds, preludeNeeds, usePrelude, withModules } from "./_prelude.ts";
import { markPureCalls } from "./_pure.ts";
import type { PureCalls } from "./_syntax.ts";
import type { ArtifactPlan, DiscoveredFunction } from "./model.ts";

/** What bundling an artifact needs besides its plan. */
export interface BundleOptions {
  /** Absolute path of the project. */
  readonly cwd: string;
  readonly minify: boolean;
  readonly pureCalls: PureCalls;
  /** Of the whole project. */
  readonly functions: readonly DiscoveredFunction[];
  /** The code that an artifact shares with others, if it does. */
  readonly preludeOf: (needs: PreludeNeeds) => Promise<Prelude> | undefined;
  /** Names a module without the machine's paths. */
  readonly nameModule: (file: string) => string;
}

/** The bundle of an artifact. */
export interface Bundle {
  /** The bundle and its source map, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Names of the modules that went in, sorted. */
  readonly modules: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Bundles an artifact's entry into one file: only what the entry uses, with a source map beside it.
 *
 * @throws AnyfnError `build` for what cannot be parsed or resolved.
 */
export async function bundle(plan: ArtifactPlan, options: BundleOptions): Promise<Bundle> {
  const linked = await linkArtifact(plan, options);
  const { file } = plan.bundle;
  return {
    files: { [file]: linked.code, [`${file}.map`]: linked.map },
    modules: [...new Set(linked.modules.map(options.nameModule))].sort(),
    warnings: linked.warnings,
  };
}

async function linkArtifact(plan: ArtifactPlan, options: BundleOptions): Promise<Linked> {
  const needs = needsOf(plan, options.functions);
  const whole = linkOptions(plan, options, needs.input);
  const prelude = await options.preludeOf(needs);
  if (prelude === undefined) return link(whole);
  const plugin = usePrelude(prelude);
  const linked = await link({ ...whole, plugins: [plugin, ...whole.plugins] });
  return plugin.isComplete() ? withModules(linked, prelude) : link(whole);
}

function linkOptions(plan: ArtifactPlan, options: BundleOptions, input: LinkInput): LinkOptions {
  const { cwd, nameModule } = options;
  const { file, format } = plan.bundle;
  return {
    cwd,
    entry: plan.entry,
    input,
    plugins: [markPureCalls(options.pureCalls)],
    output: {
      file,
      format,
      minify: options.minify && MINIFY,
      sourcemap: true,
      // The sources stay at home: their text would triple what a cold start reads to show one stack trace.
      sourcemapExcludeSources: true,
      sourcemapPathTransform: (source, map) => nameModule(resolve(dirname(resolve(cwd, map)), source)),
    },
  };
}

/** What the bundle of an artifact takes from core and its adapter. */
export function needsOf(plan: ArtifactPlan, functions: readonly DiscoveredFunction[]): PreludeNeeds {
  const inside = functions.filter(({ name }) => plan.functions.includes(name));
  return preludeNeeds(plan.entry, {
    external: plan.bundle.external.map(matchPackage),
    transform: { target: "node22", define: withoutUnused(inside.map(({ definition }) => definition)) },
  });
}

/** Names of classes stay, because errors are logged and told apart by them; that costs 1 % of the size. */
const MINIFY = {
  compress: true,
  mangle: { keepNames: { class: true, function: false } },
  codegen: true,
} as const;

/** Matches a package and its subpaths; `@aws-sdk/*` matches every package of a scope. */
function matchPackage(name: string): RegExp {
  return new RegExp(`^${name.replace(/\/\*$/, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?:/|$)`);
}

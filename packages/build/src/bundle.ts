import { dirname, resolve } from "node:path";
import { withoutUnused } from "./_features.ts";
import { link } from "./_link.ts";
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
  const { cwd, nameModule } = options;
  const { file, format, external } = plan.bundle;
  const inside = options.functions.filter(({ name }) => plan.functions.includes(name));
  const linked = await link({
    cwd,
    entry: plan.entry,
    input: {
      external: external.map(matchPackage),
      transform: { target: "node22", define: withoutUnused(inside.map(({ definition }) => definition)) },
    },
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
  });
  return {
    files: { [file]: linked.code, [`${file}.map`]: linked.map },
    modules: [...new Set(linked.modules.map(nameModule))].sort(),
    warnings: linked.warnings,
  };
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

import { dirname, resolve } from "node:path";
import type { Plugin } from "rolldown";
import { type Asset, keepPlaces } from "./_assets.ts";
import { withoutUnused } from "./_features.ts";
import { joinPrelude, leaveOutPrelude } from "./_join.ts";
import { type LinkInput, type LinkOptions, link, type Minify } from "./_link.ts";
import { findNative, refuseNativeFiles } from "./_native.ts";
import type { packageFinder } from "./_native-package.ts";
import { type PreludeNeeds, type Preludes, preludeNeeds } from "./_prelude.ts";
import { type Content, contentOf, type Found } from "./content.ts";
import type { Install } from "./install.ts";
import type { ManifestInput } from "./manifest.ts";
import type { ArtifactPlan, DiscoveredFunction } from "./model.ts";

/** What bundling an artifact needs besides its plan. */
export interface BundleOptions {
  /** Absolute path of the project. */
  readonly cwd: string;
  readonly minify: Minify;
  readonly markPure: Plugin;
  /** What an artifact takes from core and its adapter. */
  readonly needsOf: (plan: ArtifactPlan) => PreludeNeeds;
  /** The code that artifacts share. */
  readonly preludes: Preludes;
  /** Names a module without the machine's paths. */
  readonly nameModule: (file: string) => string;
  /** SHA-256 of a file. */
  readonly hashFile: (file: string) => string;
  /** Which every artifact has. */
  readonly assets: readonly Asset[];
  readonly findPackage: ReturnType<typeof packageFinder>;
  readonly install: Install;
}

/** The bundle of an artifact, and what stands beside it. */
export interface Bundle extends Content {
  /** The bundle and its source map, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** The modules that went in, sorted by name. */
  readonly modules: readonly ManifestInput[];
  /** Absolute paths of all files that had a part in it. */
  readonly inputs: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Bundles an artifact's entry into one file: only what the entry uses, with a source map beside it.
 *
 * @throws AnyfnError `build` for what cannot be parsed, resolved or bundled.
 */
export async function bundle(plan: ArtifactPlan, options: BundleOptions): Promise<Bundle> {
  const found = await linkArtifact(plan, options);
  const content = await contentOf(plan, found, options);
  const { linked, warnings } = found;
  const { file } = plan.bundle;
  const modules = new Map(linked.modules.map((path) => [options.nameModule(path), path]));
  return {
    ...content,
    files: { [file]: linked.code, [`${file}.map`]: linked.map },
    modules: [...modules]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, path]) => ({ name, sha256: options.hashFile(path) })),
    inputs: [...linked.inputs, ...content.assets.map((asset) => asset.file)],
    warnings: [...linked.warnings, ...warnings],
  };
}

interface LinkedArtifact extends Found {
  readonly warnings: readonly string[];
}

async function linkArtifact(plan: ArtifactPlan, options: BundleOptions): Promise<LinkedArtifact> {
  const needs = options.needsOf(plan);
  const linking = options.preludes.of(needs);
  if (linking === undefined) return linkWith(plan, options, needs.input, []);
  const plugin = leaveOutPrelude(needs.specifiers);
  const [prelude, found] = await Promise.all([linking, linkWith(plan, options, needs.input, [plugin])]);
  const linked = plugin.isComplete() ? await joinPrelude(found.linked, prelude) : undefined;
  return linked === undefined ? linkWith(plan, options, needs.input, []) : { ...found, linked };
}

async function linkWith(
  plan: ArtifactPlan,
  options: BundleOptions,
  input: LinkInput,
  first: readonly Plugin[],
): Promise<LinkedArtifact> {
  const { cwd, findPackage } = options;
  const assets = keepPlaces(options);
  const native = findNative({ cwd, findPackage, installs: plan.bundle.native !== undefined });
  const own = [native, refuseNativeFiles(cwd), options.markPure, assets];
  const linked = await link({ ...linkOptions(plan, options, input), plugins: [...first, ...own] });
  const warnings = [...native.warnings(), ...assets.warnings()];
  return { linked, assets: assets.found(), packages: native.packages(), warnings };
}

function linkOptions(
  plan: ArtifactPlan,
  options: BundleOptions,
  input: LinkInput,
): Omit<LinkOptions, "plugins"> {
  const { cwd, nameModule } = options;
  const { file, format } = plan.bundle;
  return {
    cwd,
    entry: plan.entry,
    input,
    output: {
      file,
      format,
      minify: options.minify,
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
    transform: {
      target: "node22",
      define: { ...withoutUnused(inside.map(({ definition }) => definition)), ...PLACES[plan.bundle.format] },
    },
  });
}

/** ES modules have no variables for their place, and code of packages asks for them. */
const PLACES = {
  esm: { __dirname: "import.meta.dirname", __filename: "import.meta.filename" },
  cjs: {},
} as const;

/** Matches a package and its subpaths; `@aws-sdk/*` matches every package of a scope. */
function matchPackage(name: string): RegExp {
  return new RegExp(`^${name.replace(/\/\*$/, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?:/|$)`);
}

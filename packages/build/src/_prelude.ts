import { type LinkInput, link, type Minify } from "./_link.ts";

/**
 * Core and an adapter's part for one trigger, linked once for all artifacts of a kind. The own code of each of these is
 * linked without it, which takes a fifth of the time, and then put behind what it uses of it. The prelude has no source
 * map, and none of the user's code is in it.
 */
export interface Prelude {
  readonly modules: readonly string[];
  readonly inputs: readonly string[];
  /** The part that gives these names, linked once for each set of them; undefined when it cannot stand alone. */
  readonly partFor: (names: readonly string[]) => Promise<PreludePart | undefined>;
}

/** Statements without imports and exports, and what each name is called in them. */
export interface PreludePart {
  readonly code: string;
  readonly locals: ReadonlyMap<string, string>;
}

/** What an artifact's prelude is made of; equal texts make equal preludes. */
export interface PreludeNeeds {
  /** Source of the prelude's entry. */
  readonly entry: string;
  /** What is imported from it in place of the packages: `@anyfn/core`, `@anyfn/aws/http`. */
  readonly specifiers: readonly string[];
  readonly input: LinkInput;
}

const OWN_IMPORT = /^import (\{[^}]+\}) from "(@anyfn\/[^"]+)";$/gm;

/** Reads what an artifact's entry takes from our packages. */
export function preludeNeeds(entry: string, input: LinkInput): PreludeNeeds {
  const own = [...entry.matchAll(OWN_IMPORT)].map(([, names = "", specifier = ""]) => ({ names, specifier }));
  const exports = own.map(({ names, specifier }) => `export ${names} from "${specifier}";`);
  return {
    entry: ['export * from "@anyfn/core";', ...exports, ""].join("\n"),
    specifiers: ["@anyfn/core", ...own.map(({ specifier }) => specifier)],
    input,
  };
}

/** The preludes of a build. */
export interface Preludes {
  /** Whether another artifact has the same prelude. */
  readonly isShared: (needs: PreludeNeeds) => boolean;
  /** The prelude of artifacts that share theirs, linked once; undefined for the others. */
  readonly of: (needs: PreludeNeeds) => Promise<Prelude> | undefined;
}

/** Prepares the preludes of all artifacts of a build. */
export function preludesOf(cwd: string, artifacts: readonly PreludeNeeds[], minify: Minify): Preludes {
  const groups = Map.groupBy(artifacts, preludeKey);
  const linked = new Map<string, Promise<Prelude>>();
  const isShared = (needs: PreludeNeeds) => (groups.get(preludeKey(needs))?.length ?? 0) > 1;
  return {
    isShared,
    of: (needs) => {
      if (!isShared(needs)) return undefined;
      const key = preludeKey(needs);
      const prelude = linked.get(key) ?? linkPrelude(cwd, needs, minify);
      linked.set(key, prelude);
      return prelude;
    },
  };
}

/** Equal for artifacts with the same prelude. */
export function preludeKey({ entry, input }: PreludeNeeds): string {
  return JSON.stringify([entry, String(input.external), input.transform]);
}

async function linkPrelude(cwd: string, { entry, input }: PreludeNeeds, minify: Minify): Promise<Prelude> {
  const { code, modules, inputs } = await link({
    cwd,
    entry,
    input,
    plugins: [],
    output: {
      file: "prelude.mjs",
      format: "esm",
      minify: { compress: true, mangle: false, codegen: false },
      sourcemap: false,
      // The marks of pure calls let a bundle drop what it does not use.
      comments: { legal: true, annotation: true, jsdoc: false },
    },
  });
  const whole = withoutExports(code);
  const parts = new Map<string, Promise<PreludePart | undefined>>();
  const partFor = (names: readonly string[]): Promise<PreludePart | undefined> => {
    // In one order: what is linked must not depend on whose artifact comes first.
    const sorted = [...names].sort();
    const key = sorted.join();
    const part = parts.get(key) ?? linkPart(cwd, whole, sorted, minify);
    parts.set(key, part);
    return part;
  };
  return { modules, inputs, partFor };
}

/** Links what of a prelude gives these names; undefined where one of them is not in it. */
async function linkPart(
  cwd: string,
  { code, locals }: PreludePart,
  names: readonly string[],
  minify: Minify,
): Promise<PreludePart | undefined> {
  if (names.some((name) => !locals.has(name))) return undefined;
  const exported = names.map((name) => `${locals.get(name)} as ${name}`);
  const linked = await link({
    cwd,
    entry: `${code}\nexport { ${exported.join(", ")} };`,
    input: {},
    plugins: [],
    output: { file: "part.mjs", format: "esm", minify, sourcemap: false },
  });
  return /^\s*import\b/m.test(linked.code) ? undefined : withoutExports(linked.code);
}

/** Takes the one statement of exports off the end of linked code. */
function withoutExports(code: string): PreludePart {
  const found = /\bexport\s*\{([^{}]*)\};?\s*$/.exec(code);
  const pairs = pairsOf(found?.[1] ?? "");
  return { code: code.slice(0, found?.index), locals: new Map(pairs.map(([local, name]) => [name, local])) };
}

/** `a as b, c` as pairs. */
export function pairsOf(specifiers: string): ReadonlyArray<readonly [string, string]> {
  return Array.from(specifiers.matchAll(/([\w$]+)(?:\s+as\s+([\w$]+))?/g), ([, left = "", right = left]) => [
    left,
    right,
  ]);
}

import type { Plugin } from "rolldown";
import { isPackageFile, type Linked, type LinkInput, link } from "./_link.ts";

/**
 * Core and an adapter's part for one trigger in one module. Artifacts of the same kind share it: each of them then links
 * two modules in the place of all that stand behind these. Its code has no source map, and none of the user's is in it.
 */
export interface Prelude {
  readonly code: string;
  /** What is imported from it in place of the packages: `@anyfn/core`, `@anyfn/aws/http`. */
  readonly specifiers: readonly string[];
  readonly modules: readonly string[];
  readonly inputs: readonly string[];
}

/** What an artifact's prelude is made of; equal texts make equal preludes. */
export interface PreludeNeeds {
  /** Source of the prelude's entry. */
  readonly entry: string;
  readonly specifiers: readonly string[];
  readonly input: LinkInput;
}

const PRELUDE = "\0anyfn:prelude";
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

/** Gives the prelude of artifacts that share theirs with another, each linked once; undefined for the others. */
export function preludesOf(
  cwd: string,
  artifacts: readonly PreludeNeeds[],
): (needs: PreludeNeeds) => Promise<Prelude> | undefined {
  const shared = Map.groupBy(artifacts, keyOf);
  const linked = new Map<string, Promise<Prelude>>();
  return (needs) => {
    const key = keyOf(needs);
    if ((shared.get(key)?.length ?? 0) < 2) return undefined;
    const prelude = linked.get(key) ?? linkPrelude(cwd, needs);
    linked.set(key, prelude);
    return prelude;
  };
}

function keyOf({ entry, input }: PreludeNeeds): string {
  return JSON.stringify([entry, String(input.external), input.transform]);
}

async function linkPrelude(cwd: string, { entry, specifiers, input }: PreludeNeeds): Promise<Prelude> {
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
  return { code, specifiers, modules, inputs };
}

/** Links a prelude in the place of the packages, and notes when that is not the same. */
export function usePrelude({ code, specifiers }: Prelude): Plugin & { isComplete(): boolean } {
  let isComplete = true;
  return {
    name: "anyfn:prelude",
    isComplete: () => isComplete,
    resolveId: {
      filter: { id: /^@anyfn\// },
      handler(id, importer = "") {
        // A package may have a copy of its own, and a module may want what the prelude does not have.
        if (specifiers.includes(id) && !isPackageFile(importer)) return PRELUDE;
        isComplete = false;
        return null;
      },
    },
    load: {
      filter: { id: /^\0anyfn:prelude$/ },
      handler: () => ({ code, moduleType: "js", map: { version: 3, sources: [], names: [], mappings: "" } }),
    },
  };
}

/** A bundle that took the modules of a prelude. */
export function withModules(linked: Linked, { modules, inputs }: Prelude): Linked {
  return { ...linked, modules: [...modules, ...linked.modules], inputs: [...inputs, ...linked.inputs] };
}

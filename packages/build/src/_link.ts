import { isAbsolute } from "node:path";
import {
  type InputOptions,
  type OutputOptions,
  type Plugin,
  type RolldownLog,
  type RolldownOutput,
  rolldown,
} from "rolldown";
import { diagnose, fromBundleError, placeOf } from "./_diagnostics.ts";

/** Id of the entry module, whose source text is given. The zero byte keeps it out of source maps. */
const ENTRY = "\0anyfn:entry";

/** What modules are outside, and how source text is changed on the way. */
export type LinkInput = Pick<InputOptions, "external" | "transform">;

/** Whether and how code is made smaller. */
export type Minify = NonNullable<OutputOptions["minify"]>;

/** What to link into one file, in memory. */
export interface LinkOptions {
  /** Absolute path of the project, from which the entry's imports are resolved. */
  readonly cwd: string;
  /** Source text of the entry module. */
  readonly entry: string;
  readonly input: LinkInput;
  readonly plugins: readonly Plugin[];
  readonly output: Pick<
    OutputOptions,
    "file" | "format" | "minify" | "sourcemap" | "sourcemapExcludeSources" | "comments"
  > & {
    /** Names a source of the source map; the argument is as rolldown writes it, relative to the map. */
    readonly sourcemapPathTransform?: (source: string, sourcemapPath: string) => string;
  };
}

/** A linked file. */
export interface Linked {
  readonly code: string;
  /** JSON text of the source map. */
  readonly map: string;
  /** Absolute paths of the modules that went in, in order of execution. */
  readonly modules: readonly string[];
  /** Absolute paths of all modules that were read, also of those that fell away. */
  readonly inputs: readonly string[];
  /** What is suspicious in packages; in the user's own files it is an error. */
  readonly warnings: readonly string[];
}

/**
 * Links an entry module and what it imports with rolldown.
 *
 * @throws AnyfnError `build` with file, line and code frame for what cannot be parsed or resolved.
 */
export async function link({ cwd, entry, input, plugins, output }: LinkOptions): Promise<Linked> {
  const logs: RolldownLog[] = [];
  try {
    await using bundle = await rolldown({
      ...input,
      cwd,
      input: { entry: ENTRY },
      platform: "node",
      // Without the comments that name each module by its path.
      experimental: { attachDebugInfo: "none" },
      plugins: [virtualEntry(entry), ...plugins],
      onLog: (_level, log) => void logs.push(log),
    });
    const { output: files } = await bundle.generate({
      comments: { legal: true, annotation: false, jsdoc: false },
      ...output,
      codeSplitting: false,
    });
    const [chunk] = files;
    const unresolved = logs.filter((log) => log.code === "UNRESOLVED_IMPORT");
    const own = unresolved.filter((log) => !isPackageFile(placeOf(log)?.file ?? ""));
    if (own.length > 0) throw diagnose(own, cwd);
    return {
      code: chunk.code,
      map: textOf(files, `${chunk.fileName}.map`),
      modules: chunk.moduleIds.filter(isAbsolute),
      inputs: (await bundle.watchFiles).filter(isAbsolute),
      warnings: unresolved.map((log) => diagnose([log], cwd).message),
    };
  } catch (thrown) {
    throw fromBundleError(thrown, cwd);
  }
}

/** The text of an emitted file; a chunk's own `map` would be parsed and written again. */
function textOf(files: RolldownOutput["output"], name: string): string {
  const file = files.find(({ fileName }) => fileName === name);
  return file?.type === "asset" ? String(file.source) : "";
}

/** Whether a file belongs to an installed package. */
export function isPackageFile(file: string): boolean {
  return /[\\/]node_modules[\\/]/.test(file);
}

function virtualEntry(source: string): Plugin {
  return {
    name: "anyfn:entry",
    resolveId: { filter: { id: /^\0anyfn:entry$/ }, handler: () => ENTRY },
    load: { filter: { id: /^\0anyfn:entry$/ }, handler: () => ({ code: source, moduleType: "js" }) },
  };
}

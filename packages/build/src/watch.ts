import { basename, dirname, resolve } from "node:path";
import { buildAgain, type Done } from "./_build-again.ts";
import { isPackageFile } from "./_link.ts";
import { createWatcher } from "./_watcher.ts";
import type { BuildOptions, BuildResult } from "./build.ts";
import { projectFolder } from "./project.ts";
import { createReuse } from "./reuse.ts";

/** What to build whenever something changes. */
export interface WatchOptions extends BuildOptions {
  /** Ends the watching. */
  readonly signal: AbortSignal;
  /** Is told what each build made, and how long it took in milliseconds. */
  readonly onBuilt: (result: BuildResult, milliseconds: number) => void;
  /** Is told why a build failed; the next change starts another. */
  readonly onFailed: (error: unknown) => void;
}

/** Files that change how others are read. */
const GENERAL =
  /^(?:anyfn\.config\.\w+|package(?:-lock)?\.json|tsconfig.*\.json|pnpm-lock\.yaml|yarn\.lock)$/;
/** What may become part of a build; anything else counts when it is one already. */
const CANDIDATE = /\.(?:[cm]?[jt]sx?|json|proto|wasm)$/;

/**
 * Builds a project, and again whenever one of its files changes, until the signal. Only artifacts that are made of a
 * changed file are bundled again. Errors are reported, and end nothing.
 */
export async function watch(options: WatchOptions): Promise<void> {
  const { signal, onBuilt, onFailed } = options;
  const cwd = projectFolder(options.cwd);
  const reuse = createReuse<Done>();
  let outDir = resolve(cwd, options.outDir ?? "dist");
  const watcher = createWatcher(cwd, outDir);
  signal.addEventListener("abort", () => watcher.close(), { once: true });
  while (!signal.aborted) {
    watcher.begin(ownFolders(reuse.inputs()));
    const started = performance.now();
    reuse.refresh();
    try {
      const result = await buildAgain(options, reuse);
      outDir = result.outDir;
      onBuilt(result, performance.now() - started);
    } catch (error) {
      onFailed(error);
    }
    const inputs = reuse.inputs();
    watcher.end(ownFolders(inputs), outDir);
    const matters = (path: string) => inputs.has(path) || CANDIDATE.test(path);
    const { paths, isStructural } = await watcher.next(matters);
    // A file that came or went may change what an import means.
    if (isStructural || paths.some((path) => GENERAL.test(basename(path)))) reuse.clear();
  }
}

/** The folders of files that are no installed packages', such as those of a workspace. */
function ownFolders(files: ReadonlySet<string>): readonly string[] {
  return [...new Set([...files].filter((file) => !isPackageFile(file)).map((file) => dirname(file)))];
}

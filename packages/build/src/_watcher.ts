import { existsSync, type FSWatcher, readdirSync, watch } from "node:fs";
import { basename, join, sep } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { toError } from "@anyfn/core/adapter";
import { isFileAt } from "./_paths.ts";
import { buildError } from "./_problem.ts";

/** What has changed. */
export interface Changed {
  /** Absolute. */
  readonly paths: readonly string[];
  /** Whether a file or a folder came or went. */
  readonly isStructural: boolean;
}

/** Watches the folders of a project. */
export interface Watcher {
  /**
   * Begins a build: what comes or goes from now on is news. Folders of the project that are new are watched, and some
   * others; what is gone no longer is.
   */
  begin(others: readonly string[]): void;
  /** Ends a build, which knows more: further folders, and the one that it writes into. */
  end(others: readonly string[], outDir: string): void;
  /**
   * Settles when something that matters has changed and nothing more followed for a moment: editors and version control
   * write many files at once. When it is closed, it settles with nothing.
   */
  next(matters: (path: string) => boolean): Promise<Changed>;
  close(): void;
}

/** Milliseconds without a change. */
const QUIET = 50;

/** Makes a watcher. Folders of packages and of tools (`node_modules`, `.git`) are not watched. */
export function createWatcher(cwd: string, outDir: string): Watcher {
  const watchers = new Map<string, FSWatcher>();
  const known = new Set<string>();
  let changed = new Set<string>();
  let artifacts = outDir;
  let isClosed = false;
  let woken = Promise.withResolvers<void>();
  const wake = (): void => {
    woken.resolve();
    woken = Promise.withResolvers();
  };
  const notice = (path: string): void => {
    changed.add(path);
    wake();
  };
  const start = (folder: string): FSWatcher => {
    try {
      const watcher = watch(folder, (_event, name) => void (name !== null && notice(join(folder, name))));
      return watcher.on("error", () => watchers.delete(folder));
    } catch (cause) {
      const { message } = toError(cause);
      throw buildError(
        `${folder} cannot be watched: ${message}. Build without --watch, or raise the limit.`,
        cause,
      );
    }
  };
  const add = (folders: Iterable<string>): void => {
    for (const folder of folders) {
      if (isClosed || watchers.has(folder) || !existsSync(folder)) continue;
      watchers.set(folder, start(folder));
      for (const path of pathsIn(folder)) known.add(path);
    }
  };
  const isNewOrGone = (path: string): boolean => existsSync(path) !== known.has(path);
  const relevant = () => [...changed].filter((path) => !isIgnored(path, artifacts));
  return {
    begin(others) {
      const folders = new Set([...foldersBelow(cwd, artifacts), ...others]);
      for (const [folder, watcher] of watchers) {
        if (folders.has(folder)) continue;
        watcher.close();
        watchers.delete(folder);
      }
      known.clear();
      for (const folder of watchers.keys()) for (const path of pathsIn(folder)) known.add(path);
      add(folders);
    },
    end(others, outDir) {
      artifacts = outDir;
      add(others);
    },
    async next(matters) {
      const isMatter = (path: string) => matters(path) || (isNewOrGone(path) && !isFileAt(path));
      while (!isClosed && !relevant().some(isMatter)) {
        changed = new Set();
        await woken.promise;
      }
      let isQuiet = false;
      while (!isClosed && !isQuiet) {
        isQuiet = await Promise.race([delay(QUIET, true), woken.promise.then(() => false)]);
      }
      const paths = relevant();
      changed = new Set();
      return { paths, isStructural: paths.some(isNewOrGone) };
    },
    close() {
      isClosed = true;
      for (const watcher of watchers.values()) watcher.close();
      wake();
    },
  };
}

function pathsIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

function isIgnored(path: string, outDir: string): boolean {
  const name = basename(path);
  return name.startsWith(".") || name === "node_modules" || `${path}${sep}`.startsWith(`${outDir}${sep}`);
}

function foldersBelow(folder: string, outDir: string): readonly string[] {
  const inside = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !isIgnored(join(folder, entry.name), outDir))
    .flatMap((entry) => foldersBelow(join(folder, entry.name), outDir));
  return [folder, ...inside];
}

import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { timeCommand } from "./process.ts";

/** The folder of the benchmark, and what it writes that is not for keeping. */
export const bench: string = fileURLToPath(new URL("..", import.meta.url));
export const cache: string = join(bench, "dist");

const require = createRequire(import.meta.url);
const anyfn = join(bench, "../packages/cli/bin/anyfn.js");
const nitro = join(bench, "node_modules/nitro/dist/cli/index.mjs");

/** Milliseconds that `anyfn build` takes in a project. */
export function anyfnBuild(cwd: string, target: string): Promise<number> {
  return timeCommand(process.execPath, [anyfn, "build", "--target", target], { cwd });
}

/** Milliseconds that `nitro build` takes in a project. */
export function nitroBuild(cwd: string, preset: string): Promise<number> {
  return timeCommand(process.execPath, [nitro, "build", "--preset", preset], { cwd });
}

/** Milliseconds that `wrangler deploy --dry-run` takes in a project. */
export function wranglerBuild(cwd: string): Promise<number> {
  const wrangler = join(require.resolve("wrangler/package.json"), "../bin/wrangler.js");
  const env = { WRANGLER_SEND_METRICS: "false", CI: "1" };
  return timeCommand(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", "dist"], { cwd, env });
}

/** Milliseconds that a module takes in a process of its own. */
export function runModule(file: string, args: readonly string[], cwd?: string): Promise<number> {
  return timeCommand(process.execPath, [file, ...args], cwd === undefined ? {} : { cwd });
}

/** An empty folder of the cache. */
export function emptied(name: string): string {
  const folder = join(cache, name);
  rmSync(folder, { recursive: true, force: true });
  return folder;
}

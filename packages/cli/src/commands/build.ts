import { parseArgs } from "node:util";
import type { BuildResult, Progress } from "@anyfn/build";
import { type Command, usageError } from "../command.ts";
import { formatTime, sizeTable } from "../table.ts";
import { paint, type Terminal } from "../terminal.ts";

/** `anyfn build` */
export const command: Command = {
  name: "build",
  summary: "Build the functions for their targets",
  help: `Usage: anyfn build [options]

  --target <names>  Targets, separated by commas: aws,azure,gcp,node
                    (default: those in anyfn.config.ts, else every installed one)
  --cwd <folder>    The project's folder (default: the current one)
  --config <file>   The configuration (default: anyfn.config.ts, .mts, .js or .mjs)
  --out-dir <dir>   Where the artifacts go (default: dist)
  --json            Print the manifests as JSON
  -h, --help        Show this`,
  run,
};

const OPTIONS = {
  target: { type: "string", multiple: true },
  cwd: { type: "string" },
  config: { type: "string" },
  "out-dir": { type: "string" },
  json: { type: "boolean", default: false },
} as const;

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const targets = values.target?.flatMap((names) => names.split(",")).map((name) => name.trim());
  if (targets?.includes("")) throw usageError("--target needs names, separated by commas: --target aws,node");
  // Loading the bundler takes most of a start: not for --help.
  const { build } = await import("@anyfn/build");
  const started = performance.now();
  const { cwd, config, "out-dir": outDir } = values;
  const onProgress = values.json ? undefined : (progress: Progress) => terminal.progress(describe(progress));
  const result = await build({ cwd, config, targets, outDir, onProgress });
  if (values.json) return terminal.print(JSON.stringify(toJson(result), null, 2));
  report(result, performance.now() - started, terminal);
}

function describe(progress: Progress): string {
  if (progress.kind === "discovered") {
    const { app, functions, targets } = progress;
    return `${app}: ${functions} ${functions === 1 ? "function" : "functions"} for ${targets.join(", ")}`;
  }
  return `built ${progress.target}/${progress.directory} (${progress.done}/${progress.total})`;
}

function toJson({ app, outDir, targets, warnings }: BuildResult) {
  return { app, outDir, warnings, targets: targets.map(({ manifest }) => manifest) };
}

function report(result: BuildResult, milliseconds: number, terminal: Terminal): void {
  for (const warning of result.warnings) terminal.print(paint(terminal, "yellow", `warning: ${warning}`));
  const [head = "", ...rows] = sizeTable(result);
  for (const line of [paint(terminal, "dim", head), ...rows]) terminal.print(line);
  const count = result.targets.flatMap(({ manifest }) => manifest.artifacts).length;
  const done = `Built ${count} ${count === 1 ? "artifact" : "artifacts"} in ${formatTime(milliseconds)}`;
  terminal.print(`\n${paint(terminal, "green", done)}: ${result.outDir}`);
}

import { parseArgs } from "node:util";
import type { BuildOptions, BuildResult, Progress, WatchOptions } from "@anyfn/build";
import { type Command, parseTargets, usageError } from "../command.ts";
import { hintLines } from "../portability.ts";
import { builtLine, formatTime, sizeTable } from "../table.ts";
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
  --iac <language>  Infrastructure in the provider's own language or Terraform's JSON: native, terraform
                    (default: native)
  --watch           Build again whenever a file changes, until Ctrl-C
  --json            Print the manifests as JSON
  -h, --help        Show this`,
  run,
};

const OPTIONS = {
  target: { type: "string", multiple: true },
  cwd: { type: "string" },
  config: { type: "string" },
  "out-dir": { type: "string" },
  iac: { type: "string", default: "native" },
  watch: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const targets = parseTargets(values.target);
  const { iac } = values;
  if (iac !== "native" && iac !== "terraform") throw usageError("--iac takes native or terraform");
  // Loading the bundler takes most of a start: not for --help.
  const { build, watch } = await import("@anyfn/build");
  const started = performance.now();
  const { cwd, config, "out-dir": outDir } = values;
  const onProgress = values.json ? undefined : (progress: Progress) => terminal.progress(describe(progress));
  const options: BuildOptions = { cwd, config, targets, outDir, iac, onProgress };
  if (values.watch && values.json) throw usageError("--watch prints lines, and no --json");
  if (values.watch) return watch({ ...options, ...watching(terminal) });
  const result = await build(options);
  if (values.json) return terminal.print(JSON.stringify(toJson(result), null, 2));
  report(result, performance.now() - started, terminal);
}

/** Prints a table for the first build and a line for each further one, until Ctrl-C. */
function watching(terminal: Terminal): Pick<WatchOptions, "signal" | "onBuilt" | "onFailed"> {
  const end = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => end.abort());
  // What files left running when they were loaded may fail at any time, and ends nothing here.
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) =>
    terminal.error(`Something that a file started has failed: ${error}`),
  );
  let count = 0;
  return {
    signal: end.signal,
    onBuilt: (result, milliseconds) => {
      if (count++ > 0) return terminal.print(builtLine(result, milliseconds));
      report(result, milliseconds, terminal);
      terminal.print("Watching for changes; Ctrl-C ends it.");
    },
    onFailed: (error) => {
      const { code, message, stack } = error as NodeJS.ErrnoException;
      terminal.error(code === "build" ? message : (stack ?? String(error)));
      terminal.print("Watching for changes; Ctrl-C ends it.");
    },
  };
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
  for (const line of hintLines(result.portability)) terminal.print(paint(terminal, "dim", line));
  const count = result.targets.flatMap(({ manifest }) => manifest.artifacts).length;
  const done = `Built ${count} ${count === 1 ? "artifact" : "artifacts"} in ${formatTime(milliseconds)}`;
  terminal.print(`\n${paint(terminal, "green", done)}: ${result.outDir}`);
}

import { parseArgs } from "node:util";
import type { BuildOptions, BuildResult, Progress, WatchOptions } from "@anyfn/build";
import { type Command, usageError } from "../command.ts";
import { helpOf, PROJECT, parseTargets, TARGETS } from "../options.ts";
import { hintLines } from "../portability.ts";
import { builtLine, formatTime, sizeTable } from "../table.ts";
import { paint, type Terminal } from "../terminal.ts";

const OPTIONS = {
  ...TARGETS,
  ...PROJECT,
  "out-dir": { type: "string", value: "<dir>", help: ["Where the artifacts go (default: dist)"] },
  iac: {
    type: "string",
    value: "<language>",
    help: [
      "Infrastructure in the provider's own language or Terraform's JSON: native, terraform",
      "(default: native)",
    ],
  },
  watch: { type: "boolean", help: ["Build again whenever a file changes, until Ctrl-C"] },
  json: { type: "boolean", help: ["Print the manifests as JSON"] },
} as const;

/** `anyfn build` */
export const command: Command = {
  name: "build",
  summary: "Build the functions for their targets",
  help: helpOf("build [options]", OPTIONS),
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const targets = parseTargets(values.target);
  const { iac = "native" } = values;
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

/** What the build has done, in one line. */
export function describe(progress: Progress): string {
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

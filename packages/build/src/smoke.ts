import { type ChildProcess, fork } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildError } from "./_problem.ts";
import { type Loaded, WORKER } from "./_smoke-worker.ts";
import type { Artifact } from "./artifact.ts";
import type { ArtifactPlan, BuildAdapter, SmokeTest } from "./model.ts";

/** What a target's artifacts are tried with. */
export interface SmokeInput {
  readonly cwd: string;
  readonly adapter: BuildAdapter;
}

/** An artifact to try. */
export interface SmokeItem {
  readonly plan: ArtifactPlan;
  readonly artifact: Artifact;
}

/** The smoke test of a target, which goes on while other artifacts are still bundled. */
export interface SmokeRun {
  /** Loads an artifact after those before. */
  readonly load: (item: SmokeItem) => void;
  /** Waits for all. @throws AnyfnError `build` that says which artifact cannot be loaded, where and why. */
  readonly finish: () => Promise<void>;
  /** Ends it, and leaves nothing behind. */
  readonly close: () => void;
}

/** Longer than any start that a platform would wait for. */
const TIMEOUT = 60_000;

/**
 * Loads the artifacts of a target in one process, as the target does: in a folder of their own, beside what the target
 * brings. What a bundler cannot see comes up here, and not in production. The process starts with the first artifact.
 */
export function startSmokeTest({ cwd, adapter }: SmokeInput): SmokeRun | undefined {
  const { smoke } = adapter;
  if (smoke === undefined) return undefined;
  const plans: ArtifactPlan[] = [];
  let folder: string | undefined;
  let running: Process | undefined;
  return {
    load: (item) => {
      folder ??= openFolder(smoke);
      running ??= startProcess(folder, smoke);
      stage(folder, cwd, item);
      const { directory, functions, bundle } = item.plan;
      const file = join(folder, "target", directory, bundle.file);
      tell(running.child, { file, functions, verify: smoke.verify });
      plans.push(item.plan);
    },
    finish: async () => {
      if (folder === undefined || running === undefined) return;
      const { child, followed } = running;
      const timer = setTimeout(() => child.kill("SIGKILL"), TIMEOUT);
      tell(child, "end");
      const problems = problemsOf(folder, adapter, plans, await followed);
      clearTimeout(timer);
      if (problems.length > 0) throw buildError(problems.join("\n"));
    },
    close: () => {
      running?.child.kill("SIGKILL");
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function openFolder({ brings = {} }: SmokeTest): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "anyfn-smoke-")));
  mkdirSync(join(folder, "target"));
  write(join(folder, "worker.mjs"), WORKER);
  for (const [name, source] of Object.entries(brings)) {
    write(join(folder, "node_modules", name, "package.json"), '{ "main": "index.cjs" }');
    write(join(folder, "node_modules", name, "index.cjs"), source);
  }
  return folder;
}

interface Process {
  readonly child: ChildProcess;
  readonly followed: Promise<Followed>;
}

function startProcess(folder: string, { environment }: SmokeTest): Process {
  const child = fork(join(folder, "worker.mjs"), {
    cwd: join(folder, "target"),
    execArgv: ["--enable-source-maps"],
    env: { ...process.env, NODE_OPTIONS: "", ...environment },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  return { child, followed: follow(child) };
}

/** An artifact may have ended the process; how it did says more than that it is gone. */
function tell(child: ChildProcess, message: object | string): void {
  if (child.connected) child.send(message, () => {});
}

function stage(folder: string, cwd: string, { artifact, plan }: SmokeItem): void {
  const root = join(folder, "target", plan.directory);
  for (const { name } of artifact.manifest.files) {
    const data = artifact.files.get(plan.directory === "." ? name : `${plan.directory}/${name}`);
    // Native packages are for the target's platform.
    if (data !== undefined && !name.startsWith("node_modules/")) write(join(root, name), data);
  }
  // What else is outside of the bundle is taken as the project has it.
  const outside = [
    ...plan.bundle.external.map((name) => name.replace(/\/\*$/, "")),
    ...Object.keys(artifact.manifest.packages),
  ];
  for (const name of outside) {
    const link = join(folder, "node_modules", name);
    if (existsSync(link)) continue;
    const source = findInstalled(cwd, name);
    if (source === undefined) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(source, link, "junction");
  }
}

function findInstalled(folder: string, name: string): string | undefined {
  const path = join(folder, "node_modules", name);
  if (existsSync(path)) return path;
  return dirname(folder) === folder ? undefined : findInstalled(dirname(folder), name);
}

function write(file: string, data: Uint8Array | string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, data);
}

/** Each problem as a sentence. */
function problemsOf(
  folder: string,
  adapter: BuildAdapter,
  plans: readonly ArtifactPlan[],
  { loaded, end }: Followed,
): readonly string[] {
  const problems = plans.flatMap(({ directory }, index) => {
    const result = loaded[index];
    const name = directory === "." ? adapter.name : `${adapter.name}/${directory}`;
    const root = join(folder, "target", directory);
    if (result === undefined) return index === loaded.length ? [unloaded(root, name, end)] : [];
    if (result.problem !== undefined) return [`The artifact ${name} would not work: ${result.problem}`];
    return result.error === undefined ? [] : [unloaded(root, name, result.error)];
  });
  return problems.sort();
}

interface Followed {
  readonly loaded: readonly Loaded[];
  /** How the process ended, if it did before its time. */
  readonly end: string;
}

function follow(child: ChildProcess): Promise<Followed> {
  const loaded: Loaded[] = [];
  let printed = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    printed = (printed + text).slice(-10_000);
  });
  child.on("message", (message) => loaded.push(message as Loaded));
  return new Promise((resolve) => {
    child.once("error", ({ message }) => resolve({ loaded, end: message }));
    child.once("close", (code, signal) => {
      const how = describeEnd(code, signal);
      resolve({ loaded, end: printed === "" ? how : `${how}\n${printed.trimEnd()}` });
    });
  });
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === "SIGKILL") return `It takes more than ${TIMEOUT / 1000} seconds.`;
  if (code === 0) return "It ends the process, or waits for something that never comes.";
  return `It ends the process with ${code ?? signal}.`;
}

const ADVICE =
  "The same files load during discovery, so that the bundle or the target makes the difference: a package that reads its own " +
  "files, or finds modules by names that it makes up. Leave the test out with `smoke: false` in anyfn.config.ts.";

/** What a process said, with places in the user's files and without the machine's. */
function unloaded(root: string, name: string, said: string): string {
  const text = said.replaceAll(`file://${root}/`, "").replaceAll(`${root}/`, "");
  const frames = [...text.matchAll(/^ +at .*?([^\s(]+:\d+:\d+)\)?$/gm)].map(([, place = ""]) => place);
  const place = frames.find((frame) => !/^(?:\/|node:|file:|_?node_modules\/)/.test(frame));
  const where = place === undefined ? "" : `${place}  `;
  const problem = text.split(/\n +at /)[0]?.trimEnd();
  return `${where}The artifact ${name} cannot be loaded: ${problem}\n${ADVICE}`;
}

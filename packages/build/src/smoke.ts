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

/** A target's artifacts, to be loaded. */
export interface SmokeInput {
  readonly cwd: string;
  readonly adapter: BuildAdapter;
  readonly artifacts: readonly { readonly plan: ArtifactPlan; readonly artifact: Artifact }[];
}

/** Longer than any start that a platform would wait for. */
const TIMEOUT = 60_000;

/**
 * Loads the artifacts of a target in one process, as the target does: in a folder of their own, beside what the target
 * brings. What a bundler cannot see comes up here, and not in production.
 *
 * @throws AnyfnError `build` that says which artifact cannot be loaded, where and why.
 */
export async function smokeTest(input: SmokeInput): Promise<void> {
  const { smoke } = input.adapter;
  if (smoke === undefined || input.artifacts.length === 0) return;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "anyfn-smoke-")));
  try {
    stage(folder, input, smoke);
    const problems = await load(folder, input, smoke);
    if (problems.length > 0) throw buildError(problems.join("\n"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function stage(folder: string, { cwd, artifacts }: SmokeInput, { brings = {} }: SmokeTest): void {
  for (const { artifact, plan } of artifacts) {
    const root = join(folder, "target", plan.directory);
    for (const { name } of artifact.manifest.files) {
      const data = artifact.files.get(plan.directory === "." ? name : `${plan.directory}/${name}`);
      // Native packages are for the target's platform.
      if (data !== undefined && !name.startsWith("node_modules/")) write(join(root, name), data);
    }
  }
  write(join(folder, "worker.mjs"), WORKER);
  for (const [name, source] of Object.entries(brings)) {
    write(join(folder, "node_modules", name, "package.json"), '{ "main": "index.cjs" }');
    write(join(folder, "node_modules", name, "index.cjs"), source);
  }
  // What else is outside of the bundles is taken as the project has it.
  const outside = artifacts.flatMap(({ plan, artifact }) => [
    ...plan.bundle.external.map((name) => name.replace(/\/\*$/, "")),
    ...Object.keys(artifact.manifest.packages),
  ]);
  for (const name of new Set(outside)) {
    const source = findInstalled(cwd, name);
    const link = join(folder, "node_modules", name);
    if (existsSync(link) || source === undefined) continue;
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
async function load(folder: string, input: SmokeInput, smoke: SmokeTest): Promise<readonly string[]> {
  const { adapter } = input;
  const plans = input.artifacts.map(({ plan }) => plan);
  const child = fork(join(folder, "worker.mjs"), {
    cwd: join(folder, "target"),
    execArgv: ["--enable-source-maps"],
    env: { ...process.env, NODE_OPTIONS: "", ...smoke.environment },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    timeout: TIMEOUT,
    killSignal: "SIGKILL",
  });
  const files = plans.map(({ directory, functions, bundle }) => ({
    file: join(folder, "target", directory, bundle.file),
    functions,
  }));
  child.send({ artifacts: files, verify: smoke.verify });
  const { loaded, end } = await follow(child);
  return plans.flatMap(({ directory }, index) => {
    const result = loaded[index];
    const name = directory === "." ? adapter.name : `${adapter.name}/${directory}`;
    const root = join(folder, "target", directory);
    if (result === undefined) return index === loaded.length ? [unloaded(root, name, end)] : [];
    if (result.problem !== undefined) return [`The artifact ${name} would not work: ${result.problem}`];
    return result.error === undefined ? [] : [unloaded(root, name, result.error)];
  });
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

import { existsSync, globSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeProject } from "../builds/projects.ts";
import { rounds } from "../measure/rounds.ts";
import { anyfnBuild, bench, nitroBuild, runModule, wranglerBuild } from "../measure/tools.ts";
import type { Row, Suite } from "./suite.ts";

interface Tool {
  readonly project: string;
  /** Where it writes, from the project. */
  readonly output: string;
  /** Files of which there must be one a function; one for all where left out. */
  readonly each?: string;
  run(folder: string): Promise<number>;
}

const esbuildZip = join(bench, "builds/esbuild-zip.mjs");
const anyfn = (target: string, each?: string): Tool => ({
  project: "anyfn",
  output: "dist",
  ...(each !== undefined && { each }),
  run: (folder) => anyfnBuild(folder, target),
});
const nitro = (preset: string): Tool => ({
  project: "nitro",
  output: ".output",
  run: (folder) => nitroBuild(folder, preset),
});

/** The first is the floor. */
export const tools: Readonly<Record<string, Tool>> = {
  "esbuild + zip": {
    ...{ project: "esbuild", output: "dist", each: "*.zip" },
    run: (folder) => runModule(esbuildZip, [], folder),
  },
  node: { project: "esbuild", output: "", run: (folder) => runModule("--eval", ["0"], folder) },
  "anyfn aws": anyfn("aws", "aws/*/*.zip"),
  "anyfn gcp": anyfn("gcp", "gcp/*/*.zip"),
  "anyfn azure": anyfn("azure"),
  "anyfn node": anyfn("node"),
  "anyfn all four": anyfn("aws,azure,gcp,node", "aws/*/*.zip"),
  "nitro aws": nitro("aws-lambda"),
  "nitro node": nitro("node-server"),
  wrangler: { project: "wrangler", output: "dist", run: wranglerBuild },
};

/** A build from the start of the command to its end, artifacts zipped where the target takes zips; no type check. */
export const suite: Suite = {
  name: "builds",
  title: "A build, in milliseconds",
  unit: "ms",
  works: [
    { id: "build-1", title: "Build of 1 function" },
    { id: "build-50", title: "Build of 50 functions" },
  ],
  run: ({ work, options, progress }) =>
    timeBuilds(Object.keys(tools), work === "build-1" ? 1 : 50, options.rounds, progress),
};

/** Builds a project of so many functions with each tool, in each round. */
export async function timeBuilds(
  names: readonly string[],
  count: number,
  roundCount: number,
  progress: (doing: string) => void,
): Promise<Row[]> {
  const wrong = new Map<string, string>();
  const sizes = new Map<string, number>();
  for (const name of names) {
    progress(`${name}, first build`);
    const problem = await tryBuild(name, count, sizes);
    if (problem !== undefined) wrong.set(name, problem);
  }
  const right = names.filter((name) => !wrong.has(name));
  const figures = await rounds(right, roundCount, async (name, round) => {
    progress(`${name}, ${count} functions, round ${round + 1} of ${roundCount}`);
    const { project, output, run } = tools[name] as Tool;
    const folder = folderOf(project, count);
    if (output !== "") rmSync(join(folder, output), { recursive: true, force: true });
    return [await run(folder)];
  });
  return names.map((peer) => {
    const problem = wrong.get(peer);
    if (problem !== undefined) return { peer, wrong: problem };
    return { peer, ...figures.get(peer), also: { "output KB": sizes.get(peer) ?? 0 } };
  });
}

/** Builds once, for the output to be looked at; the problem with it, if any. */
async function tryBuild(
  name: string,
  count: number,
  sizes: Map<string, number>,
): Promise<string | undefined> {
  const { project, output, each, run } = tools[name] as Tool;
  const folder = folderOf(project, count);
  if (output !== "") rmSync(join(folder, output), { recursive: true, force: true });
  try {
    await run(folder);
  } catch (error) {
    return String(error).replace(/\s+/g, " ").slice(0, 200);
  }
  if (output === "") return undefined;
  const files = globSync(`${output}/**/*`, { cwd: folder }).map((file) => statSync(join(folder, file)));
  sizes.set(name, Math.round(files.reduce((sum, { size }) => sum + size, 0) / 1024));
  if (files.length === 0) return "it wrote nothing";
  const artifacts = each === undefined ? count : globSync(join(output, each), { cwd: folder }).length;
  return artifacts === count ? undefined : `${artifacts} artifacts for ${count} functions`;
}

const written = new Map<string, string>();

function folderOf(project: string, count: number): string {
  const key = `${project}-${count}`;
  const folder = written.get(key);
  if (folder !== undefined && existsSync(folder)) return folder;
  const fresh = writeProject(project, count);
  written.set(key, fresh);
  return fresh;
}

import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { answerOf } from "../cases/answers.ts";
import type { Sent } from "../cases/events.ts";
import { toEvent } from "../cases/events.ts";
import { rounds } from "../measure/rounds.ts";
import { median } from "../measure/stats.ts";
import { anyfnBuild, bench, cache, nitroBuild } from "../measure/tools.ts";
import type { Suite } from "./suite.ts";

const bundled = ["floor", "hono", "middy", "serverless-http", "codegenie", "h4ad", "powertools"];
const peers = ["floor", "node", "anyfn", ...bundled.slice(1), "nitro"];
const sent: Sent = { method: "GET", path: "/hello/ada", params: { name: "ada" }, query: {} };
const event = JSON.stringify(toEvent.v2(sent));
const runner = join(bench, "cold/_runner.mjs");

interface Start {
  readonly ms: number;
  readonly cpu: number;
  readonly rss: number;
  readonly undici: boolean;
  readonly answer?: unknown;
}

/** The first answer of a fresh process, from the minified bundle of a function that says hello. */
export const suite: Suite = {
  name: "cold",
  title: "From the start of a process to its first answer, in milliseconds",
  unit: "ms",
  works: [{ id: "cold", title: "Cold start of hello world" }],
  prepare: bundleAll,
  async run({ options, progress }) {
    const wrong = new Map<string, string>();
    const seen = new Map<string, Start[]>(peers.map((peer) => [peer, []]));
    for (const peer of peers) {
      const problem = problemOf(peer, await startOnce(peer));
      if (problem !== undefined) wrong.set(peer, problem);
    }
    const right = peers.filter((peer) => !wrong.has(peer));
    const figures = await rounds(right, options.rounds, async (peer, round) => {
      progress(`${peer}, round ${round + 1} of ${options.rounds}`);
      const starts: Start[] = [];
      for (let again = 0; again < (options.quick ? 4 : 10); again++) starts.push(await startOnce(peer));
      seen.get(peer)?.push(...starts);
      return starts.map(({ ms }) => ms);
    });
    return peers.map((peer) => {
      const problem = wrong.get(peer);
      if (problem !== undefined) return { peer, wrong: problem };
      return { peer, ...figures.get(peer), also: describe(peer, seen.get(peer) ?? []) };
    });
  },
};

function describe(peer: string, starts: readonly Start[]): Record<string, number | string> {
  const size = peer === "node" ? undefined : readFileSync(fileOf(peer));
  return {
    "CPU ms": round(median(starts.map(({ cpu }) => cpu))),
    "peak RSS MB": round(median(starts.map(({ rss }) => rss)) / 1e6),
    undici: starts.some(({ undici }) => undici) ? "loaded" : "no",
    "bundle KB": size === undefined ? 0 : round(size.length / 1024),
    "gzip KB": size === undefined ? 0 : round(gzipSync(size).length / 1024),
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;

function fileOf(peer: string): string {
  return peer === "anyfn" ? join(cache, "cold/anyfn/aws/hello/index.mjs") : join(cache, `cold/${peer}.mjs`);
}

/** Each peer's code as one minified file; anyfn's as its own build makes it. */
async function bundleAll(): Promise<void> {
  rmSync(join(cache, "cold"), { recursive: true, force: true });
  await anyfnBuild(join(bench, "cold/anyfn"), "aws");
  await nitroBuild(join(bench, "cold/nitro"), "aws-lambda");
  const commonJs = ["serverless-http", "codegenie", "h4ad"];
  const entry = (name: string) => ({ in: join(bench, `cold/${name}.ts`), out: name });
  const nitro = { in: join(cache, "cold/nitro/output/server/index.mjs"), out: "nitro" };
  await bundle([...bundled.filter((name) => !commonJs.includes(name)).map(entry), nitro]);
  // What CommonJS packages expect, in a module.
  const banner =
    'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';
  await bundle(commonJs.map(entry), { js: banner });
}

async function bundle(
  entryPoints: Array<{ in: string; out: string }>,
  banner: Record<string, string> = {},
): Promise<void> {
  const output = { outdir: join(cache, "cold"), outExtension: { ".js": ".mjs" }, banner };
  const options = { bundle: true, minify: true, platform: "node", target: "node22", format: "esm" } as const;
  await build({ ...options, ...output, entryPoints, logLevel: "error" });
}

function startOnce(peer: string): Promise<Start> {
  const file = peer === "node" ? "" : pathToFileURL(fileOf(peer)).href;
  const child = spawn(process.execPath, [runner, file, event], { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.once("error", reject).once("close", (code) => {
      if (code === 0) resolve(JSON.parse(output.slice(output.lastIndexOf('{"ms"'))) as Start);
      else reject(new Error(`${peer} ended with ${code}.`));
    });
  });
}

function problemOf(peer: string, { answer }: Start): string | undefined {
  if (peer === "node") return undefined;
  const { status, type, body } = answerOf(answer, "v2");
  const text = body.toString();
  const right = status === 200 && type.startsWith("application/json") && text === '{"hello":"ada"}';
  return right ? undefined : `${status} ${type} ${text.slice(0, 80)}`;
}

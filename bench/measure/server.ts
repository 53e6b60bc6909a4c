import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { fire, type Shot } from "./client.ts";
import { start } from "./process.ts";

/** A request, and what its answer must be. */
export interface Exchange extends Shot {
  /** Throws when it is not the right one. */
  check(response: Response, text: string): void;
}

/** What was seen of a server in one fresh process. */
export interface Load {
  /** Microseconds of CPU a request, by window. */
  readonly cpu: readonly number[];
  /** Requests a second, by window. */
  readonly rate: readonly number[];
  /** Bytes. */
  readonly rss: number;
  /** Milliseconds from the process's start to the end of its first answer. */
  readonly first: number;
  readonly wrong?: string;
}

/** How long to load a server. */
export interface LoadOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly windows: number;
  /** Requests a window. */
  readonly requests: number;
}

const here = fileURLToPath(new URL("..", import.meta.url));
const tether = join(here, "../test/runtimes/hosts/preload/tether.mjs");
const framework = createRequire(import.meta.url).resolve("@google-cloud/functions-framework");

/** Makes plain JavaScript of the servers, since a process that strips types is larger than one that does not. */
export async function bundleServers(names: readonly string[]): Promise<void> {
  await build({
    entryPoints: names.map((name) => ({
      in: join(here, `servers/${name}.ts`),
      out: name.startsWith("framework-") ? `${name}/index` : name,
    })),
    outdir: join(here, "dist/servers"),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  for (const name of names.filter((candidate) => candidate.startsWith("framework-"))) {
    const manifest = JSON.stringify({ type: "module", main: "index.mjs" });
    writeFileSync(join(here, `dist/servers/${name}/package.json`), manifest);
  }
}

interface Usage {
  readonly us: number;
  readonly rss: number;
}

/** Starts a server, checks its answer, and puts it under the load of ten connections. */
export async function load(name: string, exchange: Exchange, options: LoadOptions): Promise<Load> {
  const begin = performance.now();
  const child = launch(name, options.env);
  const errors: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  const message = <Answer>(kind: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const fail = (code: number | null) =>
        reject(new Error(`${name} ended with ${code}.\n${errors.join("")}`));
      const listen = (received: { kind?: string }): void => {
        if (received.kind !== kind) return;
        child.off("message", listen).off("exit", fail);
        resolve(received as Answer);
      };
      child.on("message", listen).once("exit", fail);
    });
  const usage = (): Promise<Usage> => {
    const answer = message<Usage>("usage");
    child.send("usage");
    return answer;
  };
  try {
    const { port } = await message<{ port: number }>("listening");
    const origin = `http://127.0.0.1:${port}`;
    const wrong = await examine(origin, exchange);
    const first = performance.now() - begin;
    if (wrong !== undefined) return { cpu: [], rate: [], rss: 0, first, wrong };
    const { windows, requests } = options;
    for (let warm = 0; warm < 3; warm++) await fire(port, exchange, requests);
    const cpu: number[] = [];
    const rate: number[] = [];
    let before = await usage();
    for (let window = 0; window < windows; window++) {
      const from = performance.now();
      await fire(port, exchange, requests);
      rate.push((requests * 1000) / (performance.now() - from));
      const after = await usage();
      cpu.push((after.us - before.us) / requests);
      before = after;
    }
    return { cpu, rate, rss: before.rss, first };
  } finally {
    child.kill("SIGKILL");
  }
}

function launch(name: string, env: Readonly<Record<string, string>> = {}): ReturnType<typeof start> {
  const flags = ["--import", tether, "--import", join(here, "servers/_tally.mjs")];
  if (!name.startsWith("framework-")) return start(join(here, `dist/servers/${name}.mjs`), { flags, env });
  // https://cloud.google.com/run/docs/container-contract#env-vars and the framework's README
  const source = join(here, `dist/servers/${name}`);
  const own = { PORT: "0", FUNCTION_TARGET: "bench", FUNCTION_SIGNATURE_TYPE: "http", K_SERVICE: "bench" };
  const settings = { flags, cwd: source, env: { ...own, ...env } };
  return start(join(dirname(framework), "main.js"), settings);
}

/** What is wrong with the answer; undefined when it is right. */
async function examine(origin: string, exchange: Exchange): Promise<string | undefined> {
  const { method, path, headers, body } = exchange;
  const response = await fetch(origin + path, { method, headers, ...(body !== undefined && { body }) });
  const text = await response.text();
  try {
    exchange.check(response, text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

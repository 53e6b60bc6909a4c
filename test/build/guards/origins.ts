import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import type { TriggerKind } from "@anyfn/core";
import type { Specimen, Target } from "./specimens.ts";

const repository = join(import.meta.dirname, "../../..");
const maps = new Map<string, SourceMap>();

/**
 * The sources that have code in a bundle, from the repository; packages by their name.
 *
 * The shipped packages are chunks that mix sources, so that the names of modules say little: the words of the bundle are
 * followed through its own source map, and through that of the chunk.
 */
export function sourcesOf({ bundle }: Specimen): string[] {
  const found = new Set<string>();
  const lines = readFileSync(bundle, "utf8").split("\n");
  for (const [line, text] of lines.entries()) {
    for (const { index } of text.matchAll(/[\w$]{3,}/g)) {
      const place = placeOf(bundle, line, index);
      if (place !== undefined) found.add(sourceOf(place));
    }
  }
  return [...found].sort();
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

function placeOf(file: string, line: number, column: number): Place | undefined {
  const map = maps.get(file) ?? new SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8")));
  maps.set(file, map);
  const entry = map.findEntry(line, column);
  if (!("originalSource" in entry) || entry.originalSource === undefined) return undefined;
  return { file: entry.originalSource, line: entry.originalLine, column: entry.originalColumn };
}

function sourceOf({ file, line, column }: Place): string {
  const [, name = ""] = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
  if (!name.startsWith("@anyfn/")) return name === "" ? file : name;
  const folder = name === "@anyfn/core" ? "packages/core" : name.replace("@anyfn", "adapters");
  const chunk = join(repository, folder, file.slice(file.indexOf(name) + name.length));
  const source = placeOf(chunk, line, column);
  return source === undefined ? file : relative(repository, resolve(dirname(chunk), source.file));
}

const DELIVERED: readonly TriggerKind[] = [
  "queue",
  "topic",
  "schedule",
  "storage",
  "changes",
  "stream",
  "bus",
];

/** Parts of core that only some kinds of triggers need; a hello world needs those without any not at all. */
const CORE: Readonly<Record<string, readonly TriggerKind[]>> = {
  "cloudevent.ts": DELIVERED,
  "cloudevent-data.ts": DELIVERED,
  "cron.ts": ["schedule"],
  "events/batch.ts": DELIVERED,
  "events/direct.ts": ["direct"],
  "events/groups.ts": DELIVERED,
  "events/outcome.ts": DELIVERED,
  "events/payload.ts": ["queue", "topic", "storage", "stream"],
  "events/prepare.ts": DELIVERED,
  "events/run.ts": DELIVERED,
  "http/body.ts": [],
  "http/cors.ts": [],
  "http/event.ts": ["http"],
};

/** What a target's bundles have of other packages. */
const PACKAGES: Readonly<Record<Target, readonly string[]>> = {
  aws: [],
  azure: ["@azure/functions", "@azure/functions-extensions-base", "cookie"],
  gcp: [],
  node: [],
};

/** Whether a bundle has no use for a source: it is another provider's, another trigger's or a stranger's. */
export function isForeign({ target, kind }: Specimen, source: string): boolean {
  if (source === "src/functions.ts") return false;
  const core = /^packages\/core\/src\/(.+)$/.exec(source)?.[1];
  if (core !== undefined) return isForeignToCore(kind, core);
  const triggers = join("adapters", target, "src/triggers");
  if (source.startsWith(triggers)) return !importsFrom(join(triggers, `${kind}.ts`)).has(source);
  const isOwn = source.startsWith(join("adapters", target, "src")) && !source.includes("/build/");
  return !isOwn && !PACKAGES[target].includes(source);
}

function isForeignToCore(kind: TriggerKind, path: string): boolean {
  const [, trigger = kind] = /^triggers\/(.+)\.ts$/.exec(path) ?? [];
  // What checks names and batch sizes of all kinds stands beside the queues.
  return (trigger !== kind && trigger !== "queue") || CORE[path]?.includes(kind) === false;
}

/** A trigger's file and the shared ones, whose names begin with "_", that it is made of. */
function importsFrom(file: string, found = new Set<string>()): ReadonlySet<string> {
  found.add(file);
  const text = readFileSync(join(repository, file), "utf8");
  for (const [, name = ""] of text.matchAll(/^(?:import|export|\}) (?!type\b)[^"]*?from "\.\/(_[^"]+)"/gm)) {
    const imported = join(dirname(file), name);
    if (!found.has(imported)) importsFrom(imported, found);
  }
  return found;
}

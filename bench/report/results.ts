import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { bench } from "../measure/tools.ts";
import type { Options, Row, Suite } from "../suites/suite.ts";

/** What one run saw; the file `results.json`. */
export interface Results {
  readonly date: string;
  readonly node: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGb: number;
    /** How busy the machine was before it all began: processes that wanted a core, on average over a minute. */
    readonly load: number;
  };
  readonly options: Options;
  readonly versions: Readonly<Record<string, string>>;
  readonly suites: SuiteResults[];
}

/** Figures of a suite. */
export interface SuiteResults extends Pick<Suite, "name" | "title" | "unit"> {
  readonly works: Array<{ readonly id: string; readonly title: string; readonly rows: readonly Row[] }>;
}

/** Results without any figures yet. */
export function newResults(options: Options): Results {
  const manifest = JSON.parse(readFileSync(join(bench, "package.json"), "utf8"));
  const anyfn = JSON.parse(readFileSync(join(bench, "../packages/core/package.json"), "utf8"));
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    machine: {
      cpu: cpus()[0]?.model.trim() ?? "unknown",
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      load: round(loadavg()[0] ?? 0),
    },
    options,
    versions: { anyfn: anyfn.version, ...manifest.dependencies },
    suites: [],
  };
}

/** The row of a peer for a work, where it was measured. */
export function findRow({ suites }: Results, work: string, peer: string, size?: number): Row | undefined {
  const rows = suites.flatMap(({ works }) => works).find(({ id }) => id === work)?.rows;
  return rows?.find((row) => row.peer === peer && (size === undefined || row.size === size));
}

/** As JSON with four digits that count in each figure. */
export function toJson(results: Results): string {
  const shorten = (_: string, value: unknown) => (typeof value === "number" ? round(value) : value);
  return `${JSON.stringify(results, shorten, 2)}\n`;
}

function round(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}

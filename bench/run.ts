/**
 * `npm run bench`: measures all of it, prints the tables, and writes `results.json`,
 * `results.md` and `chart.svg`.
 *
 *   --quick         fewer and shorter rounds: to see whether it runs, and roughly where things stand
 *   --only <work>   a suite or works by the start of their names, as often as wanted
 *   --rounds <n>    how often each peer is started anew, 7 by default
 *   --list          what can be measured
 *
 * A run with --quick or --only is no whole picture: it leaves the three files alone and writes to `dist`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bench, cache } from "./measure/tools.ts";
import { toChart } from "./report/chart.ts";
import { goalsTable } from "./report/goals.ts";
import { toPage } from "./report/page.ts";
import { newResults, type Results, type SuiteResults, toJson } from "./report/results.ts";
import { toTable } from "./report/table.ts";
import { suite as builds } from "./suites/builds.ts";
import { suite as calls } from "./suites/calls.ts";
import { suite as cold } from "./suites/cold.ts";
import { suite as growth } from "./suites/growth.ts";
import { suite as servers } from "./suites/servers.ts";
import type { Options, Suite } from "./suites/suite.ts";

const suites: readonly Suite[] = [calls, servers, cold, builds, growth];

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", multiple: true, default: [] },
    rounds: { type: "string" },
    list: { type: "boolean", default: false },
  },
});

if (values.list) list();
else await main();

async function main(): Promise<void> {
  const { quick, only } = values;
  const rounds = Number(values.rounds ?? (quick ? 2 : 7));
  const options: Options = { quick, rounds, ms: quick ? 200 : 600 };
  const chosen = suites
    .map((suite) => ({ suite, works: worksOf(suite, only) }))
    .filter(({ works }) => works.length > 0);
  if (chosen.length === 0)
    throw new Error(`Nothing is called ${only.join(", ")}. See: npm run bench -- --list`);
  const results = newResults(options);
  for (const { suite, works } of chosen) {
    results.suites.push(await runSuite(suite, works, options));
  }
  print(`# Goals\n\n${goalsTable(results)}`);
  write(results, quick || only.length > 0);
}

async function runSuite(suite: Suite, works: Suite["works"], options: Options): Promise<SuiteResults> {
  const { name, title, unit } = suite;
  print(`# ${title}\n`);
  progress(`${name}: prepares`);
  await suite.prepare?.(options);
  const measured: SuiteResults = { name, title, unit, works: [] };
  for (const work of works) {
    const rows = await suite.run({
      work: work.id,
      options,
      progress: (doing) => progress(`${work.id}: ${doing}`),
    });
    const done = { id: work.id, title: work.title, rows };
    measured.works.push(done);
    progress("");
    print(`${toTable(unit, done)}\n`);
  }
  return measured;
}

function worksOf({ name, works }: Suite, only: readonly string[]): Suite["works"] {
  if (only.length === 0 || only.includes(name)) return works;
  return works.filter(({ id }) => only.some((start) => id.startsWith(start)));
}

function write(results: Results, partial: boolean): void {
  const folder = partial ? cache : bench;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "results.json"), toJson(results));
  writeFileSync(join(folder, "results.md"), toPage(results));
  const chart = toChart(results);
  if (chart !== undefined) writeFileSync(join(folder, "chart.svg"), chart);
}

function list(): void {
  for (const { name, title, works } of suites) {
    print(`${name}: ${title}`);
    for (const work of works) print(`  ${work.id.padEnd(16)} ${work.title}`);
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One line on a terminal, over and over; nothing where the output is kept. */
function progress(doing: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${doing}`);
}

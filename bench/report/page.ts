import { goalsTable } from "./goals.ts";
import type { Results } from "./results.ts";
import { toTable } from "./table.ts";

/** All tables of a run as a page of Markdown, the file `results.md`. */
export function toPage(results: Results): string {
  const { date, node, machine, options, suites } = results;
  const { cpu, cores, memoryGb, load } = machine;
  return `${[
    "# Results",
    `${date}, Node ${node}, ${cores} cores of ${cpu}, ${memoryGb} GB, load ${load} before the start; ${options.rounds} rounds. ` +
      "[README.md](README.md) tells what each figure is.",
    ...suites.flatMap(({ title, unit, works }) => [
      `## ${title}`,
      ...works.map((work) => fenced(toTable(unit, work))),
    ]),
    "## Goals",
    fenced(goalsTable(results)),
  ].join("\n\n")}\n`;
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

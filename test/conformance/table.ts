import { SECTIONS, sectionOf } from "./sections.ts";

/** How one case ended on one adapter. */
export interface Result {
  /** The adapter's title. */
  readonly adapter: string;
  readonly id: string;
  readonly title: string;
  readonly state: "passed" | "not applicable" | "failed";
}

/**
 * A table of section by adapter in Markdown. A cell has the cases that passed, and after them those that are not
 * applicable (`– 3`) and those that failed (`✗ 1`), where there are any.
 */
export function conformanceTable(results: readonly Result[]): string {
  const adapters = [...new Set(results.map(({ adapter }) => adapter))];
  const rows = SECTIONS.map(({ title }) => {
    const own = results.filter(({ id }) => sectionOf(id) === title);
    return rowOf(title, own, adapters);
  });
  return [
    `| section | ${adapters.join(" | ")} |`,
    `|${"---|".repeat(adapters.length + 1)}`,
    ...rows,
    rowOf("**all**", results, adapters),
    "",
  ].join("\n");
}

function rowOf(title: string, results: readonly Result[], adapters: readonly string[]): string {
  const cells = adapters.map((name) => cellOf(results.filter(({ adapter }) => adapter === name)));
  return `| ${title} | ${cells.join(" | ")} |`;
}

function cellOf(results: readonly Result[]): string {
  const count = (wanted: Result["state"]): number => results.filter(({ state }) => state === wanted).length;
  const [refused, failed] = [count("not applicable"), count("failed")];
  return [count("passed"), refused > 0 && `– ${refused}`, failed > 0 && `✗ ${failed}`]
    .filter(Boolean)
    .join(" ");
}

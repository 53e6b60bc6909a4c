import type { Row } from "../suites/suite.ts";
import type { SuiteResults } from "./results.ts";

const SCALE = { ns: 1000, us: 1, ms: 1 } as const;

/** A work's table, ready to be printed: times in the unit of the suite's title. */
export function toTable(
  unit: SuiteResults["unit"],
  { id, title, rows }: SuiteResults["works"][number],
): string {
  const lines = rows.map((row) => toCells(row, SCALE[unit]));
  const names = [...new Set(lines.flatMap((line) => Object.keys(line)))];
  const table = [names, ...lines.map((line) => names.map((name) => line[name] ?? ""))];
  return [`${title} (${id})`, ...align(table)].join("\n");
}

function toCells(row: Row, scale: number): Record<string, string> {
  const { peer, size, wrong, p10, median, over, ratio, heap, also = {} } = row;
  const cells: Record<string, string> = size === undefined ? { peer } : { size: String(size), peer };
  if (wrong !== undefined) return { ...cells, p10: "WRONG", note: wrong.slice(0, 100) };
  if (p10 === undefined || median === undefined || over === undefined || ratio === undefined) return cells;
  return {
    ...cells,
    p10: number(p10 / scale),
    median: number(median / scale),
    "over floor": number(over / scale),
    ratio: `${ratio.median.toFixed(2)}x`,
    "of rounds": `${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)}`,
    ...(heap !== undefined && { "heap B": String(heap) }),
    ...Object.fromEntries(Object.entries(also).map(([name, value]) => [name, number(value)])),
  };
}

/** Columns side by side: words to the left, figures to the right. */
export function align(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((line) => line[column]?.length ?? 0)),
  );
  const isText = widths.map((_, column) => table.slice(1).some((line) => /^[a-z]/i.test(line[column] ?? "")));
  return table.map((line) =>
    line
      .map((cell, column) =>
        isText[column] ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}

/** A figure with three digits that count. */
export function number(value: number | string): string {
  if (typeof value === "string" || Number.isInteger(value)) return String(value);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.01))));
  return value.toFixed(Math.min(digits, 3));
}

import type { FunctionOnTarget, Portability, PortableFunction } from "@anyfn/build";
import { align } from "./table.ts";

/** What each target can do with each function: a table, and below it what differs, by function and target. */
export function portabilityLines({ targets, functions, problems }: Portability): readonly string[] {
  const rows = functions.map(({ name, trigger, targets: cells }) => [name, trigger, ...cells.map(verdictOf)]);
  return [
    ...align([["function", "trigger", ...targets], ...rows]),
    ...functions.flatMap(detailsOf),
    ...problems.flatMap(({ target, reason }) => ["", `${target}: ${reason}`]),
  ];
}

/** `1 function`, `2 functions` */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** What a build says about differences: nothing where there are none, else one line that names the command. */
export function hintLines({ functions }: Portability): readonly string[] {
  const { length } = functions.filter(({ targets }) => targets.some(({ verdict }) => verdict === "differs"));
  if (length === 0) return [];
  return [
    "",
    `${countOf(length, "function")} ${length === 1 ? "works" : "work"} with a difference: see anyfn check`,
  ];
}

function verdictOf({ verdict, differences }: FunctionOnTarget): string {
  return verdict === "differs" ? `works, ${countOf(differences.length, "difference")}` : verdict;
}

function detailsOf({ name, file, line, column, targets }: PortableFunction): readonly string[] {
  const rows = targets.flatMap((item) =>
    remarksOf(item).map(([label, text], index) => [index === 0 ? item.target : "", label, text]),
  );
  if (rows.length === 0) return [];
  return ["", `${file}:${line}:${column}  ${name}`, ...align(rows).map((row) => `  ${row}`)];
}

function remarksOf(item: FunctionOnTarget): ReadonlyArray<readonly [string, string]> {
  const { schedule, differences, reasons, alternatives } = item;
  return [
    ...reasons.map((reason) => ["refused", reason.charAt(0).toUpperCase() + reason.slice(1)] as const),
    ...(alternatives.length > 0 ? [["instead", takersOf(alternatives)] as const] : []),
    ...(schedule === null ? [] : [["runs as", schedule] as const]),
    ...differences.map(({ feature, text }) => [feature, text] as const),
  ];
}

function takersOf(targets: readonly string[]): string {
  return `${targets.join(", ")} ${targets.length === 1 ? "takes" : "take"} it.`;
}

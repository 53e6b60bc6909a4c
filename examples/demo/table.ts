import { stripVTControlCharacters, styleText } from "node:util";
import type { Answer, Row } from "./calls.ts";

/** One line for each call: every target's status and time, whether all are equal, and as much of the answer as fits. */
export function renderTable(targets: readonly string[], rows: readonly Row[], columns: number): string {
  const header = ["call", ...targets, "equal", "answer"];
  const lines = rows.map(({ title, answers }) => {
    const equal = new Set(answers.map(({ compared }) => compared)).size === 1;
    const mark = equal ? styleText("green", "yes") : styleText("red", "NO");
    return [title, ...answers.map(cell), mark, equal ? oneLine(answers[0]?.text ?? "") : "see below"];
  });
  const widths = header.map((_, column) =>
    Math.max(...[header, ...lines].map((line) => visibleWidth(line[column] ?? ""))),
  );
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const render = (line: readonly string[]): string => {
    const padded = line.map((text, column) => text + " ".repeat((widths[column] ?? 0) - visibleWidth(text)));
    return [...padded.slice(0, -1), shorten(line.at(-1) ?? "", columns - before)].join("  ").trimEnd();
  };
  const details = rows
    .filter(({ answers }) => new Set(answers.map(({ compared }) => compared)).size !== 1)
    .map(
      ({ title, answers }) =>
        `${title}\n${answers.map((answer, index) => `  ${targets[index]}: ${answer.compared}`).join("\n")}`,
    );
  return [render(header.map((text) => styleText("bold", text))), ...lines.map(render), "", ...details].join(
    "\n",
  );
}

function cell({ status, ms }: Answer): string {
  const short = status.replaceAll("done", "✓").replaceAll("failed", "✗");
  return `${short} ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("done", "handled").replaceAll("failed", "kept");
}

function shorten(text: string, width: number): string {
  return visibleWidth(text) > width ? `${text.slice(0, width - 1)}…` : text;
}

function visibleWidth(text: string): number {
  return stripVTControlCharacters(text).length;
}

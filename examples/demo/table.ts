import { stripVTControlCharacters, styleText } from "node:util";
import type { Answer, Row } from "./calls.ts";

/** One line for each call: every target's status and time, the answer, and whether all are equal. */
export function renderTable(targets: readonly string[], rows: readonly Row[]): string {
  const header = ["call", ...targets, "equal", "answer"];
  const lines = rows.map(({ title, answers }) => {
    const equal = new Set(answers.map(({ compared }) => compared)).size === 1;
    const mark = equal ? styleText("green", "yes") : styleText("red", "NO");
    return [title, ...answers.map(cell), mark, equal ? shorten(answers[0]?.text ?? "") : "see below"];
  });
  const widths = header.map((_, column) =>
    Math.max(...[header, ...lines].map((line) => visibleWidth(line[column] ?? ""))),
  );
  const render = (line: readonly string[]): string =>
    line
      .map((text, column) => text + " ".repeat((widths[column] ?? 0) - visibleWidth(text)))
      .join("  ")
      .trimEnd();
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

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").replaceAll("done", "handled").replaceAll("failed", "kept");
  return line.length > 64 ? `${line.slice(0, 63)}…` : line;
}

function visibleWidth(text: string): number {
  return stripVTControlCharacters(text).length;
}

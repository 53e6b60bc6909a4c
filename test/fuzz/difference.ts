import type { Members } from "./tree.ts";

/** What is different in a mutated payload, a line for each member: `Records[0].body: "a" → null`. */
export function describeDifference(before: unknown, after: unknown): string[] {
  const lines: string[] = [];
  compare(before, after, "", lines, 0);
  return lines.slice(0, 8);
}

function compare(before: unknown, after: unknown, path: string, lines: string[], depth: number): void {
  if (Object.is(before, after) || lines.length > 8) return;
  if (depth > 40 || !isHolder(before) || !isHolder(after) || Array.isArray(before) !== Array.isArray(after)) {
    lines.push(`${path || "(all)"}: ${show(before)} → ${show(after)}`);
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const name = Array.isArray(before)
      ? `${path}[${key}]`
      : `${path}${path === "" ? "" : "."}${key.slice(0, 60)}`;
    const one = Object.hasOwn(before, key) ? before[key] : undefined;
    const other = Object.hasOwn(after, key) ? after[key] : undefined;
    compare(one, other, name, lines, depth + 1);
  }
}

function isHolder(value: unknown): value is Members {
  return typeof value === "object" && value !== null;
}

function show(value: unknown): string {
  try {
    const text = JSON.stringify(value) ?? "(absent)";
    return text.length > 160 ? `${text.slice(0, 160)}… (${text.length} characters)` : text;
  } catch {
    return "(too deep to show)";
  }
}

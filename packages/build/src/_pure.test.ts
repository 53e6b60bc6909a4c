import { expect, it } from "vitest";
import { findPureCalls } from "./_pure.ts";

const IMPORTS =
  'import { defineFunction as define, http, queue } from "@anyfn/core"; import * as z from "zod";\n';

/** Marks each call that is found with a star. */
function mark(code: string): string {
  const source = IMPORTS + code;
  const starts = [...findPureCalls("functions.ts", source)].sort((a, b) => b - a);
  const marked = starts.reduce((text, start) => `${text.slice(0, start)}*${text.slice(start)}`, source);
  return marked.slice(IMPORTS.length);
}

it.each([
  ["a declaration", 'const a = queue("a");', 'const a = *queue("a");'],
  ["an exported one", 'export const a = queue("a");', 'export const a = *queue("a");'],
  [
    "the default export",
    'export default define({ trigger: queue("a") });',
    'export default *define({ trigger: *queue("a") });',
  ],
  ["a method", 'const a = http.get("/");', 'const a = *http.get("/");'],
  ["a chain, once", "const a = z.int().positive();", "const a = *z.int().positive();"],
  [
    "arguments of a chain",
    "const a = z.object({}).and(z.object({}));",
    "const a = *z.object({}).and(*z.object({}));",
  ],
  [
    "behind a type",
    "const a: unknown = z.int() satisfies object;",
    "const a: unknown = *z.int() satisfies object;",
  ],
  ["behind letters of several code units", 'const a = "🙂ü", b = z.int();', 'const a = "🙂ü", b = *z.int();'],
  [
    "nothing of other modules",
    'import { sent } from "./x.ts"; const a = sent("a");',
    'import { sent } from "./x.ts"; const a = sent("a");',
  ],
  ["no statement", "z.config({});", "z.config({});"],
  ["nothing in a function", "const a = () => z.int();", "const a = () => z.int();"],
])("finds %s", (_what, code, expected) => {
  expect(mark(code)).toBe(expected);
});

it("finds nothing where nothing is imported", () => {
  expect(
    findPureCalls("x.ts", 'const queue = (name: string) => name; const a = queue("a"); // @anyfn/core'),
  ).toEqual([]);
});

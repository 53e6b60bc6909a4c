import { expect, test } from "vitest";
import { readme, triggersTable } from "./triggers-table.ts";

test("the README's table is that of the capabilities; `npm run docs` writes it", () => {
  expect(triggersTable().split("\n")).toHaveLength(12);
  expect(readme().now).toBe(readme().fresh);
});

import { expect, test } from "vitest";
import { CASES } from "../conformance/cases/index.ts";
import { adapterNames, harnessOf } from "../conformance/harness.ts";
import { isApplicable } from "../conformance/run-case.ts";
import { conformanceTable, type Result } from "../conformance/table.ts";
import { readSection } from "../support/readme.ts";
import { triggersTable } from "./triggers-table.ts";

test("the table of triggers is that of the capabilities; `npm run docs` writes it", () => {
  expect(triggersTable().split("\n")).toHaveLength(12);
  expect(readSection("triggers")).toBe(triggersTable());
});

test("the table of conformance has every case; `npm run conformance` writes it", async () => {
  const results: Result[] = [];
  for (const adapter of adapterNames()) {
    const harness = await harnessOf(adapter);
    for (const item of CASES) {
      const state = isApplicable(item, harness) ? "passed" : "not applicable";
      results.push({ adapter: harness.adapter.title, id: item.id, title: item.title, state });
    }
  }
  expect(readSection("conformance")).toBe(conformanceTable(results));
});

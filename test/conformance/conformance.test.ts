import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CASES } from "./cases/index.ts";
import { adapterNames, harnessOf } from "./harness.ts";
import { isApplicable, runCase } from "./run-case.ts";
import { SECTIONS } from "./sections.ts";

const written: string[] = [];

beforeEach(() => {
  written.length = 0;
  vi.spyOn(process.stdout, "write").mockImplementation((line) => written.push(String(line)) > 0);
});
afterEach(() => vi.restoreAllMocks());

for (const name of adapterNames()) {
  const harness = await harnessOf(name);
  describe(name, () => {
    for (const item of CASES) {
      const applicable = isApplicable(item, harness);
      test(`${item.id} ${item.title}${applicable ? "" : " (not applicable)"}`, async ({ task }) => {
        Object.assign(task.meta, { adapter: harness.adapter.title, id: item.id, applicable });
        await runCase(item, harness, written);
      });
    }
  });
}

test("every trap of the list has a case", () => {
  const wanted = SECTIONS.flatMap(({ letter, traps }) =>
    Array.from({ length: traps }, (_, index) => `${letter}${index + 1}`),
  );
  expect(wanted.filter((id) => !CASES.some((item) => item.id === id))).toEqual([]);
});

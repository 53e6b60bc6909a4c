import type { Change, StagePlan } from "@anyfn/build";
import { expect, test } from "vitest";
import { planLines } from "./plan.ts";

const change = (action: Change["action"], name: string, ...details: string[]): Change => ({
  action,
  kind: "table",
  name,
  details,
});

test("a plan shows what changes, and of what is kept only what there is to say", () => {
  const plan: StagePlan = {
    app: "shop",
    target: "aws",
    stage: "dev",
    place: "account 1",
    warnings: [],
    waves: [
      [change("keep", "quiet"), change("keep", "full", "holds data")],
      [change("update", "grown", "size: 1 → 2", "rate: 3 → 4")],
    ],
    addresses: async () => [],
  };
  expect(planLines(plan, { color: false })).toEqual([
    "shop, stage dev, on aws: account 1",
    "",
    "   keep    table  full   holds data",
    "~  update  table  grown  size: 1 → 2",
    "                         rate: 3 → 4",
    "",
    "1 to update, 2 kept",
  ]);
});

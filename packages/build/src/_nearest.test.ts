import { expect, it } from "vitest";
import { nearest } from "./_nearest.ts";

it.each([
  ["biuld", "build"],
  ["BUILD", "build"],
  ["bild", "build"],
  ["chek", "check"],
  ["deplyo", "deploy"],
  ["launch", undefined],
  ["x", undefined],
])("takes %s for %s", (word, expected) => {
  expect(nearest(word, ["build", "check", "dev", "deploy"])).toBe(expected);
});

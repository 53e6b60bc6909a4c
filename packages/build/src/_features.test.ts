import { type AnyFunction, defineFunction, http, queue } from "@anyfn/core";
import { expect, it } from "vitest";
import { z } from "zod";
import { withoutUnused } from "./_features.ts";

const plain: AnyFunction = defineFunction({ trigger: http.get("/"), handler: () => "" });
const validating: AnyFunction = defineFunction({
  trigger: http.get("/", { query: z.object({}) }),
  handler: () => "",
});
const open: AnyFunction = defineFunction({
  trigger: http.get("/", { cors: { origins: "*" } }),
  handler: () => "",
});
const timed: AnyFunction = defineFunction({
  trigger: http.get("/"),
  use: [(_event, _ctx, next) => next()],
  handler: () => "",
});
const work: AnyFunction = defineFunction({ trigger: queue("work"), handler: () => {} });

it.each([
  ["a plain function", [plain], ["CHECKS", "CORS", "MIDDLEWARE", "SCHEMAS", "WEB"]],
  ["a function of another trigger", [work], ["CHECKS", "CORS", "MIDDLEWARE", "SCHEMAS", "WEB"]],
  ["validation", [validating], ["CHECKS", "CORS", "MIDDLEWARE", "WEB"]],
  ["CORS", [open], ["CHECKS", "MIDDLEWARE", "SCHEMAS", "WEB"]],
  ["middleware", [timed], ["CHECKS", "CORS", "SCHEMAS", "WEB"]],
  ["several functions, each with something", [plain, validating, open, timed], ["CHECKS", "WEB"]],
])("leaves out what is not used by %s", (_what, definitions, left) => {
  const expected = Object.fromEntries(left.map((name) => [`ANYFN_${name}`, "false"]));
  expect(withoutUnused(definitions)).toEqual(expected);
});

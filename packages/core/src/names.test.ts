import { describe, expect, test } from "vitest";
import { type AnyFunction, defineFunction } from "./define.ts";
import { kebabCase, nameFunctions } from "./names.ts";
import { queue } from "./triggers/queue.ts";

function fn(name?: string): AnyFunction {
  const trigger = queue("jobs");
  return defineFunction(
    name === undefined ? { trigger, handler: () => {} } : { trigger, name, handler: () => {} },
  );
}

test.each([
  ["getOrder", "get-order"],
  ["getOrderByID", "get-order-by-id"],
  ["HTTPServer", "http-server"],
  ["s3Images", "s3-images"],
  ["parse2Words", "parse2-words"],
  ["snake_case_name", "snake-case-name"],
  ["$private", "private"],
  ["default", "default"],
  ["___", ""],
])("%s becomes %s", (name, expected) => {
  expect(kebabCase(name)).toBe(expected);
});

describe("functions are named", () => {
  test("by their exports, or as they say; other exports are left out", () => {
    const named = nameFunctions({
      getOrder: fn(),
      other: fn("own-name"),
      helper: () => {},
      value: 5,
      none: null,
    });
    expect(named.map(({ name }) => name)).toEqual(["get-order", "own-name"]);
  });

  test("in a list by their name option", () => {
    expect(nameFunctions([fn("a"), fn("b")]).map(({ name }) => name)).toEqual(["a", "b"]);
  });

  test.each([
    ["two of one name", { getOrder: fn(), get_order: fn() }, 'Two functions are called "get-order"'],
    ["none in a list", [fn()], "The function 0 has no name"],
    ["an export that gives none", { ___: fn() }, "The function ___ has no name"],
    ["an export that starts with a digit", { _1st: fn() }, "The function _1st has no name"],
    ["an export that is too long", { ["x".repeat(61)]: fn() }, "has no name"],
  ])("%s is refused", (_what, functions, message) => {
    expect(() => nameFunctions(functions)).toThrow(
      expect.objectContaining({ code: "invalid-definition", message: expect.stringContaining(message) }),
    );
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeQuery, queryObject } from "./query.ts";

test("one value is text, several are a list, and names inherit nothing", () => {
  const object = queryObject(new URLSearchParams("a=1&b=2&a=3&__proto__=x&toString=y&a=4&e="));
  expect(Object.entries(object)).toEqual([
    ["a", ["1", "3", "4"]],
    ["b", "2"],
    ["__proto__", "x"],
    ["toString", "y"],
    ["e", ""],
  ]);
  expect(queryObject(new URLSearchParams()).constructor).toBeUndefined();
});

test("what is encoded is decoded to the same", () => {
  const text = fc.string({ unit: "binary" }).map((value) => value.toWellFormed());
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text)), (pairs) => {
      expect([...new URLSearchParams(encodeQuery(pairs))]).toEqual(pairs);
    }),
  );
});

test("a lone surrogate is no reason to fail", () => {
  expect(encodeQuery([["a", "\ud800"]])).toBe("a=%EF%BF%BD");
});

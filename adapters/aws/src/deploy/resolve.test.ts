import { describe, expect, it } from "vitest";
import { differences } from "./diff.ts";
import { UNKNOWN } from "./kind.ts";
import { isKnown, type Lookup, referencesOf, resolve } from "./resolve.ts";

const VALUES: Readonly<Record<string, string>> = {
  "Queue.Ref": "https://queue",
  "Queue.Arn": "arn:queue",
  "AWS::Region.Ref": "eu-central-1",
};
const lookup: Lookup = (id, attribute = "Ref") => VALUES[`${id}.${attribute}`] ?? UNKNOWN;

describe("resolve", () => {
  it.each([
    [{ Ref: "Queue" }, "https://queue"],
    [{ Ref: "Queue.Arn" }, "arn:queue"],
    [{ "Fn::GetAtt": ["Queue", "Arn"] }, "arn:queue"],
    [{ "Fn::Sub": `a \${AWS::Region} \${Queue.Arn} \${!Literal}` }, `a eu-central-1 arn:queue \${Literal}`],
    [{ "Fn::Sub": [`\${Own} \${Queue}`, { Own: { Ref: "AWS::Region" } }] }, "eu-central-1 https://queue"],
    [{ "Fn::Sub": `\${New.Arn}/*` }, UNKNOWN],
    [
      { a: [{ Ref: "New" }, 1], b: { Ref: "x", c: true } },
      { a: [UNKNOWN, 1], b: { Ref: "x", c: true } },
    ],
  ])("gives what %j stands for", (value, expected) => {
    expect(resolve(value, lookup)).toEqual(expected);
    expect(isKnown(resolve(value, lookup))).toBe(!JSON.stringify(value).includes("New"));
  });

  it("refuses functions of templates that it does not know", () => {
    expect(() => resolve({ "Fn::Join": [",", []] }, lookup)).toThrow("The template has Fn::Join");
  });

  it("finds everything that is referred to", () => {
    const value = {
      a: { Ref: "A.Alias" },
      b: [{ "Fn::Sub": [`\${B} \${C}`, { C: { "Fn::GetAtt": ["D", "Arn"] } }] }],
    };
    expect([...referencesOf(value)].sort()).toEqual(["A", "B", "D"]);
  });
});

describe("differences", () => {
  const words = (declared: object, found: object, defaults = {}) =>
    differences({ ...declared }, { ...found }, defaults).map((difference) => difference.words);

  it.each([
    ["the order of members", { a: { b: 1, c: 2 } }, { a: { c: 2, b: 1 } }, []],
    ["members without a value", { a: { b: 1 } }, { a: { b: 1, c: undefined } }, []],
    ["the order of items", { a: [1, 2] }, { a: [2, 1] }, ["a: 2, 1 → 1, 2"]],
    ["what is found and not declared", {}, { a: 1 }, ["a: 1 → none"]],
    ["what is a part of something", { a: { b: 1 } }, { a: { b: 2 } }, ["a: changed"]],
    ["what is unknown", { a: UNKNOWN }, { a: "x" }, ["a: changed"]],
  ])("heeds or passes over %s", (_what, declared, found, expected) => {
    expect(words(declared, found)).toEqual(expected);
  });

  it("passes over what the service takes by default, on either side", () => {
    expect(words({}, { a: 0 }, { a: 0 })).toEqual([]);
    expect(words({ a: 0 }, {}, { a: 0 })).toEqual([]);
    expect(words({}, { a: 1 }, { a: 0 })).toEqual(["a: 1 → 0"]);
  });

  it("names variables without their values", () => {
    const environment = (Variables: object) => ({ Environment: { Variables } });
    const before = environment({ A: "secret-1", B: "secret-2", C: "x" });
    expect(words(environment({ A: "secret-3", C: "x", D: "secret-4" }), before)).toEqual([
      "Environment: A changed, -B, +D",
    ]);
  });
});

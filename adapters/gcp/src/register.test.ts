import { defineFunction, queue } from "@anyfn/core";
import { cloudEvent } from "@google-cloud/functions-framework";
import { getFunction } from "@google-cloud/functions-framework/testing";
import { expect, test } from "vitest";
import "../../../test/support/register-cloud-function.ts";
import { toCloudFunction } from "./index.ts";

test("the function of the README is registered", () => {
  expect(getFunction("fulfil")).toHaveLength(1);
});

test("a function is a CloudEvent function as well", () => {
  cloudEvent("event", toCloudFunction(defineFunction({ trigger: queue("q"), handler: () => {} })));
  // With a length of 2 the framework would hand it a callback.
  expect(getFunction("event")).toHaveLength(1);
});

test("what defineFunction did not make is refused", () => {
  const copy = { ...defineFunction({ trigger: queue("q"), handler: () => {} }) };
  expect(() => toCloudFunction(copy)).toThrow(expect.objectContaining({ code: "invalid-definition" }));
});

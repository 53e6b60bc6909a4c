import { type AnyFunction, defineFunction, direct, http, queue } from "@anyfn/core";
import { expect, it } from "vitest";
import { type CallOptions, callOf } from "./call.ts";

const handler = () => undefined;
const call = (definition: AnyFunction, options: Omit<CallOptions, "function">) =>
  callOf(
    { name: "f", exportName: "f", file: "/f.ts", line: 1, column: 1, definition },
    { function: "f", ...options },
  );
const get = defineFunction({ trigger: http.get("/orders"), handler });
const getOne = defineFunction({ trigger: http.get("/orders/{id}"), handler });
const any = defineFunction({ trigger: http.any("/"), handler });
const work = defineFunction({ trigger: queue("orders"), handler });
const add = defineFunction({ trigger: direct(), handler });

it.each<[string, AnyFunction, Omit<CallOptions, "function">, object]>([
  ["as it is declared", get, {}, { method: "GET", path: "/orders", headers: {}, data: undefined }],
  [
    "as it is asked",
    getOne,
    { method: "head", path: "/orders/7?a=1", headers: { a: "b" } },
    { method: "HEAD", path: "/orders/7?a=1", headers: { a: "b" } },
  ],
  ["with GET where any method will do", any, {}, { method: "GET", path: "/" }],
  ["with POST where there is a body", any, { data: "x" }, { method: "POST", data: "x" }],
  ["without input", add, {}, { data: undefined }],
  ["with JSON", add, { data: '"x"' }, { data: '"x"' }],
  ["with the provider's payload", work, { data: '{"Records":[]}' }, { data: '{"Records":[]}' }],
])("calls a function %s", (_, definition, options, expected) => {
  expect(call(definition, options)).toMatchObject({ function: "f", ...expected });
});

it.each<[AnyFunction, Omit<CallOptions, "function">, string]>([
  [getOne, {}, "f serves /orders/{id}. Name a path without braces: --path /..."],
  [work, {}, "f has a queue trigger. Name a file with the provider's own payload: --data @event.json"],
  [add, { data: "x" }, "f takes JSON, and --data has none. Texts stand in quotes: --data '\"text\"'"],
  [add, { path: "/x" }, "f has a direct trigger: --method, --path and --header are for HTTP functions."],
  [work, { data: "{}", headers: { a: "b" } }, "f has a queue trigger: --method, --path and --header are"],
])("refuses a call that does not fit", (definition, options, message) => {
  expect(() => call(definition, options)).toThrow(message);
});

import { type DirectEvent, defineFunction, direct, type Schema } from "@anyfn/core";
import { expect, test } from "vitest";
import { headerValues } from "../../../test/runtimes/hosts/http.ts";
import {
  jsonOf,
  post,
  type Sent,
  send,
  serve,
  setUp,
  textOf,
} from "../../../test/support/serve-cloud-function.ts";
import { toCloudFunction } from "./index.ts";

setUp();

const positive: Schema<unknown, number> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) =>
      typeof value === "number" && value > 0 ? { value } : { issues: [{ message: "must be above 0" }] },
  },
};
const half = defineFunction({
  trigger: direct({ input: positive, output: positive }),
  handler: ({ input }) => input / 2 - 1,
});
const say = (output: unknown) => defineFunction({ trigger: direct(), handler: () => output });
const echo = defineFunction({ trigger: direct(), handler: ({ input }: DirectEvent) => ({ input }) });

test.each<[object, Sent, number, unknown]>([
  [echo, post("/any/path", { a: [1, "ü"] }), 200, { input: { a: [1, "ü"] } }],
  [echo, { method: "POST" }, 200, {}],
  [echo, { method: "POST", body: "7" }, 200, { input: 7 }],
  [echo, { method: "POST", body: "\ufeff7" }, 200, { input: 7 }],
  [say(null), { method: "POST", body: "1" }, 200, null],
  [say("text"), { method: "POST" }, 200, "text"],
  [
    echo,
    { method: "POST", headers: [["Content-Type", "text/plain"]], body: "{" },
    400,
    { title: "Bad Request", status: 400, detail: "The input is not valid JSON." },
  ],
  [
    half,
    { method: "POST", body: "-1" },
    400,
    { title: "Bad Request", status: 400, detail: "The input is not valid: must be above 0." },
  ],
  [half, { method: "POST", body: "2" }, 500, expect.objectContaining({ detail: "The function failed." })],
  [say(1n), { method: "POST" }, 500, expect.objectContaining({ detail: "The function failed." })],
  [echo, { method: "GET" }, 405, expect.objectContaining({ detail: "GET is not allowed here." })],
])("a call is answered: %#", async (definition, request, status, body) => {
  const answer = await send(await serve(definition as typeof echo), request);
  expect(jsonOf(answer)).toEqual(body);
  expect(answer.status).toBe(status);
  expect(headerValues(answer.headers, "content-type")).toEqual([
    status === 200 ? "application/json" : "application/problem+json",
  ]);
});

test("no output is no content", async () => {
  const answer = await send(await serve(say(undefined)), { method: "POST" });
  expect([answer.status, textOf(answer)]).toEqual([204, ""]);
});

test("an event is no call", async () => {
  await expect(toCloudFunction(echo)({ specversion: "1.0" })).rejects.toMatchObject({
    code: "unknown-payload",
  });
});

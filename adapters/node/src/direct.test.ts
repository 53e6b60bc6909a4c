import { type AnyFunction, defineFunction, direct } from "@anyfn/core";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { headerValues } from "../../../test/runtimes/hosts/http.ts";
import { type Answer, jsonOf, servers } from "../../../test/support/node-server.ts";

const { start, closeAll } = servers();
afterEach(closeAll);

async function call(it: AnyFunction, body?: string): Promise<Answer & { readonly json: unknown }> {
  const server = await start({ it });
  const answer = await server.send(
    "POST",
    "/_events/it",
    body === undefined ? {} : { body: Buffer.from(body) },
  );
  return { ...answer, json: answer.body.length === 0 ? undefined : jsonOf(answer) };
}

describe("direct calls", () => {
  const add = defineFunction({
    trigger: direct({
      input: z.object({ a: z.number(), b: z.number() }),
      output: z.object({ sum: z.number().positive() }),
    }),
    handler: ({ input }) => ({ sum: input.a + input.b }),
  });

  test("JSON in, JSON out", async () => {
    const got = await call(add, '{"a":1,"b":2}');
    expect(got).toMatchObject({ status: 200, json: { sum: 3 } });
    expect(headerValues(got.headers, "content-type")).toEqual(["application/json"]);
  });

  test.each([
    ["{", 400, "The input is not valid JSON."],
    ['{"a":"1","b":2}', 400, "The input is not valid: a: "],
    ['{"a":-1,"b":0}', 500, "The function failed."],
  ])("%s → %i", async (body, status, detail) => {
    const got = await call(add, body);
    expect(got.status).toBe(status);
    expect(got.json).toMatchObject({ detail: expect.stringContaining(detail) });
  });

  test.each([
    [
      "no body is no input",
      undefined,
      (input: unknown) => ({ isUndefined: input === undefined }),
      { isUndefined: true },
    ],
    ["null is null", "null", (input: unknown) => ({ isNull: input === null }), { isNull: true }],
    ["text is JSON too", '"x"', (input: unknown) => input, "x"],
  ])("%s", async (_name, body, handler, output) => {
    const it = defineFunction({ trigger: direct(), handler: ({ input }) => handler(input) });
    expect(await call(it, body)).toMatchObject({ status: 200, json: output });
  });

  test("no output is 204, one that is not JSON is 500, none in time is 504", async () => {
    const returning = (handler: () => unknown): AnyFunction =>
      defineFunction({ trigger: direct(), timeout: 0.1, handler });
    expect((await call(returning(() => undefined))).status).toBe(204);
    expect((await call(returning(() => 1n))).status).toBe(500);
    expect((await call(returning(() => new Promise(() => {})))).status).toBe(504);
  });
});

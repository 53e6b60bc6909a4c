import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { contexts, httpEvent, type Sent } from "../../../../test/support/contexts.ts";
import { type AnyFunction, defineFunction } from "../define.ts";
import { type HttpReply, http } from "../triggers/http.ts";
import { compileHttp } from "./run.ts";

const { logged, contextOf } = contexts();
afterEach(() => {
  logged.length = 0;
});

async function send(definition: AnyFunction, sent: Sent = {}, ctx = contextOf()): Promise<HttpReply> {
  return compileHttp(definition).handle(httpEvent(sent), ctx);
}

function json({ body }: HttpReply): Record<string, unknown> {
  return JSON.parse(String(body));
}

describe("validation", () => {
  const Id = z.object({ id: z.coerce.number().int() });
  const Filter = z.object({ tag: z.union([z.string(), z.array(z.string())]).optional() });
  const Order = z.object({ sku: z.string(), quantity: z.coerce.number().positive() });
  const definition = defineFunction({
    trigger: http.post("/orders/{id}", { params: Id, query: Filter, body: Order }),
    handler: ({ params, query, body }) => ({ params, query, body }),
  });
  const jsonBody = { "content-type": "application/json" };

  test.each<[string, Sent, object]>([
    ["JSON", { headers: jsonBody, body: '{"sku":"tea","quantity":"2"}' }, { sku: "tea", quantity: 2 }],
    [
      "JSON with a mark and a charset",
      {
        headers: { "content-type": "Application/JSON; charset=utf-8" },
        body: '\ufeff{"sku":"é","quantity":2}',
      },
      { sku: "é", quantity: 2 },
    ],
    [
      "JSON of another name",
      { headers: { "content-type": "application/vnd.order+json" }, body: '{"sku":"tea","quantity":2}' },
      { sku: "tea", quantity: 2 },
    ],
    ["JSON without a type", { body: '{"sku":"tea","quantity":2}' }, { sku: "tea", quantity: 2 }],
    [
      "a form",
      { headers: { "content-type": "application/x-www-form-urlencoded" }, body: "sku=green+tea&quantity=2" },
      { sku: "green tea", quantity: 2 },
    ],
    [
      "a multipart form",
      {
        headers: { "content-type": "multipart/form-data; boundary=x" },
        body: '--x\r\nContent-Disposition: form-data; name="sku"\r\n\r\ntea\r\n--x\r\nContent-Disposition: form-data; name="quantity"\r\n\r\n2\r\n--x--\r\n',
      },
      { sku: "tea", quantity: 2 },
    ],
    [
      "keys of a prototype",
      { headers: jsonBody, body: '{"sku":"tea","quantity":2,"__proto__":{"sku":"evil"}}' },
      { sku: "tea", quantity: 2 },
    ],
  ])("%s is coerced", async (_name, sent, body) => {
    const answer = await send(definition, { method: "POST", url: "/orders/7?tag=a&tag=b", ...sent });
    expect(json(answer)).toEqual({ params: { id: 7 }, query: { tag: ["a", "b"] }, body });
  });

  test.each<[string, Sent, unknown]>([
    ["params", { url: "/orders/x" }, [{ in: "params", path: "id", message: expect.any(String) }]],
    [
      "the body",
      { body: '{"sku":1,"quantity":-2}' },
      [
        { in: "body", path: "sku", message: expect.any(String) },
        { in: "body", path: "quantity", message: expect.any(String) },
      ],
    ],
    ["a body that is missing", { body: "" }, [{ in: "body", path: "", message: expect.any(String) }]],
    ["malformed JSON", { body: "{" }, undefined],
    [
      "a broken form",
      { headers: { "content-type": "multipart/form-data; boundary=x" }, body: "x" },
      undefined,
    ],
  ])("%s is refused with every path", async (_name, sent, errors) => {
    const valid = { headers: jsonBody, body: '{"sku":"tea","quantity":"2"}' };
    const answer = await send(definition, { method: "POST", url: "/orders/7", ...valid, ...sent });
    expect(answer.status).toBe(400);
    expect(json(answer).errors).toEqual(errors);
    expect(logged).toEqual([]);
  });

  test("a body may be missing where the schema says so", async () => {
    const optional = defineFunction({
      trigger: http.post("/", { body: Order.optional() }),
      handler: ({ body }) => ({ isMissing: body === undefined }),
    });
    expect(json(await send(optional, { method: "POST", headers: jsonBody }))).toEqual({ isMissing: true });
  });

  test("text and bytes are validated as such", async () => {
    const seen = defineFunction({
      trigger: http.post("/", { body: z.union([z.string(), z.instanceof(Uint8Array)]) }),
      handler: ({ body }) => (typeof body === "string" ? `text ${body}` : `bytes ${body.length}`),
    });
    const type = (name: string): Sent => ({ method: "POST", headers: { "content-type": name }, body: "é" });
    expect((await send(seen, type("text/plain"))).body).toBe("text é");
    expect((await send(seen, type("image/png"))).body).toBe("bytes 2");
  });

  test("a schema that throws is an error of the function", async () => {
    const broken = z.string().transform((): string => {
      throw new Error("schema bug");
    });
    const failing = defineFunction({
      trigger: http.get("/{id}", { params: z.object({ id: broken }) }),
      handler: () => "x",
    });
    expect((await send(failing, { url: "/a" })).status).toBe(500);
    expect(logged[0]?.fields).toMatchObject({ error: { message: "schema bug" } });
  });

  test("an asynchronous schema is waited for", async () => {
    const slow = defineFunction({
      trigger: http.get("/{id}", { params: z.object({ id: z.string().refine(async (id) => id === "a") }) }),
      handler: ({ params }) => params.id,
    });
    expect((await send(slow, { url: "/a" })).body).toBe("a");
    expect((await send(slow, { url: "/b" })).status).toBe(400);
  });
});

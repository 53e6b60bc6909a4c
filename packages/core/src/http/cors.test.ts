import { describe, expect, test, vi } from "vitest";
import { contexts, httpEvent, type Sent } from "../../../../test/support/contexts.ts";
import { type AnyFunction, defineFunction } from "../define.ts";
import { type CorsOptions, type HttpReply, http } from "../triggers/http.ts";
import { reply } from "./reply.ts";
import { compileHttp } from "./run.ts";

const { contextOf } = contexts();

async function send(definition: AnyFunction, sent: Sent = {}, ctx = contextOf()): Promise<HttpReply> {
  return compileHttp(definition).handle(httpEvent(sent), ctx);
}

describe("CORS", () => {
  const shop = "https://shop.example";
  const crossed = (cors: CorsOptions, handler: () => unknown = () => "x"): AnyFunction =>
    defineFunction({ trigger: http.put("/", { cors }), handler });
  const preflight = (headers: Record<string, string>): Sent => ({
    method: "OPTIONS",
    headers: { origin: shop, "access-control-request-method": "PUT", ...headers },
  });
  const permissions = ({ headers }: HttpReply): Record<string, string> =>
    Object.fromEntries(
      Object.entries(headers).filter(([name]) => name.startsWith("access-control") || name === "vary"),
    );

  test.each<[string, CorsOptions, Record<string, string>, Record<string, string>]>([
    [
      "every origin",
      { origins: "*" },
      { "access-control-request-headers": "x-a, content-type" },
      {
        "access-control-allow-origin": "*",
        "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
        "access-control-allow-headers": "x-a, content-type",
        vary: "Access-Control-Request-Headers",
      },
    ],
    [
      "one origin",
      { origins: [shop], methods: ["PUT"], headers: ["x-a"], credentials: true, maxAge: 0 },
      {},
      {
        "access-control-allow-origin": shop,
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "PUT",
        "access-control-allow-headers": "x-a",
        "access-control-max-age": "0",
        vary: "Origin",
      },
    ],
    ["another origin", { origins: ["https://other.example"] }, {}, { vary: "Origin" }],
    ["a part of the origin", { origins: ["https://shop"] }, {}, { vary: "Origin" }],
    [
      "header names that are none",
      { origins: "*" },
      { "access-control-request-headers": "x-a\r\nset-cookie: evil=1" },
      {
        "access-control-allow-origin": "*",
        "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
        vary: "Access-Control-Request-Headers",
      },
    ],
  ])("a preflight for %s", async (_name, cors, headers, expected) => {
    const handler = vi.fn();
    const answer = await send(crossed(cors, handler), preflight(headers));
    expect(answer).toMatchObject({ status: 204, body: undefined });
    expect(permissions(answer)).toEqual(expected);
    expect(handler).not.toHaveBeenCalled();
  });

  test("an answer to an allowed origin may be read, also an error", async () => {
    const cors: CorsOptions = { origins: [shop], expose: ["x-total", "etag"] };
    const expected = {
      "access-control-allow-origin": shop,
      "access-control-expose-headers": "x-total, etag",
      vary: "Origin",
    };
    const from = (origin: string): Sent => ({ method: "PUT", headers: { origin } });
    expect(permissions(await send(crossed(cors), from(shop)))).toEqual(expected);
    const failing = crossed(cors, () => {
      throw new Error("no");
    });
    expect(permissions(await send(failing, from(shop)))).toEqual(expected);
    expect(permissions(await send(crossed(cors), from("https://evil.example")))).toEqual({ vary: "Origin" });
    expect(permissions(await send(crossed(cors), { method: "PUT" }))).toEqual({ vary: "Origin" });
  });

  test.each([
    ["accept", "accept, Origin"],
    ["Accept, origin", "Accept, origin"],
  ])("vary %j becomes %j", async (vary, expected) => {
    const definition = crossed({ origins: [shop] }, () => reply("x", { headers: { vary } }));
    expect((await send(definition, { method: "PUT" })).headers.vary).toBe(expected);
  });

  test("one reply for all requests gives no origin the leave of another", async () => {
    const shared = reply("x");
    const definition = crossed({ origins: [shop] }, () => shared);
    await send(definition, { method: "PUT", headers: { origin: shop } });
    const other = await send(definition, { method: "PUT", headers: { origin: "https://evil.example" } });
    expect(permissions(other)).toEqual({ vary: "Origin" });
  });

  test("OPTIONS that is no preflight goes to the handler, if it takes it", async () => {
    const any = defineFunction({ trigger: http.any("/", { cors: { origins: "*" } }), handler: () => "mine" });
    expect((await send(any, { method: "OPTIONS" })).body).toBe("mine");
    expect((await send(crossed({ origins: "*" }), { method: "OPTIONS" })).status).toBe(405);
  });
});

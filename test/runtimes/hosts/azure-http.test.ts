import { createRequire } from "node:module";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TemporaryArtifact, writeArtifact } from "./artifact.ts";
import { matchTemplate } from "./azure/routes.ts";
import { type AzureHost, startAzure } from "./azure.ts";
import { azureFront, toHttpTrigger } from "./azure-http.ts";
import type { Front } from "./host.ts";
import { headerValues } from "./http.ts";

const library = dirname(dirname(createRequire(import.meta.url).resolve("@azure/functions")));

function writeApp(enableHttpStream: boolean): TemporaryArtifact {
  const code = `
    import { app } from "@azure/functions";
    app.setup({ enableHttpStream: ${enableHttpStream} });
    const beat = () => new Promise((resolve) => setTimeout(resolve, 100));
    const show = async (request) => ({
      status: 201,
      headers: { "x-one": "1", "set-cookie": "raw=a==; Partitioned" },
      cookies: [{ name: "a", value: "x==", sameSite: "Lax", expires: new Date(0) }, { name: "b", value: "2", path: "/p", httpOnly: true, secure: true, maxAge: 5 }],
      jsonBody: {
        method: request.method, url: request.url, params: request.params, query: [...request.query],
        header: request.headers.get("x-a"), body: Buffer.from(await request.arrayBuffer()).toString("hex"),
      },
    });
    app.http("order", { route: "orders/{id:int}/{*rest}", methods: ["GET", "PUT"], handler: show });
    app.http("plain", { handler: show });
    app.http("nothing", { handler: () => {} });
    app.http("empty", { handler: () => ({ status: 204, body: "x" }) });
    app.http("throws", { handler: () => { throw new Error("boom"); } });
    app.http("streams", { handler: (request) => ({ body: (async function* () {
      yield "one"; await beat(); yield "two"; await beat();
      if (request.query.has("fail")) throw new Error("broken");
    })() }) });
    app.http("b-one", { route: "one", methods: ["DELETE"], handler: () => ({ body: "one" }) });
    app.http("a-any", { route: "{name}", methods: ["DELETE"], handler: (r) => ({ body: "any " + r.params.name }) });
  `;
  const hostJson = { version: "2.0", extensions: { http: { routePrefix: "v1" } } };
  const files = {
    "host.json": JSON.stringify(hostJson),
    "package.json": '{"main":"*.mjs"}',
    "index.mjs": code,
  };
  return writeArtifact(files, { "@azure/functions": library });
}

describe.each([false, true])("enableHttpStream: %s", (streaming) => {
  const artifact = writeApp(streaming);
  let host: AzureHost;
  let front: Front;
  beforeAll(async () => {
    host = await startAzure(artifact.dir);
    front = azureFront(host);
  });
  afterAll(async () => {
    await host.close();
    artifact[Symbol.dispose]();
  });

  test("a request arrives whole", async () => {
    const response = await front({
      method: "PUT",
      url: "https://api.example.com/V1/Orders/7/a%20b%2Fc/d?q=1&q=2&e=",
      headers: [
        ["X-A", "1"],
        ["x-a", "2"],
        ["Content-Type", "image/png"],
      ],
      body: Uint8Array.of(0, 255),
    });
    expect(response.status).toBe(201);
    const body = JSON.parse(Buffer.from(response.body).toString());
    expect(body).toMatchObject({
      method: "PUT",
      url: "https://api.example.com/V1/Orders/7/a%20b%2Fc/d?q=1&q=2&e=",
      params: { id: "7", rest: "a b%2Fc/d" },
      header: "1,2",
      body: "00ff",
    });
    // Buffered, repeated values are joined; streamed, the library reads them from the URL, and the query is in params.
    expect(body.query).toEqual(
      streaming
        ? [
            ["q", "1"],
            ["q", "2"],
            ["e", ""],
          ]
        : [
            ["q", "1,2"],
            ["e", ""],
          ],
    );
    expect(Object.keys(body.params).sort()).toEqual(streaming ? ["e", "id", "q", "rest"] : ["id", "rest"]);
  });

  test("cookies are lines, with the value percent-encoded", async () => {
    const { headers } = await front({ method: "GET", url: "/v1/plain" });
    expect(headerValues(headers, "x-one")).toEqual(["1"]);
    const cookies = headerValues(headers, "set-cookie");
    expect(cookies).toEqual(
      streaming
        ? [
            "a=x%3D%3D; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Lax",
            "b=2; Max-Age=5; Path=/p; HttpOnly; Secure",
          ]
        : [
            "raw=a==; Partitioned",
            "a=x%3D%3D; path=/; samesite=lax",
            "b=2; max-age=5; path=/p; secure; httponly",
          ],
    );
  });

  test("the body of a stream comes in pieces only when the app streams", async () => {
    const { body, chunks, complete } = await front({ method: "GET", url: "/v1/streams" });
    expect(Buffer.from(body).toString()).toBe("onetwo");
    expect(complete).toBe(true);
    expect(chunks.length).toBe(streaming ? 2 : 1);
  });

  test("a throw is a 500, and no answer at all when the app streams", async () => {
    expect(await front({ method: "GET", url: "/v1/throws" })).toMatchObject({
      status: streaming ? 504 : 500,
    });
    expect(await front({ method: "GET", url: "/v1/nothing" })).toMatchObject({
      status: streaming ? 504 : 204,
    });
    const broken = await front({ method: "GET", url: "/v1/streams?fail" });
    expect(broken).toMatchObject(
      streaming ? { status: 200, body: Buffer.from("onetwo"), complete: false } : { status: 500 },
    );
  });

  test("routes: method, constraint, no match, and the alphabet", async () => {
    const status = async (method: string, url: string): Promise<number> =>
      (await front({ method, url })).status;
    expect(await status("DELETE", "/v1/orders/7")).toBe(404);
    expect(await status("GET", "/v1/orders/seven")).toBe(404);
    expect(await status("GET", "/orders/7")).toBe(404);
    expect(await status("GET", "/v1/empty")).toBe(204);
    const { body } = await front({ method: "DELETE", url: "/v1/one" });
    expect(Buffer.from(body).toString()).toBe("any one");
  });
});

test.each([
  ["orders/{id}", "/orders/a%2Fb/", { id: "a%2Fb" }],
  ["orders/{id?}", "/orders", {}],
  ["orders/{id}", "/orders", undefined],
  ["orders/{id}", "/orders/1/2", undefined],
  ["{*rest}", "/", {}],
  ["{*rest}", "/a/b", { rest: "a/b" }],
  ["files/{name}.{extension}", "/Files/a.b.txt", { name: "a.b", extension: "txt" }],
  ["orders/{id:guid}", "/orders/7", undefined],
])("template %s on %s", (template, path, params) => {
  expect(matchTemplate(template, path)).toEqual(params);
});

test("the trigger's metadata mixes body, query and route, and a query may hide the headers", () => {
  const request = {
    method: "POST",
    url: "/x?id=query&code=secret&headers=gone",
    body: Buffer.from('{"id":1,"name":"n","list":[1],"deep":{"a":1}}'),
  };
  expect(toHttpTrigger(request, { id: "route" }).triggerMetadata).toEqual({
    id: { string: "route" },
    name: { string: "n" },
    deep: { json: '{"a":1}' },
    headers: { string: "gone" },
    Query: { json: '{"id":"query","code":"secret","headers":"gone"}' },
  });
});

test("a chunked request loses its body on the way to the worker", () => {
  const request = { method: "POST", url: "/x", body: Buffer.from("lost") };
  expect(toHttpTrigger(request, {}).inputData.http.body).toEqual({ bytes: Buffer.from("lost") });
  const chunked = { ...request, headers: [["Transfer-Encoding", "chunked"]] as const };
  expect(toHttpTrigger(chunked, {}).inputData.http).not.toHaveProperty("body");
});

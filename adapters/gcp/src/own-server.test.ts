import { gzipSync } from "node:zlib";
import { defineFunction, http } from "@anyfn/core";
import { expect, test } from "vitest";
import { jsonOf, type Sent, send, serve, setUp } from "../../../test/support/serve-cloud-function.ts";
import { cloudRequest } from "./index.ts";

// What a process subscribes to stays with it: these tests have a file of their own, and the first must come first.
setUp();

const gzipped: Sent = {
  method: "POST",
  url: "/a?b=%20",
  headers: [
    ["Content-Type", "text/plain"],
    ["Content-Encoding", "gzip"],
  ],
  body: gzipSync("hello"),
};

const create = defineFunction({
  trigger: http.post("/{name}"),
  handler: async (request) => ({ got: await request.json() }),
});

test("requests of another server of the process are left to the framework", async () => {
  const port = await serve(create, { ownServer: true, env: { PORT: "1" } });
  const headers = [["Content-Type", "application/json"]] as const;
  const answer = await send(port, { method: "POST", url: "/a", headers, body: "{" });
  expect(answer.status).toBe(400);
  expect(answer.headers.join()).not.toContain("problem+json");
});

test("a compressed body, target and headers stay as they were sent, also in the native request", async () => {
  const echo = defineFunction({
    trigger: http.post("/a"),
    handler: (request, ctx) => {
      const native = cloudRequest(ctx);
      const { "content-type": type, "content-encoding": encoding } = native?.headers ?? {};
      return {
        url: request.url,
        bytes: [...(request.body ?? [])],
        headers: request.headers,
        raw: [native?.url, type, encoding],
      };
    },
  });
  const answer = await send(await serve(echo, { ownServer: true }), gzipped);
  expect(jsonOf(answer)).toMatchObject({
    url: expect.stringMatching(/\/a\?b=%20$/),
    bytes: [...(gzipped.body as Uint8Array)],
    headers: { "content-encoding": "gzip", "content-type": "text/plain" },
    raw: ["/a?b=%20", "text/plain", "gzip"],
  });
});

test.each<[string, Sent, number, unknown]>([
  [
    "malformed JSON",
    { url: "/a", headers: [["Content-Type", "application/json"]], body: "{" },
    400,
    { title: "Bad Request", status: 400, detail: "The body is not valid JSON." },
  ],
  [
    "a bare JSON value",
    { url: "/a", headers: [["Content-Type", "application/json"]], body: "7" },
    200,
    { got: 7 },
  ],
  [
    "JSON in an unknown charset",
    { url: "/a", headers: [["Content-Type", "application/json; charset=klingon"]], body: "[1]" },
    200,
    { got: [1] },
  ],
  [
    "a form that is no form",
    { url: "/a", headers: [["Content-Type", "application/x-www-form-urlencoded"]], body: "[1]" },
    200,
    { got: [1] },
  ],
  ["a path that the framework ignores", { url: "/favicon.ico", body: "1" }, 200, { got: 1 }],
  [
    "a malformed escape",
    { url: "/a%zz", body: "1" },
    400,
    { title: "Bad Request", status: 400, detail: "The path has a bad percent escape." },
  ],
])("%s is the function's business", async (_, request, status, body) => {
  const answer = await send(await serve(create, { ownServer: true }), { method: "POST", ...request });
  expect(answer.status).toBe(status);
  expect(jsonOf(answer)).toEqual(body);
});

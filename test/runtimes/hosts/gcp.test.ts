import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeArtifact } from "./artifact.ts";
import { startFunctionsFramework } from "./gcp.ts";
import type { HttpHost } from "./host.ts";
import { headerValues } from "./http.ts";

const artifact = writeArtifact({
  "package.json": '{"main":"index.cjs"}',
  "index.cjs": `
    const functions = require("@google-cloud/functions-framework");
    const outside = [];
    setInterval(() => outside.splice(0).forEach((task) => task()), 5);
    const beat = () => new Promise((resolve) => setTimeout(resolve, 100));
    functions.http("api", async (req, res) => {
      if (req.path === "/throw") throw new Error("boom");
      if (req.path === "/forgotten") return void Promise.reject(new Error("nobody waits"));
      if (req.path === "/crash") return outside.push(() => Promise.reject(new Error("nobody waits")));
      if (req.path === "/stream") {
        for (const part of ["one", "two"]) { res.write(part); await beat(); }
        return res.end();
      }
      res.setHeader("set-cookie", ["a=1", "b=2"]);
      res.status(201).send(Buffer.from([0, 255, ...(req.rawBody ?? [])]));
    });
    functions.cloudEvent("jobs", (event) => {
      if (event.data.fail) throw new Error("boom");
      console.log("event " + JSON.stringify([event.id, event.type, event.data, process.env.K_SERVICE]));
    });
    exports.plain = (req, res) => res.send("plain");
  `,
  "esm/package.json": '{"main":"index.mjs"}',
  "esm/index.mjs": `
    import { http } from "@google-cloud/functions-framework";
    http("api", (req, res) => res.send("esm"));
  `,
});
afterAll(() => artifact[Symbol.dispose]());

const get = { method: "GET", url: "/" };

describe("http", () => {
  let host: HttpHost;
  beforeAll(async () => {
    host = await startFunctionsFramework(artifact.dir, { target: "api" });
  });
  afterAll(() => host.close());

  test("answers with bytes and every header line", async () => {
    const body = Uint8Array.of(1, 254);
    const headers = [["Content-Type", "image/png"]] as const;
    const response = await host.request({ method: "PUT", url: "/a%2Fb?x=1", headers, body });
    expect(response).toMatchObject({ status: 201, body: Buffer.of(0, 255, 1, 254), complete: true });
    expect(headerValues(response.headers, "set-cookie")).toEqual(["a=1", "b=2"]);
  });

  test("streams", async () => {
    const { chunks, body } = await host.request({ ...get, url: "/stream" });
    expect(Buffer.from(body).toString()).toBe("onetwo");
    const [first, second] = chunks.map(({ atMs }) => atMs);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(20);
  });

  test("a throw is a 500", async () => {
    expect(await host.request({ ...get, url: "/throw" })).toMatchObject({ status: 500 });
    expect(await host.logged(/Error: boom/)).toBe("Error: boom");
  });
});

test("an unhandled rejection answers 500 when a request caused it, and otherwise ends the instance", async () => {
  await using host = await startFunctionsFramework(artifact.dir, { target: "api" });
  expect(await host.request({ ...get, url: "/forgotten" })).toMatchObject({ status: 500 });
  expect(await host.request(get)).toMatchObject({ status: 201 });
  expect(await host.request({ ...get, url: "/crash" })).toMatchObject({ status: 500 });
  expect(await host.exited).toEqual({ code: 16, signal: null });
});

test("cloud events in binary mode", async () => {
  await using host = await startFunctionsFramework(artifact.dir, {
    target: "jobs",
    signatureType: "cloudevent",
  });
  const headers = [
    ["ce-id", "e-1"],
    ["ce-source", "//pubsub"],
    ["ce-specversion", "1.0"],
    ["ce-type", "order.placed"],
    ["content-type", "application/json"],
  ] as const;
  const post = (data: object): ReturnType<HttpHost["request"]> =>
    host.request({ method: "POST", url: "/", headers, body: Buffer.from(JSON.stringify(data)) });
  expect(await post({ n: 1 })).toMatchObject({ status: 204 });
  await host.logged(/event \["e-1","order\.placed",\{"n":1\},"jobs"\]/);
  expect(await post({ fail: true })).toMatchObject({ status: 500 });
});

test("a plain export needs no registration", async () => {
  await using host = await startFunctionsFramework(artifact.dir, { target: "plain" });
  expect(await host.request(get)).toMatchObject({ status: 200, body: Buffer.from("plain") });
});

test("an ES module gets the server's copy of the framework too", async () => {
  await using host = await startFunctionsFramework(`${artifact.dir}/esm`, { target: "api" });
  expect(await host.request(get)).toMatchObject({ body: Buffer.from("esm") });
});

test("a target that does not exist does not start", async () => {
  const started = startFunctionsFramework(artifact.dir, { target: "missing" });
  await expect(started).rejects.toThrow(/exit code 1.*'missing' is not defined/s);
});

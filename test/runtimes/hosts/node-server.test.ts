import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeArtifact } from "./artifact.ts";
import { headerValues } from "./http.ts";
import { startNodeServer } from "./node-server.ts";

const artifact = writeArtifact({
  "server.mjs": `
    import { createServer } from "node:http";
    const server = createServer(async (req, res) => {
      if (req.url === "/break") { res.write("half"); setImmediate(() => res.destroy()); return; }
      const chunks = await Array.fromAsync(req);
      res.writeHead(200, { "set-cookie": ["a=1", "b=2"], "x-url": req.url, "x-env": Object.keys(process.env).sort().join() });
      res.end(Buffer.concat(chunks));
    });
    server.listen(Number(process.env.PORT), () => console.log("ready"));
    process.on("SIGTERM", () => { console.log("bye"); server.close(); process.exitCode = 5; });
  `,
  "broken.mjs": "throw new Error('no server');",
});
afterAll(() => artifact[Symbol.dispose]());
const server = join(artifact.dir, "server.mjs");

test("answers what was sent, byte for byte", async () => {
  await using host = await startNodeServer(server);
  expect(host.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const body = Uint8Array.of(0, 255, 254);
  const response = await host.request({ method: "POST", url: "//x/a%2Fb?q=%00", body });
  expect(response).toMatchObject({ status: 200, body: Buffer.from(body), complete: true });
  expect(headerValues(response.headers, "set-cookie")).toEqual(["a=1", "b=2"]);
  expect(headerValues(response.headers, "X-URL")).toEqual(["//x/a%2Fb?q=%00"]);
  expect(headerValues(response.headers, "x-env")[0]).not.toMatch(/VITEST|npm_/);
});

test("shows an answer that breaks off", async () => {
  await using host = await startNodeServer(server);
  const response = await host.request({ method: "GET", url: "/break" });
  expect(response).toMatchObject({ status: 200, body: Buffer.from("half"), complete: false });
});

test("SIGTERM lets the server end by itself", async () => {
  await using host = await startNodeServer(server);
  expect(await host.terminate()).toEqual({ code: 5, signal: null });
  expect(host.logs()).toBe("ready\nbye\n");
  await expect(host.request({ method: "GET", url: "/" })).rejects.toThrow("ECONNREFUSED");
});

test("a server that does not start is reported with its output", async () => {
  const started = startNodeServer(join(artifact.dir, "broken.mjs"));
  await expect(started).rejects.toThrow(/exit code 1.*no server/s);
});

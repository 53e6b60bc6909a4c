import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "@anyfn/build";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Exit, type HttpHost, startNodeServer } from "../hosts/index.ts";
import { type Account, startCallers } from "./clients.ts";

const scratch = mkdtempSync(join(tmpdir(), "anyfn-shutdown-"));
const CONNECTIONS = 256;
const CLEAN: Exit = { code: 0, signal: null };

beforeAll(async () => {
  await build({ cwd: join(import.meta.dirname, "../load-app"), targets: ["node"], outDir: scratch });
}, 60_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function start(): Promise<HttpHost> {
  return startNodeServer(join(scratch, "node/server.mjs"));
}

const get = "GET /counted HTTP/1.1\r\nHost: a\r\n\r\n";
const post = `POST /received HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n${"x".repeat(20_000)}`;

describe(`SIGTERM under ${CONNECTIONS} connections`, () => {
  // Those who think before they ask again are the hard ones: their connection is idle, and a request is on its way.
  test.each([
    ["ask again at once", 0],
    ["think for a moment", 10],
  ])("that %s leaves no request unanswered", async (_name, thinkMs) => {
    await using host = await start();
    const callers = startCallers(Number(new URL(host.url).port), CONNECTIONS, {
      request: (index) => (index % 4 === 0 ? post : get),
      thinkMs,
    });
    await callers.busy;
    expect(await host.terminate()).toEqual(CLEAN);
    const accounts = await callers.ended;
    expect(accounts.filter(isAtFault)).toEqual([]);
    expect(accounts).toHaveLength(CONNECTIONS);
  });

  test("leaves nothing unanswered of a benchmark's load", async () => {
    await using host = await start();
    const autocannon = createRequire(import.meta.url).resolve("autocannon");
    // It goes on trying to connect where nobody listens any more, which are its errors; many of them end it, when all answers are read.
    const options = [
      "--connections",
      String(CONNECTIONS),
      "--duration",
      "20",
      "--bailout",
      String(20 * CONNECTIONS),
      "--json",
    ];
    const load = promisify(execFile)(process.execPath, [autocannon, ...options, `${host.url}/counted`]);
    let asked = 0;
    const work = async (): Promise<number> => {
      const { body } = await host.request({ method: "GET", url: "/counted" });
      asked += 1;
      return (JSON.parse(Buffer.from(body).toString()) as { handled: number }).handled;
    };
    await expect.poll(work, { timeout: 15_000 }).toBeGreaterThan(10 * CONNECTIONS);
    expect(await host.terminate()).toEqual(CLEAN);
    const report = JSON.parse((await load).stdout) as Record<string, number>;
    const handled = Number(/^handled (\d+)$/m.exec(host.logs())?.[1]);
    expect(report).toMatchObject({
      "2xx": handled - asked,
      non2xx: 0,
      resets: 0,
      timeouts: 0,
      mismatches: 0,
    });
  });
});

/** Every request answered with 200, the last answer with the word that the connection ends. */
function isAtFault({ sent, statuses, toldToClose, failure }: Account): boolean {
  return (
    failure !== undefined ||
    !toldToClose ||
    statuses.length !== sent ||
    statuses.some((status) => status !== 200)
  );
}

test("a request whose body is still arriving is waited for", async () => {
  await using host = await start();
  const socket = connect(Number(new URL(host.url).port), "127.0.0.1");
  socket.write(post.slice(0, 10_000));
  // Once a request made later is answered, the server has read this much.
  expect(await host.request({ method: "GET", url: "/counted" })).toMatchObject({ status: 200 });
  const ended = host.terminate();
  await host.logged(/Shutting down/);
  socket.write(post.slice(10_000));
  let text = "";
  for await (const chunk of socket) text += chunk;
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n.*connection: close\r\n.*\{"length":20000\}$/is);
  expect(await ended).toEqual(CLEAN);
});

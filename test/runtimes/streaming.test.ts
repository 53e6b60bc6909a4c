import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "@anyfn/build";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  azureFront,
  type Front,
  lambdaFront,
  startAzure,
  startFunctionsFramework,
  startLambda,
  startNodeServer,
} from "./hosts/index.ts";

const scratch = mkdtempSync(join(tmpdir(), "anyfn-streaming-"));
const fronts = new Map<string, Front>();
const started = new AsyncDisposableStack();
const TARGETS = ["aws", "azure", "gcp", "node"];

beforeAll(async () => {
  const cwd = join(import.meta.dirname, "streaming-app");
  await build({ cwd, targets: TARGETS, outDir: scratch });
  const lambda = {
    streamed: await startLambda(join(scratch, "aws/streamed")),
    moved: await startLambda(join(scratch, "aws/moved")),
    broken: await startLambda(join(scratch, "aws/broken")),
  };
  for (const host of Object.values(lambda)) started.use(host);
  fronts.set("aws", (request) =>
    lambdaFront(lambda[request.url.slice(1) as keyof typeof lambda], "function-url")(request),
  );
  fronts.set("azure", azureFront(started.use(await startAzure(join(scratch, "azure")))));
  const google = new Map<string, Front>();
  for (const name of Object.keys(lambda)) {
    google.set(
      `/${name}`,
      started.use(await startFunctionsFramework(join(scratch, "gcp", name), { target: name })).request,
    );
  }
  fronts.set("gcp", (request) => (google.get(request.url) as Front)(request));
  fronts.set("node", started.use(await startNodeServer(join(scratch, "node/server.mjs"))).request);
}, 60_000);

afterAll(async () => {
  await started.disposeAsync();
  rmSync(scratch, { recursive: true, force: true });
});

describe.each(TARGETS)("a streamed answer on %s", (target) => {
  const get = (url: string): ReturnType<Front> => (fronts.get(target) as Front)({ method: "GET", url });

  test("leaves piece by piece, with its status, headers and cookies first", async () => {
    const answer = await get("/streamed");
    expect(answer.status).toBe(203);
    expect(answer.headers.find(([name]) => name === "content-type")).toEqual([
      "content-type",
      "text/event-stream",
    ]);
    expect(answer.headers.filter(([name]) => name === "set-cookie")).toHaveLength(2);
    expect(Buffer.from(answer.body).toString()).toBe("data: 1\n\ndata: 2\n\ndata: 3\n\n");
    const [first] = answer.chunks;
    const last = answer.chunks.at(-1);
    // The function waits 200 ms between the first piece and the last.
    expect((last?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(120);
  });

  test("without a body still has its status and headers", async () => {
    const answer = await get("/moved");
    expect([
      answer.status,
      answer.headers.find(([name]) => name === "location"),
      answer.body.byteLength,
    ]).toEqual([302, ["location", "/streamed"], 0]);
  });

  test("that breaks does not end as if it were whole", async () => {
    const { complete, body } = await get("/broken");
    expect(Buffer.from(body).toString()).not.toContain("Internal Server Error");
    expect(complete).toBe(false);
  });
});

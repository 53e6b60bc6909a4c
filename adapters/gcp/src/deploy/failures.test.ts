import { apply, changesOf } from "@anyfn/build";
import { http, queue } from "@anyfn/core";
import { describe, expect, it } from "vitest";
import { SECRETS } from "../../../../test/support/google-service.ts";
import { servedCode } from "../../../../test/support/google-service-functions.ts";
import { PROJECT, REGION, refuse } from "../../../../test/support/google-service-state.ts";
import { createStage, type GoogleStage } from "../../../../test/support/google-stage.ts";
import type { RecordedRequest } from "../../../../test/support/recording-server.ts";

const TRIGGERS = { "get-order": http.get("/orders"), fulfil: queue("orders") };
const start = (): Promise<GoogleStage> => createStage(TRIGGERS, { create: true });
const PARENT = `projects/${PROJECT}/locations/${REGION}`;
const forbidden = refuse(403, "PERMISSION_DENIED", "Permission 'x.y.z' denied on resource");
const isChange = ({ method, url }: RecordedRequest): boolean =>
  method !== "GET" && !/^\/(?:sts|iamcredentials)\/|:getIamPolicy/.test(url);
const served = ({ google }: GoogleStage, name: string) =>
  servedCode(google.state, `shop-dev-${name}`)?.toString();

/** The changing requests of a deployment, one of each kind. */
async function stepsOf(stage: GoogleStage): Promise<readonly string[]> {
  stage.google.writes();
  await stage.deploy();
  const kindOf = (line: string) => line.replace(/shop-dev-+[a-z-]+|[a-z]+(?=\.googleapis)/, "*");
  const lines = stage.google.writes().map((line) => line.replace(/source-.*/, "source-"));
  return [...new Map(lines.map((line) => [kindOf(line), line])).values()];
}

const keysOf = ({ google }: GoogleStage): readonly string[] => [...google.state.resources.keys()].sort();

function failAt(stage: GoogleStage, step: string): void {
  stage.google.server.failWith({
    when: ({ method, url }) => `${method} ${url.split("?")[0]}`.startsWith(step),
    answer: forbidden,
  });
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "",
    (error: Error) => error.message,
  );
}

describe("whatever step of a deployment fails", () => {
  it("of the first one, it says so, and the same command goes on", async () => {
    await using model = await start();
    const steps = await stepsOf(model);
    expect(steps.length).toBeGreaterThan(10);
    for (const step of steps) {
      await using stage = await start();
      failAt(stage, step);
      const message = await messageOf(stage.deploy());
      expect(message, step).toMatch(/changes were made, then this failed:\n {2}create /);
      const words = step.startsWith("PUT /upload/") ? "HTTP 403" : "Permission 'x.y.z' denied on resource";
      expect(message, step).toContain(words);
      expect(message, step).toContain("Give the account that deploys this right");
      for (const secret of [...SECRETS, "secret-signature"]) expect(message).not.toContain(secret);
      stage.google.server.recover();
      await stage.deploy();
      expect(keysOf(stage), step).toEqual(keysOf(model));
    }
  });

  it("of a later one, what served before serves, and the same command goes on", async () => {
    await using stage = await start();
    await stage.deploy();
    const code = { "get-order": "second", fulfil: "second" };
    stage.set({ code });
    const path = `/v2/${PARENT}/functions`;
    const steps = [`POST ${path}:generateUploadUrl`, "PUT /upload/", `PATCH ${path}/shop-dev-get-order`];
    for (const step of steps) {
      failAt(stage, step);
      expect(await messageOf(stage.deploy())).toContain("update function shop-dev-get-order");
      expect(served(stage, "get-order")).toBe("get-order");
      stage.google.server.recover();
    }
    await stage.deploy();
    expect(served(stage, "get-order")).toBe("second");
    expect(served(stage, "fulfil")).toBe("second");
  });
});

describe("a build that fails", () => {
  it("leaves the revision before serving, and says where to read about it", async () => {
    await using stage = await start();
    await stage.deploy();
    stage.set({ code: { "get-order": "broken", fulfil: "fine" } });
    stage.google.state.failOperation = (_verb, name) =>
      name.endsWith("get-order") ? { code: 3, message: "Build failed: npm could not install." } : undefined;
    const message = await messageOf(stage.deploy());
    expect(message).toContain(
      "update function shop-dev-get-order: [gcp] INVALID_ARGUMENT: Build failed: npm could",
    );
    expect(message).toContain("anyfn rollback --function fulfil");
    expect(served(stage, "get-order")).toBe("get-order");
    expect(served(stage, "fulfil")).toBe("fine");
    stage.google.state.failOperation = undefined;
    await stage.deploy();
    expect(served(stage, "get-order")).toBe("broken");
  });

  it("is built again though Google says that it has the code", async () => {
    await using stage = await start();
    await stage.deploy();
    const key = `cloudfunctions/${PARENT}/functions/shop-dev-get-order`;
    const found = stage.google.state.resources.get(key) ?? {};
    stage.google.state.resources.set(key, { ...found, state: "FAILED" });
    const plan = await stage.deploy();
    expect(changesOf(plan).map(({ name, details }) => [name, ...details])).toEqual([
      ["shop-dev-get-order", "its state is FAILED"],
    ]);
    expect(stage.google.writes().filter((line) => line.startsWith("PUT /upload/"))).toHaveLength(3);
    expect(changesOf(await stage.plan())).toEqual([]);
  });
});

describe("what passes", () => {
  it("is tried again: throttling, and what is unavailable", async () => {
    await using stage = await start();
    for (const status of [429, 503]) {
      const answer = refuse(status, "UNAVAILABLE", "Try again.");
      stage.google.server.failWith({ when: isChange, answer, times: 3 });
    }
    await stage.deploy();
    expect(stage.waits.filter((wait) => wait === 1000).length).toBeGreaterThan(0);
    expect(changesOf(await stage.plan())).toEqual([]);
  });

  it("is read again: a policy that somebody changed at the same time", async () => {
    await using stage = await start();
    const answer = refuse(409, "ABORTED", "There were concurrent policy changes.");
    stage.google.server.failWith({ when: ({ url }) => url.includes(":setIamPolicy"), answer, times: 4 });
    await stage.deploy();
    expect(stage.told).toContain("waiting for another change of the same policy");
    expect(changesOf(await stage.plan())).toEqual([]);
  });

  it("is waited for: accounts that not all of Google Cloud knows yet", async () => {
    await using stage = await start();
    const answer = refuse(400, "INVALID_ARGUMENT", "Service account shop-dev-x@y does not exist.");
    stage.google.server.failWith({
      when: ({ url }) => /:setIamPolicy|functionId=/.test(url),
      answer,
      times: 6,
    });
    await stage.deploy();
    expect(stage.told).toContain("waiting until all of Google Cloud knows what was made before");
    expect(changesOf(await stage.plan())).toEqual([]);
  });

  it("is not waited for without end", async () => {
    await using stage = await start();
    const answer = refuse(429, "RESOURCE_EXHAUSTED", "Quota exceeded.");
    stage.google.server.failWith({ when: ({ url }) => url.startsWith("/iam/"), answer });
    expect(await messageOf(stage.plan())).toContain("Quota exceeded. Wait a minute");
    expect(stage.waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(40 * 31_000);
  });

  it("ends with the signal", async () => {
    await using stage = await start();
    const stop = new AbortController();
    const plan = await stage.deployer.plan({ ...(await stage.input()), signal: stop.signal });
    stage.google.writes();
    await expect(
      apply(plan, stop.signal, (progress) => {
        if (progress.kind === "done" && progress.done === 9) stop.abort();
      }),
    ).rejects.toThrow("Stopped after 9 of");
    expect(stage.google.writes()).toHaveLength(9);
  });
});

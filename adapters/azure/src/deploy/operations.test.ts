import type { CallResult, LogLine } from "@anyfn/build";
import { direct, http, queue } from "@anyfn/core";
import { describe, expect, it } from "vitest";
import { GROUP } from "../../../../test/support/azure-service-state.ts";
import { type App, carryOut, linesOf, useAzure } from "../../../../test/support/azure-stage.ts";

const azure = useAzure();
const shop: App = {
  functions: { "get-order": http.get("/fn/orders"), fulfil: queue("orders"), add: direct() },
  section: { direct: { add: { route: "/fn/add" } } },
};

async function call(
  name: string,
  data?: string,
  app: App = shop,
  path = "/fn/orders?open=1",
): Promise<CallResult> {
  const input = await azure.stage.input(app);
  const given = { function: name, method: "GET", path, headers: {}, data };
  return azure.stage.deployer.invoke(input, given);
}

async function rollBack(): Promise<readonly string[]> {
  const plan = await azure.stage.deployer.planRollback(await azure.stage.input(shop));
  await carryOut(plan);
  return linesOf(plan).map((line) => line.replace(/shop-dev-\w+/, "<app>"));
}

const versionNow = async (): Promise<unknown> => JSON.parse((await call("get-order")).output).version;

describe("rollback", () => {
  it("publishes the zip before this one, and forward again", async () => {
    await azure.stage.deploy(shop);
    await azure.stage.deploy({ ...shop, version: "two" });
    expect(await rollBack()).toEqual([
      "update code <app>",
      "update function add",
      "update function fulfil",
      "update function get-order",
    ]);
    expect(await versionNow()).toBe("one");
    expect(await azure.stage.deploy(shop)).toEqual([]);
    await rollBack();
    expect(await versionNow()).toBe("two");
  });

  it("says that there is nothing to go back to", async () => {
    await expect(rollBack()).rejects.toThrow(/This stage is not deployed/);
    await azure.stage.deploy(shop);
    await expect(rollBack()).rejects.toThrow(/nothing to go back to/);
  });

  it("changes nothing where the zip is gone", async () => {
    await azure.stage.deploy(shop);
    await azure.stage.deploy({ ...shop, version: "two" });
    azure.service.state.blobs.clear();
    await expect(rollBack()).rejects.toThrow(/is no longer in the container of releases/);
    expect(await versionNow()).toBe("two");
  });
});

describe("removal", () => {
  it("leaves nothing behind, and what is somebody else's as it is", async () => {
    const theirs = `${GROUP}/providers/Microsoft.Storage/storageAccounts/theirs`;
    azure.service.state.resources.put(theirs, { location: "westeurope" });
    await azure.stage.deploy(shop);
    await azure.stage.deploy(shop, { stage: "prod" });
    const remove = async (stage: string) => {
      const plan = await azure.stage.deployer.planRemoval(await azure.stage.input(shop, { stage }));
      await carryOut(plan);
      return linesOf(plan);
    };
    const lines = await remove("dev");
    expect(lines).toContain("delete deployment stack anyfn-shop-dev");
    expect(lines).toContainEqual(expect.stringMatching(/^delete queue st\w+\/orders$/));
    expect(lines).toContainEqual(expect.stringMatching(/^delete role assignment .*, for whoever deployed$/));
    const { resources } = azure.service.state;
    expect(resources.ids().filter((id) => id.includes("shop-dev"))).toEqual([]);
    expect(resources.ids().filter((id) => id.includes("shop-prod")).length).toBeGreaterThan(4);
    await remove("prod");
    expect(resources.ids()).toEqual([theirs]);
    expect(await remove("dev")).toEqual([]);
  });
});

describe("removal after a deployment that failed", () => {
  it("finds what no stack manages by its tags", async () => {
    azure.service.state.failResource = /\/storageAccounts\/[^/]+$/;
    await expect(azure.stage.deploy(shop)).rejects.toThrow();
    const { resources } = azure.service.state;
    expect(resources.ids().some((id) => id.includes("/serverfarms/"))).toBe(true);
    const plan = await azure.stage.deployer.planRemoval(await azure.stage.input(shop));
    await carryOut(plan);
    expect(linesOf(plan).at(-1)).toMatch(/^delete plan shop-dev-\w+-plan$/);
    expect(resources.ids().filter((id) => !id.includes("roleAssignments"))).toEqual([]);
  });
});

describe("a call", () => {
  it("of an HTTP function goes where it answers, once", async () => {
    await azure.stage.deploy(shop);
    const before = azure.service.server.requests.length;
    expect(await call("get-order")).toMatchObject({
      ok: true,
      status: 200,
      output: expect.stringContaining('"key":null'),
    });
    const asked = azure.service.server.requests.slice(before).filter(({ url }) => url.startsWith("/fn"));
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual(["GET /fn/orders?open=1"]);
    expect(asked[0]?.headers.authorization).toBeUndefined();
  });

  it("that fails is not sent again", async () => {
    await azure.stage.deploy(shop);
    expect(await call("get-order", undefined, shop, "/fn/fails")).toMatchObject({ ok: false, status: 503 });
    expect(azure.service.server.requests.filter(({ url }) => url === "/fn/fails").length).toBe(1);
  });

  it("carries the key that the function asks for", async () => {
    const guarded = { ...shop, section: { ...shop.section, authLevel: "function" } };
    await azure.stage.deploy(guarded);
    expect((await call("get-order", undefined, guarded)).output).toContain('"key":"get-order-key"');
    const admin = { ...shop, section: { ...shop.section, authLevel: "admin" } };
    expect((await call("get-order", undefined, admin)).output).toContain('"key":"master-key"');
  });

  it("of a direct function posts its input", async () => {
    await azure.stage.deploy(shop);
    const { output } = await call("add", '{"a":1}');
    expect(JSON.parse(output)).toMatchObject({
      method: "POST",
      path: "/add",
      key: "add-key",
      body: '{"a":1}',
    });
  });

  it("of another function goes through the host", async () => {
    await azure.stage.deploy(shop);
    expect(await call("fulfil", '{"id":1}')).toEqual({
      ok: true,
      output: expect.stringContaining("anyfn logs fulfil"),
    });
    const request = azure.service.server.requests.at(-1);
    expect(request?.url).toBe("/admin/functions/fulfil");
    expect(request?.headers["x-functions-key"]).toBe("master-key");
    expect(JSON.parse(request?.body.toString() ?? "")).toEqual({ input: '{"id":1}' });
  });
});

describe("logs", () => {
  const at = (seconds: number): string => new Date(1_800_000_000_000 + seconds * 1000).toISOString();
  const query = { function: "fulfil", since: 1_800_000_000_000, follow: false };

  it("are the function's own, from a time on", async () => {
    await azure.stage.deploy(shop);
    azure.service.state.logs.push(["1", at(-5), "fulfil: old"], ["2", at(1), "add: other"]);
    azure.service.state.logs.push(["3", at(2), "fulfil: taken"], ["4", at(3), "fulfil: done"]);
    const lines: LogLine[] = [];
    const found = azure.stage.deployer.logs(await azure.stage.input(shop), query);
    for await (const line of found) lines.push(line);
    expect(lines).toEqual([
      { time: 1_800_000_002_000, text: "fulfil: taken" },
      { time: 1_800_000_003_000, text: "fulfil: done" },
    ]);
  });

  it("are followed until the signal, with lines that come late and none twice", async () => {
    await azure.stage.deploy(shop);
    const controller = new AbortController();
    const { logs } = azure.service.state;
    logs.push(["1", at(10), "fulfil: first"]);
    const input = await azure.stage.input(shop, { signal: controller.signal });
    const texts: string[] = [];
    for await (const { text } of azure.stage.deployer.logs(input, { ...query, follow: true })) {
      texts.push(text);
      if (texts.length === 1) logs.push(["2", at(5), "fulfil: late"]);
      else controller.abort();
    }
    expect(texts).toEqual(["fulfil: first", "fulfil: late"]);
  });
});

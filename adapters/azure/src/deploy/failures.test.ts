import { http, queue } from "@anyfn/core";
import { describe, expect, it, vi } from "vitest";
import type { AzureState } from "../../../../test/support/azure-service-state.ts";
import { type App, useAzure } from "../../../../test/support/azure-stage.ts";
import type { Failure, RecordedRequest, ServerAnswer } from "../../../../test/support/recording-server.ts";

const azure = useAzure();
const shop: App = { functions: { "get-order": http.get("/fn/orders"), fulfil: queue("orders") } };
/** Other code, and other resources. */
const next: App = {
  ...shop,
  functions: { ...shop.functions, pack: queue("parcels") },
  version: "two",
};

async function served(): Promise<unknown> {
  const call = { function: "get-order", method: "GET", path: "/fn/orders", headers: {}, data: undefined };
  const { output } = await azure.stage.deployer.invoke(await azure.stage.input(shop), call);
  return JSON.parse(output).version;
}

const on =
  (method: string, path: RegExp) =>
  (request: RecordedRequest): boolean =>
    request.method === method && path.test(request.url);
const refused = (code: string): ServerAnswer => ({
  status: 403,
  body: { error: { code, message: "The client has no right to do that." } },
});
const AUTHORIZATION = refused("AuthorizationFailed");

describe("a step that fails", () => {
  it.each<[string, Failure | ((state: AzureState) => void), RegExp]>([
    [
      "the prediction",
      { when: on("POST", /whatIf/), answer: AUTHORIZATION },
      /HTTP 403, AuthorizationFailed: .*\n.*Give whoever deploys that right/,
    ],
    [
      "the stack",
      { when: on("PUT", /deploymentStacks/), answer: refused("MissingSubscriptionRegistration") },
      /az provider register[\s\S]*What served before/i,
    ],
    [
      "a resource",
      (state) => {
        state.failResource = /queues\/parcels$/;
      },
      /create|update deployment stack anyfn-shop-dev: .*SkuNotAvailable: There is no room/,
    ],
    [
      "keeping the zip",
      {
        when: on("PUT", /anyfn-releases/),
        answer: { status: 403, body: "<Error><Code>AuthorizationPermissionMismatch</Code></Error>" },
      },
      /AuthorizationPermissionMismatch[\s\S]*Storage Blob Data Contributor/,
    ],
    [
      "the upload",
      { when: on("POST", /api\/publish/), answer: { status: 401, body: "" } },
      /HTTP 401[\s\S]*az login/,
    ],
    [
      "the publication",
      (state) => {
        state.failPublish.push({ status: 3, text: "App setting X is not supported." });
      },
      /did not take the code: App setting X is not supported\./,
    ],
    [
      "noting what serves",
      { when: on("PATCH", /tags/), answer: AUTHORIZATION },
      /update code .*: HTTP 403|AuthorizationFailed/,
    ],
  ])("%s: says so, keeps what serves, and can be repeated", async (step, failing, message) => {
    await azure.stage.deploy(shop);
    if (typeof failing === "function") failing(azure.service.state);
    else azure.service.server.failWith(failing);
    await expect(azure.stage.deploy(next)).rejects.toThrow(message);
    azure.service.server.recover();
    expect(await served()).toBe(step === "noting what serves" ? "two" : "one");
    await azure.stage.deploy(next);
    expect(await served()).toBe("two");
    expect(await azure.stage.deploy(next)).toEqual([]);
  });

  it("at the first deployment leaves nothing that the next one takes for somebody else's", async () => {
    azure.service.state.failResource = /queues\/orders$/;
    await expect(azure.stage.deploy(shop)).rejects.toThrow(/What served before serves as it did/);
    await azure.stage.deploy(shop);
    expect(await served()).toBe("one");
  });

  it("at a resource that is there already is made up for", async () => {
    await azure.stage.deploy(shop);
    const app = { ...shop, section: { logRetentionDays: 60 } };
    azure.service.state.failResource = /-logs$/;
    await expect(azure.stage.deploy(app)).rejects.toThrow(/SkuNotAvailable/);
    await azure.stage.deploy(app);
    const { resources } = azure.service.state;
    expect(resources.find("Microsoft.OperationalInsights/workspaces")?.body.properties).toMatchObject({
      retentionInDays: 60,
    });
  });

  it("code that the host cannot run is replaced by the code from before", async () => {
    await azure.stage.deploy(shop);
    await expect(azure.stage.deploy({ ...shop, version: "two", broken: true })).rejects.toThrow(
      /finds 0 of 2 functions\. Missing: get-order, fulfil\..*The code from before was published again\./,
    );
    expect(await served()).toBe("one");
    expect(await azure.stage.deploy(shop)).toEqual([]);
  });

  it("functions that the code does not register are named", async () => {
    await expect(azure.stage.deploy({ ...shop, registers: ["fulfil"] })).rejects.toThrow(
      /finds 1 of 2 functions\. Missing: get-order\./,
    );
  });
});

describe("what passes", () => {
  it.each<[string, Failure["answer"]]>([
    ["throttling", { status: 429, headers: { "retry-after": "0" } }],
    ["a failing service", { status: 503 }],
    ["a broken connection", "reset"],
  ])("is tried again: %s", async (_, answer) => {
    azure.service.server.failWith({ when: ({ url }) => !url.startsWith("/msi"), answer, times: 2 });
    await azure.stage.deploy(shop);
    expect(await served()).toBe("one");
  });

  it("another publication is awaited", async () => {
    azure.service.server.failWith({ when: on("POST", /api\/publish/), answer: { status: 409 }, times: 2 });
    await azure.stage.deploy(shop);
    expect(await served()).toBe("one");
  });

  it("another deployment is not disturbed", async () => {
    await azure.stage.deploy(shop);
    const tags = { "anyfn:app": "shop", "anyfn:stage": "dev" };
    const body = { tags, properties: { provisioningState: "deploying" } };
    azure.service.server.failWith({ when: on("GET", /deploymentStacks/), answer: { body } });
    await expect(azure.stage.plan(shop)).rejects.toThrow(/Another deployment of this stage is going on/);
  });
});

describe("tokens", () => {
  it("are asked of Azure's standard chain, which says how to log in", async () => {
    // Nothing of what this one reads is set.
    vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential");
    await expect(azure.stage.plan(shop)).rejects.toThrow(/Log in with az login/);
  });

  it("go to nobody else", async () => {
    const location = "http://127.0.0.2:1/operations/1";
    azure.service.server.failWith({
      when: on("POST", /whatIf/),
      answer: { status: 202, headers: { location } },
    });
    await expect(azure.stage.plan(shop)).rejects.toThrow(/leads to 127\.0\.0\.2:1, .* gets no token/);
  });

  it("are in no message", async () => {
    azure.service.server.failWith({ when: on("PUT", /./), answer: AUTHORIZATION });
    const error: unknown = await azure.stage.deploy(shop).catch((thrown: unknown) => thrown);
    expect(String(error)).not.toMatch(/Bearer|e30\.|identity-secret|master-key/);
  });

  it("end with the signal", async () => {
    const signal = AbortSignal.abort();
    await expect(azure.stage.plan(shop, { signal })).rejects.toThrow(/abort/i);
  });
});

import { bus, direct, http, queue, storage } from "@anyfn/core";
import { describe, expect, it } from "vitest";
import { GROUP } from "../../../../test/support/azure-service-state.ts";
import { type App, carryOut, linesOf, useAzure } from "../../../../test/support/azure-stage.ts";

const azure = useAzure();
const shop: App = {
  functions: { "get-order": http.get("/fn/orders"), fulfil: queue("orders"), add: direct() },
};
const SITE = "Microsoft\\.Web/sites";
const QUEUE = "Microsoft.Storage/storageAccounts/queueServices/queues";

/** What the deployed code says of itself. */
async function served(app: App = shop): Promise<unknown> {
  const call = { function: "get-order", method: "GET", path: "/fn/orders", headers: {}, data: undefined };
  const { output } = await azure.stage.deployer.invoke(await azure.stage.input(app), call);
  return JSON.parse(output).version;
}

/** What changed since, and what was written for it. */
async function writesOf(act: () => Promise<unknown>): Promise<readonly string[]> {
  const before = azure.service.writes().length;
  await act();
  return azure.service.writes().slice(before).map(short);
}

function short(line: string): string {
  return line
    .replace(/[\da-f]{64}/, "<hash>")
    .replace(/shop-dev-\w{13}/, "<app>")
    .replace(/.* .*roleAssignments\/.*/, "PUT <right>");
}

describe("a first deployment", () => {
  it("makes what the code needs, keeps the zip, and publishes it", async () => {
    const plan = await azure.stage.plan(shop);
    expect(plan.place).toContain("resource group shop");
    expect(linesOf(plan).map(short)).toEqual(
      expect.arrayContaining([
        "create deployment stack anyfn-shop-dev",
        "create app <app>",
        expect.stringMatching(/^create queue st\w+\/orders$/),
        expect.stringMatching(
          /^create role assignment Storage Queue Data Message Processor on st\w+\/orders$/,
        ),
        "create role assignment Storage Blob Data Contributor on deployments, for whoever deploys",
        "create function get-order",
      ]),
    );
    expect(azure.service.writes()).toEqual([]);
    expect(await writesOf(() => carryOut(plan))).toEqual([
      "PUT Microsoft.Resources/deploymentStacks/anyfn-shop-dev",
      "PUT <right>",
      "PUT /deployments/anyfn-releases/<hash>.zip",
      "POST /api/publish",
      "PATCH Microsoft.Web/sites/<app>/providers/Microsoft.Resources/tags/default",
    ]);
    expect(await served()).toBe("one");
    expect(await plan.addresses()).toEqual([
      { function: "get-order", url: `${azure.service.url}/fn/orders` },
    ]);
  });

  it("says whose everything is", async () => {
    await azure.stage.deploy(shop);
    const { resources } = azure.service.state;
    const tagged = resources
      .ids()
      .map((id) => resources.get(id)?.body)
      .filter((body) => body?.location !== undefined);
    expect(tagged.length).toBeGreaterThan(4);
    for (const body of tagged)
      expect(body?.tags).toMatchObject({ "anyfn:app": "shop", "anyfn:stage": "dev" });
    expect(resources.find(SITE)?.id).toMatch(/\/shop-dev-\w{13}$/);
  });

  it("waits while new rights are not known yet", async () => {
    azure.service.state.unknownRights = 3;
    azure.service.state.failPublish.push({ status: 3, text: "Storage responded with Forbidden" });
    await azure.stage.deploy(shop);
    expect(await served()).toBe("one");
  });
});

describe("a further deployment", () => {
  it("of the same changes nothing", async () => {
    await azure.stage.deploy(shop);
    expect(await writesOf(async () => expect(await azure.stage.deploy(shop)).toEqual([]))).toEqual([]);
  });

  it("of other code touches the code alone, and keeps the zip before", async () => {
    await azure.stage.deploy(shop);
    const lines: string[] = [];
    const writes = await writesOf(async () => {
      lines.push(...(await azure.stage.deploy({ ...shop, version: "two" })).map(short));
    });
    expect(lines).toEqual([
      "update code <app>",
      "update function get-order",
      "update function fulfil",
      "update function add",
    ]);
    expect(writes).toEqual([
      "PUT /deployments/anyfn-releases/<hash>.zip",
      "POST /api/publish",
      "PATCH Microsoft.Web/sites/<app>/providers/Microsoft.Resources/tags/default",
    ]);
    expect(await served()).toBe("two");
    await azure.stage.deploy({ ...shop, version: "three" });
    expect(azure.service.state.blobs.size).toBe(2);
  });

  it("of other settings changes the resources alone, and tells no values of settings", async () => {
    await azure.stage.deploy(shop);
    const app = { ...shop, section: { logRetentionDays: 60, environment: { GREETING: "secret-value" } } };
    const plan = await azure.stage.plan(app);
    const changes = plan.waves.flat();
    expect(changes.find(({ kind }) => kind === "log workspace")).toMatchObject({
      action: "update",
      details: ["properties.retentionInDays: 30 → 60"],
    });
    expect(changes.find(({ kind }) => kind === "app")?.details).toContain(
      "properties.siteConfig.appSettings: GREETING",
    );
    expect(JSON.stringify(changes)).not.toContain("secret-value");
    expect(await writesOf(() => carryOut(plan))).toEqual([
      "PUT Microsoft.Resources/deploymentStacks/anyfn-shop-dev",
    ]);
    // The tags that say which code serves outlive it.
    expect(await azure.stage.deploy(app)).toEqual([]);
  });

  it("makes again what somebody deleted", async () => {
    await azure.stage.deploy(shop);
    const { resources } = azure.service.state;
    resources.delete(resources.ids().find((id) => id.endsWith("/queues/orders-poison")) ?? "");
    expect(await azure.stage.deploy(shop)).toEqual([
      "update deployment stack anyfn-shop-dev",
      expect.stringMatching(/^create queue .*\/orders-poison$/),
      expect.stringMatching(
        /^create role assignment Storage Queue Data Message Sender on .*\/orders-poison$/,
      ),
    ]);
  });

  it("deletes what a function that is gone needed, and not before other code serves", async () => {
    await azure.stage.deploy(shop);
    const { fulfil: _, ...functions } = shop.functions;
    const smaller = { ...shop, functions };
    const plan = await azure.stage.plan(smaller);
    expect(linesOf(plan)).toContain("delete function fulfil");
    expect(await writesOf(() => carryOut(plan))).toEqual([
      "PUT Microsoft.Resources/deployments/anyfn-shop-dev",
      "PUT /deployments/anyfn-releases/<hash>.zip",
      "POST /api/publish",
      "PATCH Microsoft.Web/sites/<app>/providers/Microsoft.Resources/tags/default",
      "PUT Microsoft.Resources/deploymentStacks/anyfn-shop-dev",
    ]);
    expect(azure.service.state.resources.find(QUEUE)).toBeUndefined();
    expect(azure.service.state.resources.ids().filter((id) => /queues\/orders/.test(id))).toEqual([]);
    expect(await azure.stage.deploy(smaller)).toEqual([]);
  });

  it("of one function says that all of them change, and deletes nothing", async () => {
    await azure.stage.deploy(shop);
    const { fulfil: _, ...functions } = shop.functions;
    const plan = await azure.stage.plan({ ...shop, functions, version: "two" }, { only: ["add"] });
    const code = plan.waves.flat().find(({ kind }) => kind === "code");
    expect(code?.details).toContain("all functions are in one app, so that these change too: get-order");
    await carryOut(plan);
    expect(azure.service.state.resources.ids().some((id) => id.endsWith("/queues/orders"))).toBe(true);
  });
});

describe("subscriptions of Event Grid", () => {
  const watching: App = {
    functions: { ...shop.functions, watch: bus("audit"), scan: storage("scans") },
    section: { create: ["audit"], storage: { scans: { source: "blob" } } },
  };
  const given = { parameters: { bus_audit_name: "shop-audit" } };
  const subscriptions = () =>
    azure.service.state.resources.ids().filter((id) => id.includes("/eventSubscriptions/"));

  it("come after the code, once", async () => {
    const writes = await writesOf(() => azure.stage.deploy(watching, given));
    expect(writes.at(-1)).toBe("PUT Microsoft.Resources/deploymentStacks/anyfn-shop-dev-events");
    expect(writes).toContain("POST /api/publish");
    expect(subscriptions().map((id) => id.split("/").at(-1))).toEqual(["scan", "watch"]);
    expect(await azure.stage.deploy(watching, given)).toEqual([]);
  });

  it("wait for the key that the host makes", async () => {
    // The host is looked at once before.
    azure.service.state.missingKeys = 4;
    await azure.stage.deploy(watching, given);
    expect(subscriptions().length).toBe(2);
  });

  it("show no key in the plan", async () => {
    const plan = await azure.stage.plan(watching, given);
    await carryOut(plan);
    const all = JSON.stringify([plan, await azure.stage.plan(watching, given)]);
    expect(all).not.toMatch(/blobs-key|master-key/);
  });

  it("go with the last function that needs them", async () => {
    await azure.stage.deploy(watching, given);
    const lines = await azure.stage.deploy(shop);
    expect(lines).toContain("delete deployment stack anyfn-shop-dev-events");
    expect(subscriptions()).toEqual([]);
    expect(await azure.stage.deploy(shop)).toEqual([]);
  });
});

describe("what is there already", () => {
  const account = `${GROUP}/providers/Microsoft.Storage/storageAccounts/theirs`;
  const archive: App = {
    ...shop,
    section: { queues: { orders: { connection: "Archive" } } },
  };
  const given = { parameters: { ArchiveAccount: "theirs" } };

  it("is neither changed nor deleted where it is in somebody else's", async () => {
    const poison = `${account}/queueServices/default/queues/orders-poison`;
    const { resources } = azure.service.state;
    resources.put(account, { location: "westeurope" });
    resources.put(poison, { properties: { metadata: { own: "yes" } } });
    await azure.stage.deploy(archive, given);
    expect(resources.get(poison)?.body.properties).toEqual({ metadata: { own: "yes" } });
    expect(await azure.stage.deploy(archive, given)).toEqual([]);
    await carryOut(await azure.stage.deployer.planRemoval(await azure.stage.input(archive, given)));
    expect(resources.ids()).toEqual([account, poison]);
  });

  it("stops the deployment where it has the same name", async () => {
    const plan = `${GROUP}/providers/Microsoft.Web/serverfarms/mine-plan`;
    azure.service.state.resources.put(plan, { location: "westeurope", tags: { "anyfn:app": "other" } });
    await expect(azure.stage.plan(shop, { parameters: { name: "mine" } })).rejects.toThrow(
      /not this stage's:\n {2}plan mine-plan\n.*--parameter/,
    );
  });

  it("is another stage's", async () => {
    await azure.stage.deploy(shop);
    await azure.stage.deploy(shop, { stage: "prod" });
    const { resources } = azure.service.state;
    const names = resources.ids().filter((id) => /\/sites\/[^/]+$/.test(id));
    expect(names.map((id) => id.split("/").at(-1)?.slice(0, -13))).toEqual(["shop-dev-", "shop-prod-"]);
    expect(await azure.stage.deploy(shop)).toEqual([]);
  });
});

describe("what is missing", () => {
  it.each([
    [{ environment: {} }, /Set the subscription .*AZURE_SUBSCRIPTION_ID.* and the resource group/],
    [{ parameters: { nam: "x" } }, /no parameter nam\. There are: .*name/],
    [{ parameters: { maximumInstanceCount: "many" } }, /whole numbers: maximumInstanceCount/],
  ])("is told: %j", async (rest, message) => {
    await expect(azure.stage.plan(shop, rest)).rejects.toThrow(message);
  });

  it("values of parameters are listed with their descriptions", async () => {
    const app = { ...shop, section: { queues: { orders: { source: "service-bus" } } } };
    await expect(azure.stage.plan(app)).rejects.toThrow(
      /ServiceBusConnectionNamespace: Name of the Service Bus namespace.*\nGive each with --parameter/,
    );
    const section = { ...app.section, parameters: { ServiceBusConnectionNamespace: "bus" } };
    await expect(azure.stage.plan({ ...app, section })).resolves.toBeDefined();
  });

  it("a resource group is not made", async () => {
    azure.service.state.hasGroup = false;
    await expect(azure.stage.plan(shop)).rejects.toThrow(/az group create --name shop/);
  });
});

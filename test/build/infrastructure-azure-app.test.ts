import { adapter } from "@anyfn/azure/build";
import { http, queue, storage, topic } from "@anyfn/core";
import { beforeAll, describe, expect, it } from "vitest";
import { appSettings, emit, emitBoth, type Files, main, one } from "./_azure-templates.ts";
import { EVERY, found, parse } from "./_cloud-app.ts";
import { type Meaning, readArm } from "./_template-reader.ts";

let files: Files;
let created: Files;
beforeAll(async () => {
  ({ files, created } = await emitBoth());
});

describe("the app", () => {
  it("is on Flex Consumption, with its own identity taking the code", async () => {
    const app = await main(EVERY.filter(({ name }) => name === "index" || name === "get-order"));
    expect(one(app, "Microsoft.Web/serverfarms", "<name>-plan")).toMatchObject({
      sku: { name: "FC1", tier: "FlexConsumption" },
      properties: { reserved: true },
    });
    const identity = "id(Microsoft.ManagedIdentity/userAssignedIdentities,<name>-identity)";
    expect(one(app, "Microsoft.Web/sites", "<name>")).toMatchObject({
      kind: "functionapp,linux",
      identity: { type: "UserAssigned", userAssignedIdentities: { [identity]: {} } },
      properties: {
        httpsOnly: true,
        functionAppConfig: {
          deployment: {
            storage: {
              type: "blobContainer",
              value:
                "id(Microsoft.Storage/storageAccounts,<storageName>)#properties.primaryEndpoints.blobdeployments",
              authentication: { type: "UserAssignedIdentity", userAssignedIdentityResourceId: identity },
            },
          },
          runtime: { name: "node", version: "24" },
          scaleAndConcurrency: { instanceMemoryMB: 2048, alwaysReady: [] },
        },
      },
    });
    expect(
      one(
        app,
        "Microsoft.Storage/storageAccounts/blobServices/containers",
        "<storageName>/default/deployments",
      ),
    ).toEqual({
      properties: { publicAccess: "None" },
    });
    const { needs } = app.resources.find(({ type }) => type === "Microsoft.Web/sites") ?? {};
    expect(needs).toContain(
      "id(Microsoft.Storage/storageAccounts/blobServices/containers,<storageName>,default,deployments)",
    );
  });

  it("opens nothing by keys or passwords", () => {
    const app = readArm(created["main.json"] ?? "");
    expect(one(app, "Microsoft.Storage/storageAccounts", "<storageName>").properties).toMatchObject({
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      minimumTlsVersion: "TLS1_2",
      supportsHttpsTrafficOnly: true,
    });
    for (const name of ["ftp", "scm"]) {
      const policy = one(app, "Microsoft.Web/sites/basicPublishingCredentialsPolicies", `<name>/${name}`);
      expect(policy.properties).toEqual({ allow: false });
    }
    expect(
      one(app, "Microsoft.EventHub/namespaces", "<EventHubConnectionNamespace>").properties,
    ).toMatchObject({ disableLocalAuth: true });
    expect(one(app, "Microsoft.EventGrid/topics", "<bus_audit_name>").properties).toMatchObject({
      disableLocalAuth: true,
    });
    expect(one(app, "Microsoft.Insights/components", "<name>-insights").properties).toMatchObject({
      DisableLocalAuth: true,
    });
  });

  it("reaches everything as its identity, with no setting that Flex Consumption refuses", () => {
    const settings = appSettings(readArm(files["main.json"] ?? ""));
    const clientId =
      "id(Microsoft.ManagedIdentity/userAssignedIdentities,<name>-identity)#properties.clientId";
    for (const prefix of [
      "AzureWebJobsStorage",
      "ServiceBusConnection",
      "EventHubConnection",
      "CosmosDBConnection",
      "Archive",
    ]) {
      expect(settings[`${prefix}__credential`]).toBe("managedidentity");
      expect(settings[`${prefix}__clientId`]).toBe(clientId);
      expect(settings).not.toHaveProperty(prefix);
    }
    const storageOf = (account: string) =>
      `id(Microsoft.Storage/storageAccounts,${account})#properties.primaryEndpoints`;
    expect(settings).toMatchObject({
      AzureWebJobsStorage__blobServiceUri: `${storageOf("<storageName>")}.blob`,
      AzureWebJobsStorage__queueServiceUri: `${storageOf("<storageName>")}.queue`,
      AzureWebJobsStorage__tableServiceUri: `${storageOf("<storageName>")}.table`,
      Archive__blobServiceUri: `${storageOf("<ArchiveAccount>")}.blob`,
      Archive__queueServiceUri: `${storageOf("<ArchiveAccount>")}.queue`,
      ServiceBusConnection__fullyQualifiedNamespace: "<ServiceBusConnectionNamespace>.servicebus.windows.net",
      EventHubConnection__fullyQualifiedNamespace: "<EventHubConnectionNamespace>.servicebus.windows.net",
      CosmosDBConnection__accountEndpoint:
        "id(Microsoft.DocumentDB/databaseAccounts,<CosmosDBConnectionAccount>)#properties.documentEndpoint",
      CosmosDBDatabase: "<CosmosDBDatabaseSetting>",
      KafkaBrokerList: "<KafkaBrokerListSetting>",
      STAGE: "<STAGESetting>",
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: `ClientId=${clientId};Authorization=AAD`,
      AzureWebJobsDisableHomepage: "true",
    });
    for (const name of Object.keys(settings)) expect(name).not.toMatch(/^(?:FUNCTIONS_|WEBSITE_)/);
  });

  it("keeps an instance for blob triggers, and logs for as long as it is told", async () => {
    const section = {
      logRetentionDays: 90,
      maxInstances: 40,
      alwaysReady: { f: 2 },
      storage: { images: { source: "blob" } },
    };
    const app = await main(
      [found("f", queue("orders"), { memory: 3000 }), found("g", storage("images"))],
      section,
    );
    const { functionAppConfig } = one(app, "Microsoft.Web/sites", "<name>").properties;
    expect(functionAppConfig).toMatchObject({
      scaleAndConcurrency: {
        instanceMemoryMB: 4096,
        alwaysReady: [
          { name: "blob", instanceCount: 1 },
          { name: "function:f", instanceCount: 2 },
        ],
      },
    });
    expect(app.parameters).toContainEqual(["maximumInstanceCount", "int", 40]);
    expect(one(app, "Microsoft.OperationalInsights/workspaces", "<name>-logs").properties).toMatchObject({
      retentionInDays: 90,
    });
  });

  it("tells its bundle nothing of the infrastructure", async () => {
    const section = { environment: { SECRET_NAME: "x" }, create: true, routePrefix: "api" };
    const input = {
      app: "shop",
      functions: [found("f", http.get("/f"))],
      settings: await parse(adapter.settings, section),
    };
    expect(adapter.plan(input)[0]?.entry).toContain('const settings = {"routePrefix":"api"};');
  });
});

describe("sources", () => {
  it("exist already unless they are to be created; poison queues are always made", () => {
    const made = (emitted: Files) =>
      readArm(emitted["main.json"] ?? "")
        .resources.filter(({ type }) =>
          /queues$|topics$|subscriptions$|eventhubs$|sqlDatabases|namespaces$|containers$/.test(type),
        )
        .map(({ type, name }) => `${type.split("/").at(-1)} ${name}`)
        .sort();
    const own = [
      "containers <storageName>/default/dead-letters",
      "containers <storageName>/default/deployments",
      "containers <storageName>/default/papers",
      "queues <ArchiveAccount>/default/webjobs-blobtrigger-poison",
      "queues <storageName>/default/orders",
      "queues <storageName>/default/orders-poison",
      "queues <storageName>/default/orders-poison-poison",
    ];
    expect(made(files)).toEqual(own);
    expect(made(created)).toEqual(
      [
        ...own,
        "containers <CosmosDBConnectionAccount>/<CosmosDBDatabaseSetting>/leases",
        "containers <CosmosDBConnectionAccount>/<CosmosDBDatabaseSetting>/users",
        "containers <storageName>/default/uploads",
        "eventhubs <EventHubConnectionNamespace>/clicks",
        "namespaces <EventHubConnectionNamespace>",
        "queues <ServiceBusConnectionNamespace>/packets-<STAGESetting>",
        "sqlDatabases <CosmosDBConnectionAccount>/<CosmosDBDatabaseSetting>",
        "subscriptions <ServiceBusConnectionNamespace>/news/tell",
        "topics <ServiceBusConnectionNamespace>/news",
        "topics <bus_audit_name>",
      ].sort(),
    );
  });

  it("of Service Bus dead-letter after a count, under the longest lock", async () => {
    const app = await main([found("tell", topic("news"))], { create: true, maxDeliveryCount: 4 });
    const subscription = "<ServiceBusConnectionNamespace>/news/tell";
    expect(one(app, "Microsoft.ServiceBus/namespaces/topics/subscriptions", subscription).properties).toEqual(
      {
        maxDeliveryCount: 4,
        lockDuration: "PT5M",
        deadLetteringOnMessageExpiration: true,
        requiresSession: false,
      },
    );
  });
});

describe("Event Grid", () => {
  const subscription = (name: string): { readonly [name: string]: Meaning } => {
    const { resources } = readArm(created["events.json"] ?? "");
    const found = resources.find(
      (one) => one.type.endsWith("/eventSubscriptions") && one.name.endsWith(`/${name}`),
    );
    return found?.body.properties as { readonly [name: string]: Meaning };
  };
  const site = "id(Microsoft.Web/sites,<name>)";

  it("is subscribed to after the code is there, which a comment says", async () => {
    expect(created["main.json"]).not.toContain("eventSubscriptions");
    expect(created["events.bicep"]).toMatch(/^\/\/ Deploy this after the code\./);
    expect(Object.keys(await emit([found("f", queue("orders"))]))).toEqual(["main.bicep", "main.json"]);
  });

  it.each(["resize", "clean", "watch", "shout", "hear"])(
    "delivers to %s, with tries that are said aloud",
    (name) => {
      expect(subscription(name)).toMatchObject({
        eventDeliverySchema: "CloudEventSchemaV1_0",
        retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 },
        destination: {
          endpointType: "AzureFunction",
          properties: { resourceId: `${site}/functions/${name}` },
        },
      });
    },
  );

  it("keeps what could not be delivered, where the topic is the app's", () => {
    for (const name of ["resize", "clean", "read", "scan", "watch"]) {
      expect(subscription(name).deadLetterWithResourceIdentity).toMatchObject({
        identity: { type: "UserAssigned" },
        deadLetterDestination: {
          properties: {
            resourceId: "id(Microsoft.Storage/storageAccounts,<storageName>)",
            blobContainerName: "dead-letters",
          },
        },
      });
    }
  });

  it("sends what a function runs for", () => {
    expect(subscription("resize").filter).toEqual({
      includedEventTypes: ["Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobRenamed"],
      subjectBeginsWith: "/blobServices/default/containers/images/blobs/raw/",
      subjectEndsWith: ".png",
      isSubjectCaseSensitive: true,
    });
    expect(subscription("clean").filter).toMatchObject({
      includedEventTypes: expect.arrayContaining([
        "Microsoft.Storage.BlobCreated",
        "Microsoft.Storage.BlobDeleted",
      ]),
      subjectBeginsWith: "/blobServices/default/containers/uploads/blobs/",
    });
    expect(subscription("watch").filter).toEqual({
      includedEventTypes: ["google.cloud.audit.log.v1.written"],
    });
  });

  it("calls blob triggers at the host's endpoint, and web hooks at their own, with keys read at deployment", () => {
    const key = (name: string) => `listKeys(${site}/host/default,2024-11-01).${name}`;
    const host = `https://${site}#properties.defaultHostName`;
    expect(subscription("read")).toMatchObject({
      eventDeliverySchema: "EventGridSchema",
      destination: {
        endpointType: "WebHook",
        properties: {
          endpointUrl: `${host}/runtime/webhooks/blobs?functionName=Host.Functions.read&code=${key("systemKeys.blobs_extension")}`,
        },
      },
    });
    expect(subscription("listen")).toMatchObject({
      destination: {
        properties: { endpointUrl: `${host}/hooks/partners?code=${key("functionKeys.default")}` },
      },
    });
  });
});

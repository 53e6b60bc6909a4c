import type { HttpTrigger, StorageTrigger } from "@anyfn/core";
import { MEMORY_SIZES } from "../capabilities.ts";
import { settingsOf } from "../settings.ts";
import { containerOf } from "./_messages.ts";
import {
  assign,
  byIdentity,
  HOST_CONNECTION,
  IDENTITY,
  LOCATION,
  make,
  type Part,
  type Plan,
  STORAGE,
} from "./_parts.ts";
import {
  call,
  type Entries,
  id,
  join,
  type Parameter,
  parameter,
  property,
  type Resource,
  scope,
  type Value,
} from "./_template.ts";

/** Name of the container that the host takes the code from. */
const DEPLOYMENTS = "deployments";

/** The app's name, the same in every template. */
export function commonParameters({ app }: Plan): readonly Parameter[] {
  return [
    {
      name: "location",
      type: "string",
      description: "Region of all resources.",
      fallback: scope("resourceGroup", "location"),
    },
    {
      name: "name",
      type: "string",
      description: "Name of the app, unique in all of Azure.",
      fallback: join(
        `${app.slice(0, 40).replace(/-+$/, "")}-`,
        call("uniqueString", scope("resourceGroup", "id")),
      ),
    },
    {
      name: "storageName",
      type: "string",
      description:
        "Name of the app's own storage account, unique in all of Azure: 3 to 24 lower-case letters and digits.",
      fallback: join("st", call("uniqueString", scope("resourceGroup", "id"), parameter("name"))),
    },
  ];
}

/** The app's plan, in the size that Flex Consumption has. */
const PLAN: Resource = make("plan", "Microsoft.Web/serverfarms", {
  name: join(parameter("name"), "-plan"),
  body: {
    location: LOCATION,
    kind: "functionapp",
    sku: { name: "FC1", tier: "FlexConsumption" },
    properties: { reserved: true },
  },
});

const DEPLOYMENT_CONTAINER = containerOf(STORAGE, DEPLOYMENTS, DEPLOYMENTS);

const insightsOf = (days: number): readonly [Resource, Resource] => {
  const logs = make("logs", "Microsoft.OperationalInsights/workspaces", {
    name: join(parameter("name"), "-logs"),
    body: { location: LOCATION, properties: { sku: { name: "PerGB2018" }, retentionInDays: days } },
  });
  const insights = make("insights", "Microsoft.Insights/components", {
    name: join(parameter("name"), "-insights"),
    body: {
      location: LOCATION,
      kind: "web",
      // Without local authentication, knowing the connection string is no right to write.
      properties: { Application_Type: "web", DisableLocalAuth: true, WorkspaceResourceId: id(logs) },
    },
  });
  return [logs, insights];
};

/** The app, its plan, identity, storage and logs, and the rights that the host itself needs. */
export function appPart(plan: Plan, connections: Readonly<Record<string, Value>>): Part {
  const { settings } = plan;
  const [logs, insights] = insightsOf(settings.logRetentionDays ?? 30);
  const uri = (service: string) => property(STORAGE, `properties.primaryEndpoints.${service}`);
  const appSettings = {
    ...byIdentity(HOST_CONNECTION, {
      blobServiceUri: uri("blob"),
      queueServiceUri: uri("queue"),
      tableServiceUri: uri("table"),
    }),
    APPLICATIONINSIGHTS_CONNECTION_STRING: property(insights, "properties.ConnectionString"),
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: join(
      "ClientId=",
      property(IDENTITY, "properties.clientId"),
      ";Authorization=AAD",
    ),
    ...(answersRoot(plan) ? { AzureWebJobsDisableHomepage: "true" } : {}),
    ...connections,
    ...environmentOf(plan),
  };
  const site = make("site", "Microsoft.Web/sites", {
    name: parameter("name"),
    body: siteBody(plan, appSettings),
    // Named in a text alone, so that nobody else would know.
    after: [DEPLOYMENT_CONTAINER],
  });
  const policies = (["ftp", "scm"] as const).map((name) =>
    make(`site_${name}`, "Microsoft.Web/sites/basicPublishingCredentialsPolicies", {
      name,
      parent: site,
      body: { properties: { allow: false } },
    }),
  );
  const roles = [
    assign("Storage Blob Data Owner", STORAGE),
    assign("Storage Table Data Contributor", STORAGE),
    ...(hasActivities(plan) ? [assign("Storage Queue Data Contributor", STORAGE)] : []),
    assign("Monitoring Metrics Publisher", insights),
  ];
  return {
    resources: [logs, insights, IDENTITY, STORAGE, DEPLOYMENT_CONTAINER, PLAN, site, ...policies, ...roles],
    parameters: [...commonParameters(plan), instances(settings.maxInstances ?? 100)],
  };
}

const instances = (most: number): Parameter => ({
  name: "maximumInstanceCount",
  type: "int",
  description: "The most instances of the app, 40 to 1000.",
  fallback: most,
});

/** The site as other templates find it. */
export const SITE: Resource = make("site", "Microsoft.Web/sites", {
  name: parameter("name"),
  existing: true,
});

/**
 * No FUNCTIONS_WORKER_RUNTIME, FUNCTIONS_EXTENSION_VERSION or WEBSITE_RUN_FROM_PACKAGE: Flex Consumption refuses them, and
 * has members of its own for what they say.
 */
function siteBody(plan: Plan, appSettings: Readonly<Record<string, Value>>): Entries {
  const { settings } = plan;
  return {
    location: LOCATION,
    kind: "functionapp,linux",
    identity: userAssigned(),
    properties: {
      serverFarmId: id(PLAN),
      httpsOnly: true,
      functionAppConfig: {
        deployment: {
          storage: {
            type: "blobContainer",
            value: join(property(STORAGE, "properties.primaryEndpoints.blob"), DEPLOYMENTS),
            authentication: { type: "UserAssignedIdentity", userAssignedIdentityResourceId: id(IDENTITY) },
          },
        },
        runtime: { name: "node", version: settings.node ?? "24" },
        scaleAndConcurrency: {
          instanceMemoryMB: memoryOf(plan),
          maximumInstanceCount: parameter("maximumInstanceCount"),
          alwaysReady: alwaysReady(plan),
          ...(settings.httpConcurrency === undefined
            ? {}
            : { triggers: { http: { perInstanceConcurrency: settings.httpConcurrency } } }),
        },
      },
      siteConfig: {
        minTlsVersion: "1.2",
        appSettings: Object.entries(appSettings)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, value]) => ({ name, value })),
      },
    },
  };
}

/** The app's identity on a resource. */
export function userAssigned(identity: Resource = IDENTITY): Entries {
  return { type: "UserAssigned", userAssignedIdentities: { $: "entry", key: id(identity), value: {} } };
}

/** All functions share an instance: the smallest size that the largest of them fits in. */
function memoryOf({ functions }: Plan): number {
  const most = Math.max(...functions.map(({ definition }) => definition.memory));
  return MEMORY_SIZES.find((size) => size >= most) ?? Math.max(...MEMORY_SIZES);
}

/** Blob triggers need an instance to be found at the first deployment. */
function alwaysReady(plan: Plan): readonly Entries[] {
  const { alwaysReady: given = {} } = plan.settings;
  const blobs = plan.functions.some(({ definition }) => {
    const { kind, name } = definition.trigger as StorageTrigger;
    return kind === "storage" && settingsOf(plan.settings.storage, name)?.source === "blob";
  });
  const names = new Set(plan.functions.map(({ name }) => name));
  return Object.entries({ ...(blobs ? { blob: 1 } : {}), ...given })
    .map(([name, instanceCount]) => ({ name: names.has(name) ? `function:${name}` : name, instanceCount }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Orchestrators of Durable Functions keep their work in queues. */
function hasActivities({ functions, settings }: Plan): boolean {
  return functions.some(
    ({ name, definition }) =>
      definition.trigger.kind === "direct" && settingsOf(settings.direct, name)?.source === "activity",
  );
}

/** The host's own page would answer `/`. */
function answersRoot({ functions, settings }: Plan): boolean {
  return functions.some(
    ({ definition }) =>
      definition.trigger.kind === "http" &&
      (settings.routePrefix ?? "") === "" &&
      (definition.trigger as HttpTrigger).path === "/",
  );
}

/** Environment of the app: that of the target, and those of its functions, which share it. */
function environmentOf({ functions, settings }: Plan): Readonly<Record<string, string>> {
  const own = functions.map(({ name }) => settingsOf(settings.functions, name)?.environment);
  return Object.assign({}, settings.environment, ...own);
}

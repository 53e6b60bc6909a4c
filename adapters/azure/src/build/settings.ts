import type { Schema } from "@anyfn/core";
import * as z from "zod";
import type { AzureSettings } from "../settings.ts";
import { parseScope, roleId } from "./_permissions.ts";
import { PERMISSION_TYPES, ROLES } from "./_types.ts";

/** A role on one resource of the app's resource group: `{ role: "Storage Blob Data Reader", scope: "Microsoft.Storage/…" }`. */
export interface AzurePermission {
  /** Name or GUID of a role. */
  readonly role: string;
  /** Type and names of the resource: `Microsoft.Storage/storageAccounts/shop/blobServices/default/containers/images`. */
  readonly scope: string;
}

/** What one function adds to the app, whose identity and environment all functions share. */
export interface AzureFunctionSettings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly permissions?: readonly AzurePermission[];
}

/** The `azure` section: what the adapter is told at run time, and what concerns the infrastructure alone. */
export interface AzureBuildSettings extends AzureSettings {
  /** Node.js of the app; `"24"` by default. */
  readonly node?: "22" | "24";
  /** `"install"` puts native packages into the artifact, for Linux on x64, which is Flex Consumption's; by default they are refused. */
  readonly native?: "install";
  /** What to create, by logical name or by connection, or all; by default it exists already. */
  readonly create?: true | readonly string[];
  /** Environment variables of the app. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Further rights of the app. */
  readonly permissions?: readonly AzurePermission[];
  readonly functions?: Readonly<Record<string, AzureFunctionSettings>>;
  /** The most instances, 40 to 1000; 100 by default. */
  readonly maxInstances?: number;
  /** Instances that wait for work, by `"http"`, `"blob"`, `"durable"` or a function's name; none by default. */
  readonly alwaysReady?: Readonly<Record<string, number>>;
  /** HTTP requests at once in an instance; by default Azure chooses by the memory. */
  readonly httpConcurrency?: number;
  /** Days that logs are kept, 30 to 730; 30 by default. */
  readonly logRetentionDays?: number;
  /** Deliveries by Service Bus before the dead letters, where queues and subscriptions are created; 10 by default. */
  readonly maxDeliveryCount?: number;
  /** Where `anyfn deploy` deploys to; AZURE_SUBSCRIPTION_ID, AZURE_RESOURCE_GROUP and AZURE_LOCATION by default. */
  readonly subscription?: string;
  readonly resourceGroup?: string;
  /** Region of the resources; that of the resource group by default. */
  readonly location?: string;
  /** Values of the template's parameters by name. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Of another cloud than the public one. */
  readonly endpoints?: AzureEndpoints;
}

/** Where services of Azure answer. What an app answers at, it says itself. */
export interface AzureEndpoints {
  /** `"https://management.azure.com"` by default. */
  readonly resourceManager?: string;
  /** Queries of logs; `"https://api.loganalytics.io"` by default. */
  readonly logs?: string;
}

const text = z.string().min(1, { error: "must not be empty" });
const authLevel = z
  .enum(["anonymous", "function", "admin"], { error: 'must be "anonymous", "function" or "admin"' })
  .exactOptional();
const connection = z
  .string()
  .regex(/^[A-Za-z_][\w:]*$/, {
    error: "must be the name of an app setting, or the prefix of several; never the connection string itself",
  })
  .exactOptional();
const route = z
  .string()
  .regex(/^\/[^\s{}*?#]+$/, { error: 'must be a path without parameters, such as "/events"' })
  .exactOptional();
const webhook = { route, authLevel, origins: z.array(text).exactOptional() };

/** Entries by the logical name of a declaration; a misspelt member is named together with it. */
function byName<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.record(text, z.strictObject(shape)).exactOptional();
}

const count = (least: number, most: number) =>
  z
    .int({ error: `must be a whole number from ${least} to ${most}` })
    .min(least)
    .max(most)
    .exactOptional();
/** https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#deprecated-properties-and-settings */
const RESERVED =
  /^(?:FUNCTIONS_|WEBSITE_|AzureWebJobs|APPLICATIONINSIGHTS_(?:CONNECTION|AUTHENTICATION)_STRING$)/;
const environment = z
  .record(
    z.string().refine((name) => /^[A-Za-z_]\w*$/.test(name) && !RESERVED.test(name)),
    z.string({ error: "must be text" }),
    {
      error: ({ code }) =>
        code === "invalid_key"
          ? "is no name of a variable, or one that Azure or this adapter sets itself"
          : undefined,
    },
  )
  .exactOptional();
/** Owner, Contributor, Role Based Access Control Administrator, User Access Administrator. */
const BROAD = /^(?:8e3af657|b24988ac|f58310d9|18d7d88d)-/;
const permissions = z
  .array(
    z.strictObject({
      role: z
        .string()
        .refine(
          (role) => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(roleId(role)) && !BROAD.test(role),
          {
            error: `must be the GUID of a role for data, or one of ${Object.keys(ROLES).join(", ")}`,
          },
        ),
      scope: z.string().refine((scope) => !scope.includes("*") && parseScope(scope) !== undefined, {
        error:
          "must name one resource of the app's resource group, such as Microsoft.KeyVault/vaults/shop-keys; known are " +
          PERMISSION_TYPES.join(", "),
      }),
    }),
  )
  .exactOptional();
const endpoint = z
  .url({ protocol: /^https?$/, error: "must be an address, such as https://management.usgovcloudapi.net" })
  .refine((url) => !url.startsWith("http:") || /^http:\/\/(?:127\.0\.0\.1|localhost)[:/]/.test(`${url}/`), {
    error: "must start with https: tokens go there",
  })
  .exactOptional();
const deployment = {
  subscription: z.guid({ error: "must be the id of a subscription" }).exactOptional(),
  resourceGroup: z
    .string()
    .regex(/^[-\w.()]{1,90}$/, { error: "must be the name of a resource group" })
    .exactOptional(),
  location: text.exactOptional(),
  parameters: z.record(text, z.string({ error: "must be text" })).exactOptional(),
  endpoints: z.strictObject({ resourceManager: endpoint, logs: endpoint }).exactOptional(),
};
const infrastructure = {
  ...deployment,
  node: z.enum(["22", "24"], { error: 'must be "22" or "24", the versions that Azure runs' }).exactOptional(),
  native: z.literal("install", { error: 'must be "install"' }).exactOptional(),
  create: z.union([z.literal(true), z.array(text)]).exactOptional(),
  environment,
  permissions,
  functions: byName({ environment, permissions }),
  maxInstances: count(40, 1000),
  alwaysReady: z.record(text, z.int().min(0).max(1000)).exactOptional(),
  httpConcurrency: count(1, 1000),
  logRetentionDays: count(30, 730),
  maxDeliveryCount: count(1, 2000),
};
const BUILD_ONLY: readonly string[] = Object.keys(infrastructure);

/** What the bundle is told: the settings without those of the infrastructure. */
export function runtimeSettings(given: AzureBuildSettings): AzureSettings {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !BUILD_ONLY.includes(name)));
}

/** Validates the `azure` section; an absent one is `{}`. */
export const settings: Schema<unknown, AzureBuildSettings> = z.strictObject({
  ...infrastructure,
  queues: byName({
    source: z.enum(["storage-queue", "service-bus"]).exactOptional(),
    name: text.exactOptional(),
    connection,
    sessions: z.boolean().exactOptional(),
  }),
  topics: byName({
    source: z.enum(["service-bus", "event-grid", "event-grid-webhook"]).exactOptional(),
    topic: text.exactOptional(),
    subscription: text.exactOptional(),
    connection,
    sessions: z.boolean().exactOptional(),
    ...webhook,
  }),
  storage: byName({
    source: z.enum(["event-grid", "event-grid-webhook", "blob"]).exactOptional(),
    container: text.exactOptional(),
    connection,
    ...webhook,
  }),
  changes: byName({
    database: text.exactOptional(),
    container: text.exactOptional(),
    leaseContainer: text.exactOptional(),
    connection,
    mode: z.enum(["latest-version", "all-versions-and-deletes"]).exactOptional(),
  }),
  streams: byName({
    source: z.enum(["event-hubs", "kafka"]).exactOptional(),
    name: text.exactOptional(),
    connection,
    consumerGroup: text.exactOptional(),
    brokerList: text.exactOptional(),
    options: z.record(text, z.union([z.string(), z.number(), z.boolean()])).exactOptional(),
    diagnosticLogs: z.boolean().exactOptional(),
  }),
  buses: byName({ source: z.enum(["event-grid", "event-grid-webhook"]).exactOptional(), ...webhook }),
  direct: byName({ source: z.enum(["http", "activity"]).exactOptional(), route, authLevel }),
  authLevel,
  routePrefix: z
    .string()
    .regex(/^$|^[^/\s{}*?#][^\s{}*?#]*[^/\s{}*?#]$/, {
      error: 'must be a path without slashes around it, such as "api"',
    })
    .exactOptional(),
  originalUrl: z.boolean().exactOptional(),
  streaming: z.boolean().exactOptional(),
  retry: z
    .strictObject({
      attempts: z.int({ error: "must be a whole number of further tries, -1 for ever" }).min(-1),
      minSeconds: z.number().positive().exactOptional(),
      maxSeconds: z.number().positive().exactOptional(),
    })
    .exactOptional(),
  timeoutSeconds: z.int({ error: "must be whole seconds" }).positive().exactOptional(),
  queueEncoding: z.enum(["none", "base64"], { error: 'must be "none" or "base64"' }).exactOptional(),
});

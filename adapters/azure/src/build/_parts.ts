import { createHash } from "node:crypto";
import type { DiscoveredFunction } from "@anyfn/build";
import {
  call,
  type Entries,
  type Expression,
  id,
  join,
  type Parameter,
  parameter,
  property,
  type Resource,
  type Value,
} from "./_template.ts";
import { apiVersionOf, ROLES, type Role } from "./_types.ts";
import type { AzureBuildSettings } from "./settings.ts";

/** A piece of the infrastructure. */
export interface Part {
  readonly resources?: readonly Resource[];
  readonly parameters?: readonly Parameter[];
  /** Settings of the app, by name. */
  readonly appSettings?: Readonly<Record<string, Value>>;
}

/** What every piece needs to know. */
export interface Plan {
  readonly app: string;
  readonly functions: readonly DiscoveredFunction[];
  readonly settings: AzureBuildSettings;
}

export const LOCATION: Expression = parameter("location");

/** The identity of the app: user-assigned, so that it has its rights before the code is there. */
export const IDENTITY: Resource = make("identity", "Microsoft.ManagedIdentity/userAssignedIdentities", {
  name: join(parameter("name"), "-identity"),
  body: { location: LOCATION },
});

/** The app's own storage account. */
export const STORAGE: Resource = make("storage", "Microsoft.Storage/storageAccounts", {
  name: parameter("storageName"),
  body: {
    location: LOCATION,
    sku: { name: "Standard_LRS" },
    kind: "StorageV2",
    properties: {
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      defaultToOAuthAuthentication: true,
      minimumTlsVersion: "TLS1_2",
      supportsHttpsTrafficOnly: true,
    },
  },
});

/** The connection of the host itself. */
export const HOST_CONNECTION = "AzureWebJobsStorage";

/** A resource with its API's version. */
export function make(
  symbol: string,
  type: string,
  rest: Pick<Resource, "name"> & Partial<Resource>,
): Resource {
  return { symbol, type, apiVersion: apiVersionOf(type) ?? "", ...rest };
}

/** A resource that a template does not make. */
export function existing(resource: Resource): Resource {
  const { symbol, type, apiVersion, name, parent } = resource;
  return {
    symbol,
    type,
    apiVersion,
    name,
    ...(parent === undefined ? {} : { parent: existing(parent) }),
    existing: true,
  };
}

/** Gives the app's identity a role on a resource; the name is the same in each deployment. */
export function assign(role: Role, on: Resource): Resource {
  return assignId(ROLES[role], on, `${on.symbol}_${role.replace(/\W/g, "")}`);
}

export function assignId(role: string, on: Resource, symbol: string): Resource {
  return make(symbol, "Microsoft.Authorization/roleAssignments", {
    name: call("guid", id(on), id(IDENTITY), role),
    scope: on,
    body: {
      properties: {
        roleDefinitionId: call("subscriptionResourceId", "Microsoft.Authorization/roleDefinitions", role),
        principalId: property(IDENTITY, "properties.principalId"),
        // Without it the assignment fails where the new identity is not known everywhere yet.
        principalType: "ServicePrincipal",
      },
    },
  });
}

/** The settings that make a connection use the app's identity. */
export function byIdentity(connection: string, members: Entries): Readonly<Record<string, Value>> {
  const prefix = connection.replaceAll(":", "__");
  const own = {
    ...members,
    credential: "managedidentity",
    clientId: property(IDENTITY, "properties.clientId"),
  };
  return Object.fromEntries(Object.entries(own).map(([name, value]) => [`${prefix}__${name}`, value]));
}

/** Text in which `%NAME%` stands for an app setting, which then is a parameter. */
export function readName(text: string): Part & { readonly name: string | Expression } {
  const pieces = text.split(/%([^%]+)%/);
  if (pieces.length === 1) return { name: text };
  const names = pieces.filter((_, index) => index % 2 === 1);
  const parts = pieces
    .map((piece, index) => (index % 2 === 1 ? parameter(settingName(piece)) : piece))
    .filter((part) => part !== "");
  const [only] = parts;
  return {
    name: parts.length === 1 && typeof only === "object" ? only : join(...parts),
    parameters: names.map((name) => ({
      name: settingName(name),
      type: "string",
      description: `Value of the app setting ${name}.`,
    })),
    appSettings: Object.fromEntries(names.map((name) => [name, parameter(settingName(name))])),
  };
}

function settingName(name: string): string {
  return `${identifier(name)}Setting`;
}

/** Whether the configuration asks for what has this logical name, or for a connection. */
export function isCreated(name: string, { create = [] }: AzureBuildSettings): boolean {
  return create === true || create.includes(name);
}

/** A name within the templates; names that would collide get a hash. */
export function identifier(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9]/g, "_").replace(/^\d/, "_$&");
  if (/^(?:[a-z0-9-]+|[A-Za-z][A-Za-z0-9]*)$/.test(name)) return plain;
  return `${plain}_${createHash("sha256").update(name).digest("hex").slice(0, 6)}`;
}

/** One piece of several; the same resource or parameter may come from more than one. */
export function merge(parts: readonly Part[]): Required<Part> {
  return {
    resources: parts.flatMap(({ resources = [] }) => resources),
    parameters: [
      ...new Map(
        parts.flatMap(({ parameters = [] }) => parameters).map((one) => [one.name, one] as const),
      ).values(),
    ],
    appSettings: Object.assign({}, ...parts.map(({ appSettings = {} }) => appSettings)),
  };
}

import { adapter } from "@anyfn/azure/build";
import type { DiscoveredFunction, Iac } from "@anyfn/build";
import { bus, direct, storage, stream } from "@anyfn/core";
import { expect } from "vitest";
import { EVERY, found, parse } from "./_cloud-app.ts";
import { type Meaning, readArm } from "./_template-reader.ts";

export type Files = Readonly<Record<string, string>>;
type Arm = ReturnType<typeof readArm>;

export const FUNCTIONS = [
  ...EVERY,
  found("work", direct()),
  found("listen", bus("partners")),
  found("see", stream("telemetry")),
  found("scan", storage("scans")),
];
export const SECTION = {
  queues: { Packets: { source: "service-bus", name: "packets-%STAGE%" } },
  topics: { "Loud News": { source: "event-grid" } },
  storage: {
    papers: { source: "blob" },
    scans: { source: "blob", connection: "Archive" },
    images: { container: "images" },
  },
  streams: { telemetry: { source: "kafka" } },
  buses: { partners: { source: "event-grid-webhook", route: "/hooks/partners" } },
  direct: { work: { source: "activity" } },
  environment: { GREETING: "it's [a] {brace} $" + "{not.code}\\" },
  permissions: [
    {
      role: "Storage Blob Data Reader",
      scope: "Microsoft.Storage/storageAccounts/shoplabels/blobServices/default/containers/labels",
    },
  ],
};
export const CREATE = ["Packets", "news", "clicks", "users", "audit", "uploads", "EventHubConnection"];

export async function emit(
  functions: readonly DiscoveredFunction[],
  section: object = {},
  iac: Iac = "native",
): Promise<Files> {
  const input = { app: "shop", functions, settings: await parse(adapter.settings, section) };
  expect(adapter.refuse(input)).toEqual([]);
  return adapter.infrastructure?.({ ...input, artifacts: adapter.plan(input), iac }) ?? {};
}

export async function main(functions: readonly DiscoveredFunction[], section: object = {}): Promise<Arm> {
  return readArm((await emit(functions, section))["main.json"] ?? "");
}

/** All functions, with sources that exist and with sources that are created. */
export async function emitBoth(
  iac: Iac = "native",
): Promise<{ readonly files: Files; readonly created: Files }> {
  const files = await emit(FUNCTIONS, SECTION, iac);
  return { files, created: await emit(FUNCTIONS, { ...SECTION, create: CREATE }, iac) };
}

/** Roles by what they are given on: `queues/orders: Storage Queue Data Reader`. */
export function rolesOf({ resources }: Arm): readonly string[] {
  return resources
    .filter(({ type }) => type === "Microsoft.Authorization/roleAssignments")
    .map(({ scope = "", body }) => {
      const { roleDefinitionId } = body.properties as { readonly roleDefinitionId: string };
      const role = /,([\da-f-]{36})\)$/.exec(roleDefinitionId)?.[1] ?? "";
      const [type = "", ...names] = scope.slice("id(".length, -1).split(",");
      return `${type.split("/").at(-1)} ${names.at(-1)}: ${ROLE_NAMES[role] ?? role}`;
    })
    .sort();
}

/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const ROLE_NAMES: Readonly<Record<string, string>> = {
  "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Blob Owner",
  "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": "Blob Reader",
  "974c5e8b-45b9-4653-ba55-5f855dd0fb88": "Queue Contributor",
  "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": "Table Contributor",
  "19e7f393-937e-4f77-808e-94535e297925": "Queue Reader",
  "8a0f0c08-91a1-4084-bc3d-661d67233fed": "Queue Processor",
  "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a": "Queue Sender",
  "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0": "Bus Receiver",
  "a638d3c7-ab3a-418d-83e6-5f17a39d4fde": "Hubs Receiver",
  "3913510d-42f4-4e42-8a64-420c390055eb": "Metrics Publisher",
};

export const HOST_ROLES = [
  "components shop-uniqueString(resourceGroup().id)-insights: Metrics Publisher",
  "storageAccounts <storageName>: Blob Owner",
  "storageAccounts <storageName>: Table Contributor",
].map((role) => role.replace("shop-uniqueString(resourceGroup().id)", "<name>"));

interface SiteProperties {
  readonly [name: string]: Meaning;
  readonly siteConfig: { readonly appSettings: readonly { readonly name: string; readonly value: string }[] };
}

export function appSettings({ resources }: Arm): Readonly<Record<string, string>> {
  const site = resources.find(({ type }) => type === "Microsoft.Web/sites");
  const properties = site?.body.properties as SiteProperties | undefined;
  return Object.fromEntries(
    (properties?.siteConfig.appSettings ?? []).map(({ name, value }) => [name, value]),
  );
}

export function one({ resources }: Arm, type: string, name: string) {
  const resource = resources.find((other) => other.type === type && other.name === name);
  if (resource === undefined) throw new Error(`There is no ${type} ${name}.`);
  return resource.body as {
    readonly properties: { readonly [name: string]: Meaning };
    readonly [name: string]: Meaning;
  };
}

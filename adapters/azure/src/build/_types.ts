/** Types of resources with the version of their API, each the newest with all that is used here. */
const API_VERSIONS = {
  "Microsoft.AppConfiguration/configurationStores": "2024-05-01",
  "Microsoft.Authorization/roleAssignments": "2022-04-01",
  "Microsoft.DocumentDB/databaseAccounts": "2024-11-15",
  "Microsoft.EventGrid/systemTopics": "2025-02-15",
  "Microsoft.EventGrid/topics": "2025-02-15",
  "Microsoft.EventHub/namespaces": "2024-01-01",
  "Microsoft.Insights/components": "2020-02-02",
  "Microsoft.KeyVault/vaults": "2023-07-01",
  "Microsoft.ManagedIdentity/userAssignedIdentities": "2023-01-31",
  "Microsoft.OperationalInsights/workspaces": "2023-09-01",
  "Microsoft.ServiceBus/namespaces": "2024-01-01",
  "Microsoft.Storage/storageAccounts": "2025-01-01",
  "Microsoft.Web/serverfarms": "2024-11-01",
  "Microsoft.Web/sites": "2024-11-01",
} as const;

/** The version of a type's API, that of the resource which it is in; undefined for types that are not known here. */
export function apiVersionOf(type: string): string | undefined {
  const [provider = "", first = ""] = type.split("/");
  const versions: Readonly<Record<string, string>> = API_VERSIONS;
  const root = `${provider}/${first}`;
  return Object.hasOwn(versions, root) ? versions[root] : undefined;
}

/** Types that a permission can be given on, for messages. */
export const PERMISSION_TYPES: readonly string[] = [
  "Microsoft.AppConfiguration/configurationStores",
  "Microsoft.EventGrid/topics",
  "Microsoft.EventHub/namespaces",
  "Microsoft.KeyVault/vaults",
  "Microsoft.ServiceBus/namespaces",
  "Microsoft.Storage/storageAccounts",
];

/** Built-in roles: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export const ROLES = {
  "Azure Event Hubs Data Receiver": "a638d3c7-ab3a-418d-83e6-5f17a39d4fde",
  "Azure Event Hubs Data Sender": "2b629674-e913-4c01-ae53-ef4638d8f975",
  "Azure Service Bus Data Receiver": "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0",
  "Azure Service Bus Data Sender": "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
  "EventGrid Data Sender": "d5a91429-5739-47e2-a06b-3470a27159e7",
  "Monitoring Metrics Publisher": "3913510d-42f4-4e42-8a64-420c390055eb",
  "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  "Storage Blob Data Owner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
  "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  "Storage Queue Data Contributor": "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
  "Storage Queue Data Message Processor": "8a0f0c08-91a1-4084-bc3d-661d67233fed",
  "Storage Queue Data Message Sender": "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a",
  "Storage Queue Data Reader": "19e7f393-937e-4f77-808e-94535e297925",
  "Storage Table Data Contributor": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
} as const;

export type Role = keyof typeof ROLES;

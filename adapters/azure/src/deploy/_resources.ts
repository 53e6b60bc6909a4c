import { ROLES } from "../build/_types.ts";

const KINDS: Readonly<Record<string, string>> = {
  sites: "app",
  serverfarms: "plan",
  basicpublishingcredentialspolicies: "publishing policy",
  userassignedidentities: "identity",
  storageaccounts: "storage account",
  blobservices: "blob service",
  queueservices: "queue service",
  components: "telemetry",
  workspaces: "log workspace",
  databaseaccounts: "database account",
  sqldatabases: "database",
  sqlroleassignments: "role assignment",
  systemtopics: "system topic",
  eventhubs: "event hub",
  consumergroups: "consumer group",
};

/** What a resource is, and its name, in plain words. */
export interface Described {
  readonly kind: string;
  readonly name: string;
}

/** Describes a resource by its id, and a role assignment by its body where there is one. */
export function describe(id: string, body?: unknown): Described {
  const own = id.slice(id.lastIndexOf("/providers/") + "/providers/".length).split("/");
  const [type = ""] = own.slice(-2);
  if (type.toLowerCase() === "roleassignments") return { kind: "role assignment", name: roleOf(id, body) };
  const words = type.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  const kind = KINDS[type.toLowerCase()] ?? words.replace(/ies$/, "y").replace(/s$/, "");
  // Types and names take turns after the provider; a child is named with all that it is in.
  const names = own.filter((_, index) => index > 0 && index % 2 === 0).filter((name) => name !== "default");
  return { kind, name: names.join("/") || "default" };
}

/** `Storage Queue Data Reader on st1/orders` */
function roleOf(id: string, body: unknown): string {
  const parent = id.slice(0, id.toLowerCase().lastIndexOf("/providers/microsoft.authorization/"));
  const { properties } = (body ?? {}) as {
    readonly properties?: { readonly roleDefinitionId?: string };
  };
  const role = properties?.roleDefinitionId?.split("/").at(-1)?.toLowerCase();
  const title = Object.entries(ROLES).find(([, guid]) => guid === role)?.[0] ?? role;
  const on = describe(parent).name;
  return title === undefined ? `${id.split("/").at(-1)} on ${on}` : `${title} on ${on}`;
}

/** Ids are compared without case. */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The resources that one is in or belongs to, nearest first. */
export function ancestorsOf(id: string): readonly string[] {
  const found: string[] = [];
  const pattern =
    /^(.*\/providers\/[^/]+(?:\/[^/]+\/[^/]+)+?)(?:\/providers\/[^/]+\/[^/]+\/[^/]+|\/[^/]+\/[^/]+)$/i;
  for (let match = pattern.exec(id); match !== null; match = pattern.exec(found.at(-1) ?? "")) {
    found.push(match[1] ?? "");
  }
  return found;
}

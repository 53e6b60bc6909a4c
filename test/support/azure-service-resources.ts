import { evaluate, join, type Scope } from "./azure-service-expressions.ts";

/** A resource as it is kept. */
export interface Kept {
  readonly id: string;
  readonly body: Body;
}

export interface Body {
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly [name: string]: unknown;
}

export interface Template {
  readonly parameters: Readonly<Record<string, { readonly defaultValue?: unknown }>>;
  readonly resources: ReadonlyArray<Readonly<Record<string, unknown>>>;
}

export type Given = Readonly<Record<string, { readonly value: unknown }>>;

/** The resources of a resource group. */
export interface Resources {
  readonly ids: () => readonly string[];
  readonly get: (id: string) => Kept | undefined;
  readonly put: (id: string, body: Body) => void;
  /** With all that is in it or belongs to it. */
  readonly delete: (id: string) => void;
  readonly find: (type: string) => Kept | undefined;
  /** As the service answers, with what it adds itself. */
  readonly view: (kept: Kept) => Body & { readonly id: string };
  /** The resources that a template describes, without those whose condition does not hold. */
  readonly read: (template: Template, given?: Given) => readonly Kept[];
}

/** An empty resource group. */
export function createResources(group: string, host: string): Resources {
  // Ids are compared without case.
  const kept = new Map<string, Kept>();
  const get = (id: string) => kept.get(id.toLowerCase());
  const view: Resources["view"] = ({ id, body }) => {
    const name = id.split("/").at(-1) ?? "";
    return { ...body, id, name, properties: { ...body.properties, ...ownOf(id, host) } };
  };
  return {
    ids: () => [...kept.values()].map(({ id }) => id).sort(),
    get,
    put: (id, body) => void kept.set(id.toLowerCase(), { id, body }),
    delete: (id) => {
      const key = id.toLowerCase();
      for (const other of kept.keys()) if (other === key || other.startsWith(`${key}/`)) kept.delete(other);
    },
    find: (type) =>
      [...kept.values()].find(({ id }) => new RegExp(`/providers/${type}/[^/]+$`, "i").test(id)),
    view,
    read: (template, given = {}) =>
      readTemplate(template, given, group, (id) => view(get(id) ?? { id, body: {} })),
  };
}

function readTemplate(
  { parameters: declared, resources }: Template,
  given: Given,
  group: string,
  reference: Scope["reference"],
): readonly Kept[] {
  const unknown = Object.keys(given).filter((name) => !(name in declared));
  if (unknown.length > 0) throw new Error(`The template has no parameter ${unknown.join(", ")}.`);
  const parameters: Record<string, unknown> = {};
  const scope: Scope = { group, location: "westeurope", parameters, reference, keys: () => KEYS };
  // Defaults ask for other parameters: events for that of the account, and the account for the app's name.
  const order = Object.keys(declared).sort((a, b) => rank(a) - rank(b));
  for (const name of order)
    parameters[name] = name in given ? given[name]?.value : evaluate(declared[name]?.defaultValue, scope);
  return resources
    .filter(({ condition }) => condition !== false)
    .map(({ type, name, scope: at, dependsOn: _, apiVersion: _version, condition: _condition, ...body }) => {
      const names = String(evaluate(name, scope)).split("/");
      const base = at === undefined ? group : String(evaluate(at, scope));
      return { id: `${base}/providers/${join(String(type), names)}`, body: evaluate(body, scope) as Body };
    });
}

function rank(name: string): number {
  return ["location", "name", "storageName"].indexOf(name) + (/_topic$/.test(name) ? 9 : 0);
}

/** The keys of every app. */
export const KEYS = {
  masterKey: "master-key",
  functionKeys: { default: "host-key" },
  systemKeys: { blobs_extension: "blobs-key" },
};

function ownOf(id: string, host: string): Readonly<Record<string, unknown>> {
  const type = id.split("/").at(-2)?.toLowerCase();
  if (type === "storageaccounts") {
    const service = `http://${host}/`;
    return { primaryEndpoints: { blob: service, queue: service, table: service } };
  }
  if (type === "userassignedidentities") return { clientId: "client", principalId: "principal" };
  if (type === "components") return { ConnectionString: "InstrumentationKey=none" };
  if (type === "workspaces") return { customerId: "workspace-1" };
  if (type !== "sites") return {};
  return {
    defaultHostName: host,
    hostNameSslStates: [
      { name: host, hostType: "Standard" },
      { name: host, hostType: "Repository" },
    ],
    siteConfig: null,
  };
}

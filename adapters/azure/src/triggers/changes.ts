import { AnyfnError, type ChangeAction, type ChangeEvent, type ChangesTrigger } from "@anyfn/core";
import { compileEvents, type NamedFunction, prepareChange, unknownPayload } from "@anyfn/core/adapter";
import { createAzureContext } from "../context.ts";
import type { AzureApp, AzureContext } from "../native.ts";
import { type AzureSettings, type ChangesSettings, retryOf, secondsOf, settingsOf } from "../settings.ts";
import { handleAll } from "./_run.ts";
import { isObject, malformed, numberOf, open, textOf, timeOf } from "./_values.ts";

/** Registers `changes` functions on the change feed of Cosmos DB. */
export function registerChanges(
  app: AzureApp,
  functions: readonly NamedFunction[],
  settings: AzureSettings = {},
): void {
  for (const named of functions) register(app, named, settings);
}

function register(app: AzureApp, { name, definition }: NamedFunction, settings: AzureSettings): void {
  const trigger = definition.trigger as ChangesTrigger;
  const compiled = compileEvents<ChangesTrigger, ChangeEvent>(definition, "changes", prepareChange);
  const where: ChangesSettings = settingsOf(settings.changes, trigger.name) ?? {};
  const collection = where.container ?? trigger.name;
  const seconds = secondsOf(definition.timeout, settings);
  const all = modeOf(trigger, where) === "all-versions-and-deletes";
  app.cosmosDB(name, {
    connection: where.connection ?? "CosmosDBConnection",
    databaseName: where.database ?? "%CosmosDBDatabase%",
    containerName: collection,
    leaseContainerName: where.leaseContainer ?? "leases",
    // Functions on one collection keep their places apart.
    leaseContainerPrefix: `${name}-`,
    maxItemsPerInvocation: trigger.batchSize,
    ...(all ? { changeFeedMode: "AllVersionsAndDeletes" } : {}),
    // Without a policy the feed goes on behind a failed batch, which is lost then.
    retry: retryOf(settings),
    handler: async (input: unknown, context: AzureContext) => {
      const changes = fromFeed(open(input, context).input, collection, where.database);
      await handleAll(compiled, changes, createAzureContext(context, seconds), "changes", inOrder);
    },
  });
}

/** A batch comes from one partition of the feed, which is ordered. */
const inOrder = (): string => "feed";

/** The mode of the feed that can tell what a function asks for. */
export function modeOf(
  { on }: Pick<ChangesTrigger, "on">,
  { mode }: ChangesSettings,
): NonNullable<ChangesSettings["mode"]> {
  const needsAll = on.includes("deleted") || !on.includes("created") || !on.includes("updated");
  return mode ?? (needsAll ? "all-versions-and-deletes" : "latest-version");
}

/**
 * Documents of the change feed, in either mode: the documents themselves, or what happened around them.
 *
 * @see https://learn.microsoft.com/azure/cosmos-db/change-feed-modes
 * @throws AnyfnError `unknown-payload` when it is no list of objects.
 */
export function fromFeed(input: unknown, collection: string, database?: string): (ChangeEvent | Error)[] {
  const documents: readonly unknown[] = Array.isArray(input) ? input : [input];
  return documents.map((item, index) => {
    if (!isObject(item))
      return unknownPayload(item, "azure", "changes", "the documents of a Cosmos DB change feed");
    try {
      const change = isVersion(item) ? fromVersion(item, index) : fromDocument(item, index);
      return { ...change, collection, database, raw: item };
    } catch (error) {
      if (error instanceof AnyfnError) return error;
      throw error;
    }
  });
}

type Json = Readonly<Record<string, unknown>>;
type Change = Omit<ChangeEvent, "collection" | "database" | "raw">;

/** Every document has an id of its own; what surrounds one has metadata with an operation. */
function isVersion(item: Json): boolean {
  return item.id === undefined && isObject(item.metadata) && "operationType" in item.metadata;
}

/** In the latest version mode nothing tells a created document from an updated one. */
function fromDocument(document: Json, index: number): Change {
  const id = textOf(document.id);
  if (id === undefined) throw malformed("changes", `[${index}].id`, "must be text");
  const sequence = textOf(document._lsn);
  return {
    id: [textOf(document._rid) ?? id, sequence ?? textOf(document._etag) ?? textOf(document._ts)].join(":"),
    action: "updated",
    keys: { id: document.id },
    before: undefined,
    after: withoutSystem(document),
    sequence,
    time: timeOfSeconds(document._ts),
    expired: false,
  };
}

const ACTIONS: Readonly<Record<string, ChangeAction>> = {
  create: "created",
  replace: "updated",
  delete: "deleted",
};

function fromVersion(item: Json, index: number): Change {
  const metadata = item.metadata as Json;
  const operation = textOf(metadata.operationType)?.toLowerCase() ?? "";
  const action = Object.hasOwn(ACTIONS, operation) ? ACTIONS[operation] : undefined;
  if (action === undefined) {
    throw malformed("changes", `[${index}].metadata.operationType`, "must be create, replace or delete");
  }
  const before = documentOf(item.previous);
  const after = action === "deleted" ? undefined : documentOf(item.current);
  const document = after ?? before ?? {};
  const id = textOf(document.id) ?? textOf(metadata.id);
  if (id === undefined) throw malformed("changes", `[${index}].current.id`, "must be text");
  const sequence = textOf(metadata.lsn);
  return {
    id: [textOf(document._rid) ?? id, sequence ?? textOf(metadata.crts), operation].join(":"),
    action,
    keys: { ...(isObject(metadata.partitionKey) ? metadata.partitionKey : {}), id },
    before: before === undefined ? undefined : withoutSystem(before),
    after: after === undefined ? undefined : withoutSystem(after),
    sequence,
    time: timeOfSeconds(metadata.crts) ?? timeOfSeconds(document._ts),
    expired: metadata.timeToLiveExpired === true,
  };
}

/** A deleted document's `current` is null or empty. */
function documentOf(value: unknown): Json | undefined {
  return isObject(value) && Object.keys(value).length > 0 ? value : undefined;
}

const SYSTEM = new Set(["_rid", "_self", "_etag", "_attachments", "_ts", "_lsn"]);

/** The document as it was written, without what the service adds; `raw` has that. */
function withoutSystem(document: Json): Json {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !SYSTEM.has(name)));
}

function timeOfSeconds(value: unknown): Date | undefined {
  const seconds = numberOf(value);
  return seconds === undefined ? undefined : timeOf(seconds * 1000);
}

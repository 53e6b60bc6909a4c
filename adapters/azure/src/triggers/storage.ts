import {
  AnyfnError,
  type BusEvent,
  type StorageAction,
  type StorageEvent,
  type StorageTrigger,
} from "@anyfn/core";
import {
  compileEvents,
  decodePercent,
  type NamedFunction,
  prepareStorage,
  unknownPayload,
} from "@anyfn/core/adapter";
import { createAzureContext } from "../context.ts";
import type { AzureApp, AzureContext } from "../native.ts";
import { type AzureSettings, type StorageSettings, secondsOf, settingsOf } from "../settings.ts";
import { etagOf, fromBlob } from "./_blob.ts";
import { fromEventGrid } from "./_event-grid.ts";
import { handleAll } from "./_run.ts";
import { isObject, malformed, numberOf, open, textOf } from "./_values.ts";
import { registerWebhook } from "./_webhook.ts";

/** Registers `storage` functions on Event Grid's blob events or on blob triggers. */
export function registerStorage(
  app: AzureApp,
  functions: readonly NamedFunction[],
  settings: AzureSettings = {},
): void {
  for (const named of functions) register(app, named, settings);
}

function register(app: AzureApp, named: NamedFunction, settings: AzureSettings): void {
  const { name, definition } = named;
  const trigger = definition.trigger as StorageTrigger;
  const compiled = compileEvents<StorageTrigger, StorageEvent>(definition, "storage", prepareStorage);
  const where: StorageSettings = settingsOf(settings.storage, trigger.name) ?? {};
  const seconds = secondsOf(definition.timeout, settings);
  if (where.source === "blob") {
    app.storageBlob(name, {
      path: blobPath(trigger, where),
      connection: where.connection ?? "AzureWebJobsStorage",
      source: "EventGrid",
      dataType: "binary",
      handler: (input: unknown, context: AzureContext) =>
        handleAll(
          compiled,
          [fromBlob(open(input, context))],
          createAzureContext(context, seconds),
          "storage",
        ),
    });
    return;
  }
  const decode = (events: readonly (BusEvent | AnyfnError)[]): (StorageEvent | Error)[] =>
    events.flatMap((event) =>
      event instanceof AnyfnError ? [event] : fromBlobEvent(event, where.container),
    );
  if (where.source === "event-grid-webhook") {
    registerWebhook(app, named, where, settings, (events, ctx) =>
      handleAll(compiled, decode(events), ctx, "storage"),
    );
    return;
  }
  app.eventGrid(name, {
    handler: async (input: unknown, context: AzureContext) => {
      const events = decode(fromEventGrid(open(input, context).input, "storage"));
      await handleAll(compiled, events, createAzureContext(context, seconds), "storage");
    },
  });
}

/** The prefix goes into the pattern, so that other blobs are not even read; braces would be parameters there. */
function blobPath({ name, prefix }: StorageTrigger, { container = name }: StorageSettings): string {
  return `${container}/${/[{}]/.test(prefix) ? "" : prefix}{name}`;
}

const ACTIONS: Readonly<Record<string, StorageAction>> = {
  "Microsoft.Storage.BlobCreated": "created",
  "Microsoft.Storage.BlobRenamed": "created",
  "Microsoft.Storage.BlobDeleted": "deleted",
  "Microsoft.Storage.BlobTierChanged": "metadata",
};

/** With these calls a file system opens a file; it is complete when another call closes it. */
const OPENING = new Set(["CreateFile", "SftpCreate"]);

/**
 * What a blob event says, in neutral words: a renamed blob is created at one place and deleted at another, and events
 * of directories, policies and other containers concern no object.
 *
 * @see https://learn.microsoft.com/azure/event-grid/event-schema-blob-storage
 */
export function fromBlobEvent(event: BusEvent, container?: string): (StorageEvent | Error)[] {
  if (!event.type.startsWith("Microsoft.Storage.")) {
    return [unknownPayload(event.raw, "azure", "storage", "the blob events of Event Grid")];
  }
  const data = isObject(event.data) ? event.data : {};
  const action = actionOf(event.type, data);
  if (action === undefined) return [];
  if (OPENING.has(textOf(data.api) ?? "")) return [];
  // The subject is not encoded, unlike the URL in the data.
  const place = /^\/blobServices\/default\/containers\/([^/]+)\/blobs\/(.+)$/s.exec(event.subject ?? "");
  if (place === null) return [malformed("storage", "subject", "names no blob")];
  const [, bucket = "", key = ""] = place;
  if (container !== undefined && bucket !== container) return [];
  const created: StorageEvent = {
    id: event.id,
    action,
    bucket,
    key,
    size: numberOf(data.contentLength),
    etag: etagOf(data.eTag),
    version: textOf(data.blobVersion),
    sequence: textOf(data.sequencer),
    contentType: textOf(data.contentType),
    time: event.time,
    raw: event.raw,
  };
  const from = event.type === "Microsoft.Storage.BlobRenamed" ? renamedFrom(data.sourceUrl) : undefined;
  return from === undefined
    ? [created]
    : [created, { ...created, ...from, action: "deleted", etag: undefined }];
}

function actionOf(type: string, data: Readonly<Record<string, unknown>>): StorageAction | undefined {
  if (type === "Microsoft.Storage.BlobTierChanged" && data.accessTier === "Archive") return "archived";
  return Object.hasOwn(ACTIONS, type) ? ACTIONS[type] : undefined;
}

function renamedFrom(url: unknown): { bucket: string; key: string } | undefined {
  const [, bucket, key] = /^https?:\/\/[^/]+\/([^/]+)\/([^?#]+)/i.exec(textOf(url) ?? "") ?? [];
  return bucket === undefined || key === undefined ? undefined : { bucket, key: decodePercent(key) ?? key };
}

import type { AzureInvocation } from "../../../runtimes/hosts/azure/rpc.ts";
import { grid, gridCloudEvent, gridEvent } from "./event-grid.ts";
import { bytes, typed } from "./messages.ts";

const ACCOUNT =
  "/subscriptions/0a1b2c3d/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/shop";

/** The subject, which is not encoded. */
export function blobSubject(key: string): string {
  return `/blobServices/default/containers/images/blobs/${key}`;
}

/** The URL, which is. */
export function blobUrl(key: string): string {
  return `https://shop.blob.core.windows.net/images/${encodeURIComponent(key).replaceAll("%2F", "/")}`;
}

/** `data` of a blob event: https://learn.microsoft.com/azure/event-grid/event-schema-blob-storage */
export function blobData(key: string, change: object = {}): object {
  return {
    api: "PutBlob",
    clientRequestId: "6d79dbfb-0e37-4fc4-981f-442c9ca65760",
    requestId: "831e1650-001e-001b-66ab-eeb76e000000",
    eTag: "0x8D4BCC2E4835CD0",
    blobType: "BlockBlob",
    url: blobUrl(key),
    sequencer: "00000000000004420000000000028963",
    storageDiagnostics: { batchId: "b68529f3-68cd-4744-baa4-3c0498ec19f0" },
    ...change,
  };
}

/** An event of a blob in the Event Grid schema. */
export function blobEvent(key: string, type = "Microsoft.Storage.BlobCreated", data: object = {}): object {
  const common = { subject: blobSubject(key), data: blobData(key, data) };
  return gridEvent({ ...common, topic: ACCOUNT, eventType: type, dataVersion: "" });
}

/** An event of a blob in the Event Grid schema and in that of CloudEvents. */
export function blobEvents(
  key: string,
  type = "Microsoft.Storage.BlobCreated",
  data: object = {},
): AzureInvocation[] {
  const common = { subject: blobSubject(key), data: blobData(key, data) };
  return [grid(blobEvent(key, type, data)), grid(gridCloudEvent({ ...common, source: ACCOUNT, type }))];
}

/** https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-blob-trigger#metadata */
export function readBlob(
  key: string,
  content: string | Uint8Array,
  properties: object = {},
): AzureInvocation {
  return {
    inputData: bytes(content),
    triggerMetadata: typed({
      BlobTrigger: `images/${key}`,
      Uri: blobUrl(key),
      Properties: { LastModified: "2026-03-01T10:00:00+00:00", ...properties },
      Metadata: {},
      name: key,
    }),
  };
}

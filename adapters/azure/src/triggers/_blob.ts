import type { StorageEvent } from "@anyfn/core";
import { decodePercent } from "@anyfn/core/adapter";
import { isObject, malformed, numberOf, type Opened, textOf, timeOf } from "./_values.ts";

/**
 * The blob that a blob trigger read. Its name stands in `blobTrigger`, as `container/name`.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-blob-trigger#metadata
 */
export function fromBlob({ input, metadata }: Opened): StorageEvent | Error {
  const place = textOf(metadata.blobTrigger) ?? pathOf(metadata.uri);
  const slash = place?.indexOf("/") ?? -1;
  if (place === undefined || slash === -1) return malformed("storage", "blobTrigger", "names no blob");
  const properties = isObject(metadata.properties) ? metadata.properties : {};
  return {
    id: undefined,
    action: "created",
    bucket: place.slice(0, slash),
    key: place.slice(slash + 1),
    size: numberOf(properties.contentLength) ?? numberOf(properties.length) ?? sizeOf(input),
    etag: etagOf(properties.eTag),
    version: undefined,
    sequence: undefined,
    contentType: textOf(properties.contentType),
    time: timeOf(properties.lastModified),
    raw: { content: input, triggerMetadata: metadata },
  };
}

/** `container/name` of a blob's URL, which is percent-encoded. */
function pathOf(uri: unknown): string | undefined {
  const path = typeof uri === "string" ? /^https?:\/\/[^/]+\/([^?#]+)/i.exec(uri)?.[1] : undefined;
  return path === undefined ? undefined : (decodePercent(path) ?? path);
}

/** An entity tag without the quotes of its header, as other providers' events have it. */
export function etagOf(value: unknown): string | undefined {
  return textOf(value)?.replace(/^"(.*)"$/, "$1");
}

function sizeOf(input: unknown): number | undefined {
  return input instanceof Uint8Array ? input.byteLength : undefined;
}

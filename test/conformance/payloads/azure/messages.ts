import type { AzureInvocation, RpcTypedData } from "../../../runtimes/hosts/azure/rpc.ts";

/** Metadata by the host's names; the host sends text as such and anything else as JSON. */
type Metadata = Readonly<Record<string, unknown>>;

/** A payload, in the form that the host uses where the trigger asks for bytes. */
export function bytes(payload: string | Uint8Array): RpcTypedData {
  return { bytes: Buffer.from(payload) };
}

/** https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#message-metadata */
export function storageQueue(data: RpcTypedData, change: Metadata = {}): AzureInvocation {
  return {
    inputData: data,
    triggerMetadata: typed({
      Id: "9f3a1c52-6d0e-4f6b-8a55-0c2f1b7e9d41",
      DequeueCount: 1,
      PopReceipt: "AgAAAAMAAAAAAAAAY5ar20G42AE=",
      InsertionTime: "2026-03-01T10:00:00+00:00",
      ExpirationTime: "2026-03-08T10:00:00+00:00",
      NextVisibleTime: "2026-03-01T10:10:00+00:00",
      ...change,
    }),
  };
}

/** https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger#message-metadata */
export function serviceBus(data: RpcTypedData, change: Metadata = {}): AzureInvocation {
  return { inputData: data, triggerMetadata: typed({ MessageReceiver: {}, ...message(change) }) };
}

/** A batch: bodies, and beside them a list for every member of the metadata. */
export function serviceBusBatch(
  data: RpcTypedData,
  messages: readonly Metadata[],
  change: Metadata = {},
): AzureInvocation {
  const full = messages.map(message);
  const lists = Object.fromEntries(
    Object.keys(full[0] ?? {}).map((name) => [`${name}Array`, full.map((one) => one[name] ?? null)]),
  );
  return { inputData: data, triggerMetadata: typed({ MessageReceiver: {}, ...lists, ...change }) };
}

function message(change: Metadata): Metadata {
  const properties = change.ApplicationProperties ?? {};
  return {
    MessageId: "9f3a1c52-6d0e-4f6b-8a55-0c2f1b7e9d41",
    DeliveryCount: 1,
    LockToken: "0f2b6c1e-7a55-4a3c-9a63-0f6d1f0f9d11",
    EnqueuedTimeUtc: "2026-03-01T10:00:00Z",
    EnqueuedTime: "2026-03-01T10:00:00+00:00",
    ExpiresAtUtc: "2026-03-15T10:00:00Z",
    SequenceNumber: 7,
    ContentType: "application/json",
    Subject: null,
    Label: null,
    CorrelationId: null,
    SessionId: null,
    PartitionKey: null,
    ApplicationProperties: properties,
    UserProperties: properties,
    ...change,
  };
}

/** Values as the host puts them into its messages; undefined ones are left out. */
export function typed(metadata: Metadata): Record<string, RpcTypedData> {
  const entries = Object.entries(metadata).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      typeof value === "string" ? { string: value } : { json: JSON.stringify(value) },
    ]),
  );
}

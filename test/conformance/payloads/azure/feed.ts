import type { AzureInvocation } from "../../../runtimes/hosts/azure/rpc.ts";

/** Settings under which the feed of `customers` is in the database `shop`. */
export const IN_SHOP = { changes: { customers: { database: "shop" } } } as const;

/** Documents as the change feed's trigger hands them over. */
export function feed(...documents: readonly object[]): AzureInvocation {
  return { inputData: { json: JSON.stringify(documents) } };
}

/** A document in the latest version mode: https://learn.microsoft.com/azure/cosmos-db/change-feed-modes */
export function latest(document: object, change: object = {}): object {
  return {
    id: "anna",
    ...document,
    _rid: "uGlkAMBvXy8BAAAAAAAAAA==",
    _self: "dbs/uGlkAA==/colls/uGlkAMBvXy8=/docs/uGlkAMBvXy8BAAAAAAAAAA==/",
    _etag: '"0000d826-0000-0700-0000-69a40ba00000"',
    _attachments: "attachments/",
    _ts: 1772359200,
    _lsn: 41,
    ...change,
  };
}

/** A change in the mode with all versions and deletes. */
export function version(
  operationType: "create" | "replace" | "delete",
  current: object,
  previous: object | null,
  metadata: object = {},
): object {
  return {
    current: operationType === "delete" ? {} : latest(current),
    previous: previous === null ? null : latest(previous),
    metadata: {
      operationType,
      lsn: 41,
      crts: 1772359200,
      previousImageLSN: operationType === "create" ? 0 : 40,
      id: "anna",
      ...metadata,
    },
  };
}

import { type ChangeEvent, changes, type StorageEvent, storage } from "@anyfn/core";
import { describe, expect, it } from "vitest";
import { toMetadata } from "../../../test/support/azure-app.ts";
import { app, bytes, json } from "../../../test/support/azure-function.ts";

describe("storage", () => {
  const event = (over: object, data: object = {}) =>
    json({
      id: "e1",
      topic: "/accounts/a",
      subject: "/blobServices/default/containers/images/blobs/raw/a b%2F/blobs/ö.png",
      eventType: "Microsoft.Storage.BlobCreated",
      eventTime: "2026-01-01T00:00:00.1234567Z",
      data: { api: "PutBlob", contentLength: 3, url: "https://a.test/images/raw/a%20b%252F", ...data },
      ...over,
    });
  const all = storage("images", { on: ["created", "deleted", "archived", "metadata"] });

  it.each<[string, object, object, readonly object[]]>([
    [
      "a key that is not encoded",
      {},
      {},
      [{ action: "created", bucket: "images", key: "raw/a b%2F/blobs/ö.png", size: 3 }],
    ],
    ["a tier change", { eventType: "Microsoft.Storage.BlobTierChanged" }, {}, [{ action: "metadata" }]],
    [
      "archiving",
      { eventType: "Microsoft.Storage.BlobTierChanged" },
      { accessTier: "Archive" },
      [{ action: "archived" }],
    ],
    [
      "a renamed blob",
      { eventType: "Microsoft.Storage.BlobRenamed" },
      { sourceUrl: "https://a.dfs.core.windows.net/images/old%20name.png" },
      [
        { action: "created", key: "raw/a b%2F/blobs/ö.png" },
        { action: "deleted", key: "old name.png" },
      ],
    ],
    ["a file that is still open", {}, { api: "CreateFile", contentLength: 0 }, []],
    ["a file that was closed", {}, { api: "FlushWithClose" }, [{ action: "created" }]],
    ["a directory", { eventType: "Microsoft.Storage.DirectoryCreated" }, {}, []],
  ])("reads %s", async (_name, over, data, expected) => {
    const { seen, invoke } = app<StorageEvent>(all);
    await invoke(event(over, data));
    expect(seen).toHaveLength(expected.length);
    expect(seen).toMatchObject([...expected]);
  });

  it.each(["/a//b", " a ", "e\u0301", "a%2Fb", "a+b?c#d", "../x"])("keeps the key %j", async (key) => {
    const { seen, invoke } = app<StorageEvent>(all);
    await invoke(event({ subject: `/blobServices/default/containers/images/blobs/${key}` }));
    expect(seen).toMatchObject([{ bucket: "images", key }]);
  });

  it("leaves out other containers where one is named", async () => {
    const { seen, invoke } = app<StorageEvent>(all, { storage: { images: { container: "other" } } });
    await invoke(event({}));
    expect(seen).toEqual([]);
  });

  it.each([
    [event({ eventType: "order.placed" }), "unknown-payload", undefined],
    [event({ subject: "elsewhere" }), "invalid-payload", "subject"],
    [event({ id: 7 }), "invalid-payload", "id"],
    [event({ specversion: "1.0", id: 7 }), "invalid-payload", "id"],
    [event({ eventTime: "soon" }), "invalid-payload", "eventTime"],
    [json({ Records: [] }), "unknown-payload", undefined],
  ])("fails what it cannot read", async (invocation, code, path) => {
    await expect(app(all).invoke(invocation)).rejects.toMatchObject({ code, path, provider: "azure" });
  });

  it("finds a blob by its URL, and keeps its bytes at hand", async () => {
    const { seen, invoke } = app<StorageEvent>(storage("images"), {
      storage: { images: { source: "blob" } },
    });
    const triggerMetadata = toMetadata({ Uri: "https://a.test/images/raw/a%20b%25.png?x" });
    await invoke({ inputData: bytes("abc"), triggerMetadata });
    expect(seen[0]).toMatchObject({
      bucket: "images",
      key: "raw/a b%.png",
      size: 3,
      raw: { content: Buffer.from("abc") },
    });
    await expect(invoke({ inputData: bytes("abc") })).rejects.toMatchObject({ code: "invalid-payload" });
  });
});

describe("changes", () => {
  it("reads deletions and what ran out of time", async () => {
    const { seen, invoke } = app<ChangeEvent>(changes("c"), {
      changes: { c: { container: "customers", database: "crm" } },
    });
    await invoke(
      json([
        {
          current: null,
          previous: { id: "1", v: 1, _rid: "r" },
          metadata: {
            operationType: "delete",
            lsn: 9,
            crts: 1_767_225_600,
            timeToLiveExpired: true,
            id: "1",
            partitionKey: { tenant: "x" },
          },
        },
        { current: {}, metadata: { operationType: "delete", lsn: 10, id: "2" } },
      ]),
    );
    expect(seen).toMatchObject([
      {
        id: "r:9:delete",
        action: "deleted",
        keys: { id: "1", tenant: "x" },
        before: { id: "1", v: 1 },
        after: undefined,
        expired: true,
        time: new Date("2026-01-01T00:00:00Z"),
        collection: "customers",
        database: "crm",
      },
      { id: "2:10:delete", action: "deleted", keys: { id: "2" }, before: undefined, expired: false },
    ]);
  });

  it("reads a document without what the service adds, and one with a time that is none", async () => {
    const { seen, invoke } = app<ChangeEvent>(changes("c"));
    await invoke(json([{ id: "1" }, { id: "2", _rid: "r", _etag: "e", _ts: 1e300 }]));
    expect(seen).toMatchObject([
      { id: "1:", time: undefined, after: { id: "1" } },
      { id: "r:e", time: undefined, after: { id: "2" } },
    ]);
  });

  it("stops at the first failure and fails the batch", async () => {
    const { seen, invoke } = app<ChangeEvent>(changes("c"), {}, ({ keys }) => {
      if (keys.id === "2") throw new Error("no");
    });
    await expect(invoke(json([{ id: "1" }, { id: "2" }, { id: "3" }]))).rejects.toThrow(
      "2 of 3 events failed",
    );
    expect(seen).toHaveLength(2);
  });

  it.each([
    [[{ noId: 1 }], "invalid-payload", "[0].id"],
    [[{ metadata: { operationType: "burn" } }], "invalid-payload", "[0].metadata.operationType"],
    ["text", "unknown-payload", undefined],
  ])("fails %o", async (documents, code, path) => {
    await expect(app(changes("c")).invoke(json(documents))).rejects.toMatchObject({ code, path });
  });
});

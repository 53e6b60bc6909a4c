import { defineFunction, type StorageEvent, storage } from "@anyfn/core";
import { describe, expect, test } from "vitest";
import {
  deliver,
  jsonOf,
  post,
  send,
  serve,
  setUp,
  textOf,
} from "../../../test/support/serve-cloud-function.ts";

setUp();

const time = "2026-03-04T05:06:07.890Z";
const base64 = (text: string) => Buffer.from(text).toString("base64");
const onStorage = (handler: (object: StorageEvent) => unknown) =>
  defineFunction({
    trigger: storage("images", { on: ["created", "deleted", "archived", "metadata"] }),
    handler,
  });

describe("a change of an object", () => {
  const object = {
    bucket: "images",
    name: "raw/a b+ü%20.png",
    size: "352",
    generation: "1767225600000001",
    metageneration: "2",
    etag: "x=",
    contentType: "image/png",
  };
  const event = (type: string) => ({
    specversion: "1.0",
    id: "e-3",
    source: "//storage.googleapis.com/projects/_/buckets/images",
    subject: "objects/raw/a",
    type: `google.cloud.storage.object.v1.${type}`,
    time,
    data: object,
  });
  const facts = {
    bucket: "images",
    key: "raw/a b+ü%20.png",
    size: 352,
    etag: "x=",
    version: "1767225600000001",
    sequence: "00001767225600000001.0000000002",
    contentType: "image/png",
    time: new Date(time),
  };
  const notification = (data: string) => ({
    subscription: "s",
    message: {
      messageId: "n-1",
      data,
      attributes: {
        eventType: "OBJECT_ARCHIVE",
        bucketId: "images",
        objectId: object.name,
        objectGeneration: object.generation,
        eventTime: time,
        payloadFormat: "NONE",
      },
    },
  });

  test.each([
    ["finalized", "created"],
    ["deleted", "deleted"],
    ["archived", "archived"],
    ["metadataUpdated", "metadata"],
  ])("%s by CloudEvent is %s", async (type, action) => {
    expect(await deliver(onStorage, post("/", event(type)))).toMatchObject([{ id: "e-3", action, ...facts }]);
  });

  test("without its names in the data is that of source and subject", async () => {
    const { bucket: _bucket, name: _name, ...data } = object;
    expect(await deliver(onStorage, post("/", { ...event("finalized"), data }))).toMatchObject([
      { bucket: "images", key: "raw/a" },
    ]);
  });

  test("by notification is archived, with or without the object", async () => {
    const full = post("/", notification(base64(JSON.stringify(object))));
    expect(await deliver(onStorage, full)).toMatchObject([{ id: "n-1", action: "archived", ...facts }]);
    const { bucket, key, version } = facts;
    const bare = { action: "archived", bucket, key, version, size: undefined, time: facts.time };
    expect(await deliver(onStorage, post("/", notification("")))).toMatchObject([bare]);
  });

  test("by unwrapped notification has the attributes of the headers", async () => {
    const headers = [
      ["X-Goog-Pubsub-Message-Id", "n-2"],
      ["eventType", "OBJECT_DELETE"],
      ["bucketId", "images"],
      ["objectId", "a"],
    ] as const;
    expect(await deliver(onStorage, { headers })).toMatchObject([{ id: "n-2", action: "deleted", key: "a" }]);
  });

  test.each([
    ["google.storage.object.finalize", {}, "created"],
    ["google.storage.object.metadataUpdate", {}, "metadata"],
    ["providers/cloud.storage/eventTypes/object.change", { resourceState: "exists" }, "created"],
    ["providers/cloud.storage/eventTypes/object.change", { resourceState: "not_exists" }, "deleted"],
  ])("by the background event %s %j is %s", async (eventType, state, action) => {
    const resource = "projects/_/buckets/images/objects/raw/a";
    const body = { eventId: "l-1", timestamp: time, eventType, resource, data: { ...object, ...state } };
    expect(await deliver(onStorage, post("/", body))).toMatchObject([{ id: "l-1", action, key: facts.key }]);
  });

  test.each([
    [{ ...event("hidden") }, "type"],
    [
      { message: { messageId: "1", attributes: { eventType: "hidden", bucketId: "b" } } },
      "attributes.eventType",
    ],
  ])("that is no change of an object is refused without its values: %#", async (body, path) => {
    const definition = defineFunction({ trigger: storage("images"), handler: () => {} });
    const answer = await send(await serve(definition), post("/", body));
    expect(answer.status).toBe(400);
    expect(jsonOf(answer)).toMatchObject({ detail: expect.stringContaining(`member ${path} is`) });
    expect(textOf(answer)).not.toContain("hidden");
  });

  test.each(["/a//b", " a ", "e\u0301", "a%2Fb", "a+b?c#d", "../x"])("keeps the key %j", async (key) => {
    const byName = { ...event("finalized"), data: { bucket: "images", name: key } };
    const bySubject = { ...event("finalized"), subject: `objects/${key}`, data: {} };
    for (const body of [byName, bySubject])
      expect(await deliver(onStorage, post("/", body))).toMatchObject([{ key }]);
  });

  test("without a name in its data is named by the subject", async () => {
    const body = { ...event("deleted"), data: {} };
    expect(await deliver(onStorage, post("/", body))).toMatchObject([{ bucket: "images", key: "raw/a" }]);
  });
});

import { defineFunction, type StorageEvent, storage } from "@anyfn/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { failures, lambdaContextOf, notification, sqsRecord } from "../_testing.ts";
import { storageHandler } from "./storage.ts";

const context = lambdaContextOf();

beforeEach(() => void vi.spyOn(process.stdout, "write").mockReturnValue(true));

describe("storage", () => {
  const record = (key: string, change = {}) => ({
    eventSource: "aws:s3",
    eventName: "ObjectCreated:Put",
    eventTime: "2026-11-21T10:00:00.000Z",
    s3: { bucket: { name: "images" }, object: { key, size: 5, eTag: "e", versionId: "v", sequencer: "0A" } },
    ...change,
  });
  const testEvent = { Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "images" };

  async function run(event: unknown) {
    const seen: StorageEvent[] = [];
    const definition = defineFunction({
      trigger: storage("images", { on: ["created", "deleted", "archived", "metadata"] }),
      handler: (object) => {
        seen.push(object);
        if (object.key.startsWith("bad")) throw new Error("no");
      },
    });
    return { seen, answer: await storageHandler(definition)(event, context) };
  }

  test.each([
    ["red+flower%2B%C3%A9.jpg", "red flower+é.jpg"],
    ["a//b/", "a//b/"],
    ["/a+", "/a "],
    ["50%", "50%"],
    ["50%+off", "50%+off"],
    ["%2541", "%41"],
  ])("the key %s is decoded once", async (key, expected) => {
    expect((await run({ Records: [record(key)] })).seen.map((object) => object.key)).toEqual([expected]);
  });

  test.each([
    ["ObjectCreated:CompleteMultipartUpload", "created"],
    ["s3:ObjectCreated:Copy", "created"],
    ["ObjectRemoved:DeleteMarkerCreated", "deleted"],
    ["LifecycleExpiration:Delete", "deleted"],
    ["LifecycleTransition", "archived"],
    ["IntelligentTiering", "archived"],
    ["ObjectTagging:Put", "metadata"],
    ["ObjectRestore:Completed", "metadata"],
  ])("%s is %s", async (eventName, action) => {
    expect((await run({ Records: [record("a", { eventName })] })).seen).toMatchObject([{ action }]);
  });

  test("EventBridge does not encode the key", async () => {
    const event = {
      id: "e1",
      "detail-type": "Object Deleted",
      source: "aws.s3",
      time: "2026-11-21T10:00:00Z",
      detail: {
        bucket: { name: "images" },
        object: { key: "a+b%20c", etag: "e", "version-id": "v", sequencer: "0A" },
      },
    };
    const facts = {
      id: "e1",
      action: "deleted",
      bucket: "images",
      key: "a+b%20c",
      etag: "e",
      version: "v",
      sequence: "0A",
    };
    expect((await run(event)).seen).toMatchObject([{ ...facts, size: undefined }]);
    expect((await run({ Records: [sqsRecord("m1", JSON.stringify(event))] })).seen).toMatchObject([facts]);
  });

  const wrapped = (document: unknown) =>
    JSON.stringify({ ...notification, Message: JSON.stringify(document) });
  test.each([
    ["directly", (document: object) => document],
    [
      "through SNS",
      (document: object) => ({ Records: [{ EventSource: "aws:sns", Sns: JSON.parse(wrapped(document)) }] }),
    ],
    ["through SQS", (document: object) => ({ Records: [sqsRecord("m1", JSON.stringify(document))] })],
    ["through SNS and SQS", (document: object) => ({ Records: [sqsRecord("m1", wrapped(document))] })],
  ])("%s, also the test event", async (_case, wrap) => {
    expect((await run(wrap({ Records: [record("a+b"), record("c")] }))).seen.map(({ key }) => key)).toEqual([
      "a b",
      "c",
    ]);
    expect(await run(wrap(testEvent))).toEqual({ seen: [], answer: failures() });
    expect(await run(wrap({ Records: [] }))).toEqual({ seen: [], answer: failures() });
  });

  test("a message is done when all changes in it are", async () => {
    const body = (...keys: string[]) => JSON.stringify({ Records: keys.map((key) => record(key)) });
    const records = [
      sqsRecord("1", body("a", "bad", "b")),
      sqsRecord("2", "no JSON"),
      sqsRecord("3", body("c")),
    ];
    const { seen, answer } = await run({ Records: records });
    expect(seen.map(({ key }) => key)).toEqual(["a", "bad", "b", "c"]);
    expect(answer).toEqual(failures("1", "2"));
  });

  test("without a queue a failure is thrown", async () => {
    await expect(run({ Records: [record("bad")] })).rejects.toThrow("no");
  });

  test.each([
    ["Records[1].s3", null],
    ["Records[1].s3", record("a", { s3: null })],
    ["Records[1].eventName", record("a", { eventName: null })],
  ])("a malformed %s is named", async (path, malformed) => {
    const event = { Records: [record("a"), malformed] };
    await expect(run(event)).rejects.toMatchObject({ code: "invalid-payload", path });
  });

  test("null members are none", async () => {
    const object = { key: "a", size: null, eTag: null, versionId: null, sequencer: null };
    const { seen } = await run({ Records: [record("a", { s3: { bucket: { name: "images" }, object } })] });
    expect(seen).toMatchObject([
      { id: undefined, size: undefined, etag: undefined, version: undefined, sequence: undefined },
    ]);
  });
});

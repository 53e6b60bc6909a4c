import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeText, encodeText, toBase64 } from "../bytes.ts";
import { createMessage, createRecord, createTopicMessage, type PayloadSource } from "./payload.ts";

function messageOf(payload: PayloadSource): ReturnType<typeof createMessage> {
  return createMessage({ id: "1", payload, raw: undefined });
}

/** The same payload in each of the ways in which it can arrive. */
function ways(text: string): PayloadSource[] {
  const bytes = encodeText(text);
  return [{ text }, { bytes }, { base64: toBase64(bytes) }];
}

describe("a payload", () => {
  test.each<[string, unknown]>([
    ['{"a":1}', { a: 1 }],
    [' [1, "é"] ', [1, "é"]],
    ["123", 123],
    ["-0.5", -0.5],
    ["true", true],
    [" null ", null],
    ['"text"', "text"],
    ["\ufeff{}", {}],
    ["a,b,c", "a,b,c"],
    ["", ""],
    ["{not json", "{not json"],
    ["trueish", "trueish"],
    ["NaN", "NaN"],
    ["2026-01-02", "2026-01-02"],
    ["grüße ☃", "grüße ☃"],
  ])("of %j is decoded to %j, however it arrives, and its text is exact", (text, data) => {
    for (const payload of ways(text)) {
      const message = messageOf(payload);
      expect(message.data).toEqual(data);
      expect(message.text()).toBe(text);
      expect([...message.bytes()]).toEqual([...encodeText(text)]);
    }
  });

  test("that is not text is bytes", () => {
    const bytes = Uint8Array.of(0x89, 0xff, 0x00);
    for (const payload of [{ bytes }, { base64: toBase64(bytes) }]) {
      const message = messageOf(payload);
      expect([...(message.data as Uint8Array)]).toEqual([...bytes]);
      expect([...message.bytes()]).toEqual([...bytes]);
    }
  });

  test("that the platform parsed keeps its value", () => {
    const value = { a: [1] };
    const message = messageOf({ value });
    expect([message.data, message.json(), message.text()]).toEqual([value, value, '{"a":[1]}']);
    expect(messageOf({ value: 5 }).text()).toBe("5");
    expect(messageOf({ value: undefined }).text()).toBe("");
    expect(messageOf({ value: "plain" }).data).toBe("plain");
    expect(messageOf({ value: '{"a":1}' }).data).toEqual({ a: 1 });
  });

  test("any bytes survive", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect([...messageOf({ base64: toBase64(bytes) }).bytes()]).toEqual([...bytes]);
      }),
    );
  });

  test("any JSON survives", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        for (const payload of ways(json)) {
          expect(messageOf(payload).json()).toEqual(JSON.parse(json));
          expect(messageOf(payload).data).toEqual(JSON.parse(json));
        }
      }),
    );
  });

  test.each(["", "{", "a,b"])("of %j is no JSON", (text) => {
    expect(() => messageOf({ text }).json()).toThrow(expect.objectContaining({ code: "invalid-message" }));
  });

  test("is decoded once", () => {
    const message = messageOf({ text: '{"a":1}' });
    expect(message.data).toBe(message.data);
    const bytes = messageOf({ base64: "AAEC" });
    expect(bytes.bytes()).toBe(bytes.bytes());
  });
});

test.each([
  ["1700000000123", new Date(1700000000123)],
  [1700000000123, new Date(1700000000123)],
  ["yesterday", undefined],
  [null as never, undefined],
])("enqueued at %j", (enqueuedMs, expected) => {
  const message = createMessage({ id: "1", payload: { text: "" }, enqueuedMs, raw: 5 });
  expect([message.enqueuedAt, message.enqueuedAt]).toEqual([expected, expected]);
});

test("what is not known is undefined, and there are always attributes", () => {
  const init = { id: "1", payload: { text: "" }, raw: 5 };
  expect(createMessage(init)).toMatchObject({
    id: "1",
    deliveryCount: undefined,
    orderingKey: undefined,
    raw: 5,
  });
  expect(createTopicMessage({ ...init, subject: "s", topic: "t" })).toMatchObject({
    subject: "s",
    topic: "t",
  });
  expect(
    createRecord({ ...init, partitionKey: "k", partition: "p", sequence: "9", offset: "o" }),
  ).toMatchObject({
    partitionKey: "k",
    partition: "p",
    sequence: "9",
    offset: "o",
    time: undefined,
  });
  for (const made of [createMessage(init), createRecord(init)]) expect({ ...made.attributes }).toEqual({});
});

test("text, JSON and bytes can be taken off the message", () => {
  const { text, json, bytes } = createMessage({ id: "1", payload: { text: '{"a":1}' }, raw: undefined });
  expect([text(), json(), decodeText(bytes())]).toEqual(['{"a":1}', { a: 1 }, '{"a":1}']);
});

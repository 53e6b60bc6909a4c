import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CloudEventHttp,
  cloudEventMode,
  readCloudEvent,
  readCloudEvents,
  readEachCloudEvent,
} from "./cloudevent.ts";
import type { BusEvent } from "./triggers/bus.ts";

const ids = { specversion: "1.0", id: "1", source: "/s", type: "t" };
const STRUCTURED = "application/cloudevents+json";
const BATCH = "application/cloudevents-batch+json";

function httpOf(headers: Record<string, string>, body?: string | Uint8Array<ArrayBuffer>): CloudEventHttp {
  return { headers, body: typeof body === "string" ? new Uint8Array(Buffer.from(body)) : body };
}

function binary(
  attributes: Record<string, string>,
  body?: string | Uint8Array<ArrayBuffer>,
  type?: string,
): CloudEventHttp {
  const headers = Object.fromEntries(
    Object.entries({ ...ids, ...attributes }).map(([name, value]) => [`ce-${name}`, value]),
  );
  return httpOf(type === undefined ? headers : { ...headers, "content-type": type }, body);
}

function structured(event: object): CloudEventHttp {
  return httpOf({ "content-type": STRUCTURED }, JSON.stringify({ ...ids, ...event }));
}

function one(http: CloudEventHttp): BusEvent {
  const [event, ...more] = readCloudEvents(http);
  expect(more).toEqual([]);
  if (event === undefined) throw new Error("no event");
  return event;
}

describe("the mode", () => {
  test.each([
    [{ "content-type": STRUCTURED }, "structured"],
    [{ "content-type": "Application/CloudEvents+JSON; charset=UTF-8" }, "structured"],
    [{ "content-type": BATCH }, "batch"],
    [{ "content-type": "application/json", "ce-specversion": "1.0" }, "binary"],
    [{ "ce-id": "1" }, "binary"],
    [{ "content-type": STRUCTURED, "ce-id": "1" }, "structured"],
    [{ "content-type": "application/json" }, undefined],
    [{}, undefined],
  ])("of %j is %s", (headers, mode) => {
    expect(cloudEventMode(httpOf(headers))).toBe(mode);
  });
});

describe("an event", () => {
  test("has every attribute in every mode", () => {
    const attributes = {
      subject: "sub",
      time: "2026-01-02T03:04:05.123456Z",
      dataschema: "https://a.example/schema",
      datacontenttype: "application/json",
      extra: "x",
    };
    const expected = {
      id: "1",
      source: "/s",
      type: "t",
      subject: "sub",
      time: new Date("2026-01-02T03:04:05.123Z"),
      dataschema: "https://a.example/schema",
      datacontenttype: "application/json",
      data: { a: "é" },
    };
    const { datacontenttype, ...headers } = attributes;
    const body = JSON.stringify([{ ...ids, ...attributes, data: { a: "é" } }]);
    for (const http of [
      binary(headers, '{"a":"é"}', datacontenttype),
      structured({ ...attributes, data: { a: "é" } }),
      httpOf({ "content-type": BATCH }, body),
    ]) {
      const event = one(http);
      expect(event).toMatchObject(expected);
      expect({ ...event.extensions }).toEqual({ extra: "x" });
    }
  });

  test("without the optional ones has none", () => {
    for (const http of [
      binary({}),
      structured({}),
      structured({ subject: null, time: null, extra: null, data: null }),
    ]) {
      const { subject, time, data, extensions } = one(http);
      expect({ subject, time, data, extensions: { ...extensions } }).toEqual({
        subject: undefined,
        time: undefined,
        data: undefined,
        extensions: {},
      });
    }
  });

  test("keeps the types of its extensions, and they inherit nothing", () => {
    const { extensions } = one(structured({ n: 5, flag: false, text: "x" }));
    expect({ ...extensions }).toEqual({ n: 5, flag: false, text: "x" });
    expect(extensions.constructor).toBeUndefined();
  });

  test("shows what carried it as raw, unless another raw is given", () => {
    const http = binary({});
    expect(one(http).raw).toBe(http);
    expect(one(structured({})).raw).toEqual(ids);
    expect(readCloudEvents(httpOf({ "content-type": BATCH }, JSON.stringify([ids])))[0]?.raw).toEqual(ids);
    expect(readCloudEvents(structured({}), "mine")[0]?.raw).toBe("mine");
    expect(readCloudEvent(ids).raw).toBe(ids);
    expect(readCloudEvent(ids, "mine").raw).toBe("mine");
  });

  test("a batch is a list, of none too", () => {
    const list = [
      { ...ids, id: "1" },
      { ...ids, id: "2" },
    ];
    expect(
      readCloudEvents(httpOf({ "content-type": BATCH }, JSON.stringify(list))).map(({ id }) => id),
    ).toEqual(["1", "2"]);
    expect(readCloudEvents(httpOf({ "content-type": BATCH }, "[]"))).toEqual([]);
  });
});

describe("data", () => {
  test.each<[string, CloudEventHttp, unknown]>([
    ["JSON", binary({}, '{"a":1}', "application/json; charset=utf-8"), { a: 1 }],
    ["JSON without a type", binary({}, "[1]"), [1]],
    ["JSON of another name", binary({}, "1", "application/vnd.x+json"), 1],
    ["text", binary({}, "é", "text/plain"), "é"],
    ["XML", binary({}, "<a/>", "application/xml"), "<a/>"],
    ["bytes", binary({}, Uint8Array.of(255, 0), "application/octet-stream"), Uint8Array.of(255, 0)],
    ["JSON behind a byte order mark", binary({}, "\ufeff[1]", "application/json"), [1]],
    ["null without a type", binary({}, "null"), null],
    ["text without a type", binary({}, "plain"), "plain"],
    ["bytes without a type", binary({}, Uint8Array.of(255)), Uint8Array.of(255)],
    ["text that is no UTF-8", binary({}, Uint8Array.of(233), "text/plain"), Uint8Array.of(233)],
    ["text in UTF-8", binary({}, "é", 'Text/Plain;Charset="UTF-8"'), "é"],
    ["text in another charset", binary({}, "h\0", "text/plain; charset=utf-16le"), Uint8Array.of(104, 0)],
    ["nothing", binary({}, "", "application/json"), undefined],
    ["a member", structured({ data: [1] }), [1]],
    ["false", structured({ data: false }), false],
    ["text in a member", structured({ data: "x", datacontenttype: "text/plain" }), "x"],
    ["base64 bytes", structured({ data_base64: "/wA=" }), Uint8Array.of(255, 0)],
    ["base64 JSON", structured({ data_base64: "WzFd", datacontenttype: "application/json" }), [1]],
    ["base64 text", structured({ data_base64: "w6k=", datacontenttype: "text/plain" }), "é"],
  ])("%s", (_name, http, data) => {
    const given = one(http).data;
    expect(given instanceof Uint8Array ? [...given] : given).toEqual(
      data instanceof Uint8Array ? [...data] : data,
    );
  });
});

describe("header values are decoded once", () => {
  test.each([
    ["Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"],
    ["%2541", "%41"],
    ["100%", "100%"],
    ["%zz%20", "%zz "],
    ["%c3%A9", "é"],
    ["a+b", "a+b"],
    ['"quoted \\"text\\" \\\\"', 'quoted "text" \\'],
    ['"', '"'],
  ])("%s is %s", (sent, subject) => {
    expect(one(binary({ subject: sent })).subject).toBe(subject);
  });

  test("whatever is encoded comes back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
        const subject = text.toWellFormed();
        expect(one(binary({ subject: encodeURIComponent(subject) })).subject).toBe(subject);
      }),
    );
  });
});

describe("what is malformed is refused, with its place", () => {
  test.each<[string, CloudEventHttp, string, string]>([
    ["no id", structured({ id: undefined }), "id", "required"],
    ["an empty source", structured({ source: "" }), "source", "required"],
    ["a type that is a number", structured({ type: 5 }), "type", "must be text"],
    ["no version", structured({ specversion: undefined }), "specversion", "required"],
    ["another version", binary({ specversion: "0.3" }), "specversion", "version is not supported"],
    ["a subject that is a list", structured({ subject: [] }), "subject", "must be text"],
    ["a time that is none", binary({ time: "yesterday" }), "time", "not a timestamp"],
    ["base64 that is none", structured({ data_base64: "*" }), "data_base64", "must be base64"],
    ["base64 that is a number", structured({ data_base64: 5 }), "data_base64", "must be base64"],
    ["data twice", structured({ data: 1, data_base64: "AA==" }), "data_base64", "either data or data_base64"],
    ["escapes that are not UTF-8", binary({ subject: "%ff" }), "ce-subject", "not UTF-8"],
    ["data that is no JSON", binary({}, "{", "application/json"), "", "not valid JSON"],
    ["a body that is no JSON", httpOf({ "content-type": STRUCTURED }, "{"), "", "not valid JSON"],
    ["no body", httpOf({ "content-type": STRUCTURED }), "", "not valid JSON"],
    ["a list for one", httpOf({ "content-type": STRUCTURED }, "[]"), "", "must be a JSON object"],
    ["one for a list", httpOf({ "content-type": BATCH }, "{}"), "", "must be a JSON list"],
    [
      "another format",
      httpOf({ "content-type": "application/cloudevents+xml" }, "<x/>"),
      "",
      "not supported",
    ],
    [
      "one of a batch",
      httpOf({ "content-type": BATCH }, JSON.stringify([ids, { ...ids, id: 5 }])),
      "[1].id",
      "must be text",
    ],
    ["a batch of texts", httpOf({ "content-type": BATCH }, '["x"]'), "[0]", "must be a JSON object"],
  ])("%s", (_name, http, path, message) => {
    expect(() => readCloudEvents(http)).toThrow(
      expect.objectContaining({ code: "invalid-payload", path, message: expect.stringContaining(message) }),
    );
  });

  test("and never by a value, not even in its cause", () => {
    for (const http of [
      httpOf({ "content-type": STRUCTURED }, "secret"),
      httpOf({ "content-type": "application/cloudevents+secret" }, "{}"),
      binary({ specversion: "secret" }),
    ]) {
      expect(() => readCloudEvents(http)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining("secret"), cause: undefined }),
      );
    }
  });

  test("alone in a batch, where the others are readable", () => {
    const http = httpOf({ "content-type": BATCH }, JSON.stringify([ids, { ...ids, id: 5 }, ids]));
    expect(readEachCloudEvent(http)).toEqual([
      expect.objectContaining({ id: "1" }),
      expect.objectContaining({ code: "invalid-payload", path: "[1].id" }),
      expect.objectContaining({ id: "1" }),
    ]);
  });

  test("of a batch alone, when asked for each", () => {
    const list = [ids, { ...ids, id: 5 }, "x", ids];
    const each = readEachCloudEvent(httpOf({ "content-type": BATCH }, JSON.stringify(list)));
    expect(each).toEqual([
      expect.objectContaining({ id: "1" }),
      expect.objectContaining({ code: "invalid-payload", path: "[1].id" }),
      expect.objectContaining({ code: "invalid-payload", path: "[2]" }),
      expect.objectContaining({ id: "1" }),
    ]);
  });

  test("a request that carries none", () => {
    expect(() => readCloudEvents(httpOf({ "content-type": "application/json" }, "{}"))).toThrow(
      expect.objectContaining({ code: "unknown-payload" }),
    );
  });

  test("anything is an event or an error of ours", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), fc.constantFrom(STRUCTURED, BATCH), (body, type) => {
        try {
          readCloudEvents(httpOf({ "content-type": type }, body));
        } catch (error) {
          expect(error).toMatchObject({ code: "invalid-payload" });
        }
      }),
    );
  });
});

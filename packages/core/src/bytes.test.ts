import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodePercent,
  decodeText,
  decodeTextStrictly,
  encodeText,
  fromBase64,
  isBase64,
  toBase64,
  withoutMark,
} from "./bytes.ts";

describe("base64", () => {
  test("bytes survive the way there and back", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = toBase64(bytes);
        expect(isBase64(text)).toBe(true);
        expect([...fromBase64(text)]).toEqual([...bytes]);
      }),
    );
  });

  test("a window into a larger buffer is encoded, not the buffer", () => {
    expect(toBase64(new Uint8Array([9, 0, 255, 9]).subarray(1, 3))).toBe("AP8=");
  });

  test.each([
    ["", true],
    ["QQ==", true],
    ["QQ", true],
    ["QUI=", true],
    ["QUJD", true],
    ["Q", false],
    ["QQ=", false],
    ["Q===", false],
    ["====", false],
    ["QQ==QQ==", false],
    ["QU JD", false],
    ["QUJD\n", false],
    ["-_-_", false],
    ['{"a":1}', false],
  ])("%j is base64: %s", (text, expected) => {
    expect(isBase64(text)).toBe(expected);
  });
});

describe("text", () => {
  test("text survives the way there and back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(decodeText(encodeText(text))).toBe(text.toWellFormed());
        expect(decodeTextStrictly(encodeText(text))).toBe(text.toWellFormed());
      }),
    );
  });

  test("bytes that are not UTF-8 are told, or replaced", () => {
    expect(decodeTextStrictly(Uint8Array.of(0x61, 0xff))).toBeUndefined();
    expect(decodeTextStrictly(Uint8Array.of(0xed, 0xa0, 0x80))).toBeUndefined();
    expect(decodeText(Uint8Array.of(0x61, 0xff))).toBe("a\ufffd");
  });

  test("a byte order mark is kept, and taken off when asked for", () => {
    const bytes = Uint8Array.of(0xef, 0xbb, 0xbf, 0x61);
    expect(decodeText(bytes)).toBe("\ufeffa");
    expect(decodeTextStrictly(bytes)).toBe("\ufeffa");
    expect(withoutMark("\ufeffa\ufeff")).toBe("a\ufeff");
  });
});

describe("percent", () => {
  test("what is encoded once is decoded once", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(decodePercent(encodeURIComponent(text.toWellFormed()))).toBe(text.toWellFormed());
      }),
    );
  });

  test.each([
    ["a+b", "a+b"],
    ["%2B", "+"],
    ["%252F", "%2F"],
    ["%", undefined],
    ["%zz", undefined],
    ["%ff", undefined],
    ["%c3", undefined],
  ])("%j is %j", (text, expected) => {
    expect(decodePercent(text)).toBe(expected);
  });
});

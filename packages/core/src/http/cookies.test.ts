import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Cookie } from "../triggers/http.ts";
import { parseCookies, serializeCookie } from "./cookies.ts";

describe("a cookie header", () => {
  test.each([
    [undefined, {}],
    ["", {}],
    ["a=1; b=2", { a: "1", b: "2" }],
    ["a=1;b=2;", { a: "1", b: "2" }],
    ["a=1; a=2", { a: "1" }],
    ["a=b=c==", { a: "b=c==" }],
    ["a=%20%C3%A9", { a: " é" }],
    ["a=100%", { a: "100%" }],
    ["a=%zz%20", { a: "%zz%20" }],
    ['a="quoted"', { a: "quoted" }],
    ['a="', { a: '"' }],
    ["a=", { a: "" }],
    ["=x; noise; ;; a=1", { a: "1" }],
    [" a = 1 ", { a: "1" }],
  ])("%j holds %j", (header, expected) => {
    expect({ ...parseCookies(header) }).toEqual(expected);
  });

  test("names inherit nothing", () => {
    const cookies = parseCookies("__proto__=x; toString=y");
    expect(Object.entries(cookies)).toEqual([
      ["__proto__", "x"],
      ["toString", "y"],
    ]);
    expect(parseCookies("").constructor).toBeUndefined();
  });

  test("anything can be read", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (header) => {
        for (const value of Object.values(parseCookies(header))) expect(typeof value).toBe("string");
      }),
    );
  });
});

describe("a cookie to set", () => {
  test("has every attribute", () => {
    const cookie: Cookie = {
      name: "id",
      value: "a b;c",
      domain: "shop.example",
      path: "/",
      expires: new Date("2030-01-02T03:04:05Z"),
      maxAge: 60,
      httpOnly: true,
      secure: true,
      sameSite: "Lax",
      priority: "High",
      partitioned: true,
    };
    expect(serializeCookie(cookie)).toBe(
      "id=a%20b%3Bc; Domain=shop.example; Path=/; Expires=Wed, 02 Jan 2030 03:04:05 GMT; Max-Age=60; HttpOnly; " +
        "Secure; SameSite=Lax; Priority=High; Partitioned",
    );
    expect(serializeCookie({ name: "id", value: "", httpOnly: false, maxAge: 0 })).toBe("id=; Max-Age=0");
  });

  test.each<[Partial<Record<keyof Cookie, unknown>>, string]>([
    [{ name: "" }, "its name"],
    [{ name: "a b" }, "its name"],
    [{ name: "a=b" }, "its name"],
    [{ name: "a\r\nSet-Cookie: evil" }, "its name"],
    [{ name: "é" }, "its name"],
    [{ path: "/; HttpOnly" }, "its path"],
    [{ path: "/\r\nx: y" }, "its path"],
    [{ path: "/\n" }, "its path"],
    [{ domain: "a;b" }, "its domain"],
    [{ sameSite: "Lax; Domain=evil" }, "its sameSite"],
    [{ priority: "\u0000" }, "its priority"],
    [{ expires: new Date(Number.NaN) }, "its expires"],
    [{ maxAge: 1.5 }, "its maxAge"],
    [{ maxAge: Number.NaN }, "its maxAge"],
  ])("%j is refused", (part, message) => {
    const cookie = { name: "id", value: "x", ...part } as Cookie;
    expect(() => serializeCookie(cookie)).toThrow(
      expect.objectContaining({ code: "invalid-answer", message: expect.stringContaining(message) }),
    );
  });

  test("every value comes back, and none starts another attribute", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const text = serializeCookie({ name: "id", value });
        expect(text).toMatch(/^id=[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/);
        expect(parseCookies(text).id).toBe(value.toWellFormed());
      }),
    );
  });
});

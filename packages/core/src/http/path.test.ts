import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeDecodedPath, matchPath, parseTemplate, stripBasePath, toBasePath } from "./path.ts";

function match(template: string, path: string): unknown {
  const params = matchPath(parseTemplate(template), path);
  return typeof params === "object" ? { ...params } : params;
}

describe("a template", () => {
  test("is a list of segments", () => {
    expect(parseTemplate("/shops/{shop}/files/{path+}")).toEqual([
      { kind: "literal", text: "shops" },
      { kind: "param", text: "shop" },
      { kind: "literal", text: "files" },
      { kind: "rest", text: "path" },
    ]);
    expect(parseTemplate("/")).toEqual([{ kind: "literal", text: "" }]);
  });

  test.each([
    ["", 'must start with "/"'],
    ["orders", 'must start with "/"'],
    ["/{id}/{id}", '"id" stands in it twice'],
    ["/{path+}/more", "must be last"],
    ["/orders/:id", "neither a literal nor a parameter"],
    ["/a{id}", "neither a literal nor a parameter"],
    ["/{id}.json", "neither a literal nor a parameter"],
    ["/{}", "neither a literal nor a parameter"],
    ["/{+}", "neither a literal nor a parameter"],
    ["/{a-b}", "neither a literal nor a parameter"],
    ["/{a", "neither a literal nor a parameter"],
    ["/*", "neither a literal nor a parameter"],
    ["/a?b=c", "neither a literal nor a parameter"],
    ["/a#b", "neither a literal nor a parameter"],
  ])("%j is refused: %s", (template, message) => {
    expect(() => parseTemplate(template)).toThrow(
      expect.objectContaining({ code: "invalid-definition", message: expect.stringContaining(message) }),
    );
  });
});

describe("a path", () => {
  test.each([
    ["/", "/", {}],
    ["/", "", {}],
    ["/", "//", undefined],
    ["/a", "/a", {}],
    ["/a", "/a/", undefined],
    ["/a/", "/a/", {}],
    ["/a", "/A", undefined],
    ["/a", "/ab", undefined],
    ["/a/b", "/a", undefined],
    ["/a", "/%61", {}],
    ["/a b", "/a%20b", {}],
    ["/{id}", "/7", { id: "7" }],
    ["/{id}", "/", undefined],
    ["/{id}", "/7/", undefined],
    ["/{id}", "/a%2Fb", { id: "a/b" }],
    ["/{id}", "/a+b", { id: "a+b" }],
    ["/{id}", "/%252F", { id: "%2F" }],
    ["/{id}", "/..%2f..%2fetc", { id: "../../etc" }],
    ["/{id}", "/id", { id: "id" }],
    ["/{id}", "/%zz", "malformed"],
    ["/{id}", "/%ff", "malformed"],
    ["/{id}/b", "/%zz/c", undefined],
    ["/{id}/", "/%zz", undefined],
    ["/{a}/{b}", "/%zz/%20", "malformed"],
    ["/{path+}", "/a/b%20c/d", { path: "a/b c/d" }],
    ["/{path+}", "/a/", { path: "a/" }],
    ["/{path+}", "//", { path: "/" }],
    ["/{path+}", "/", undefined],
    ["/f/{path+}", "/f/", undefined],
    ["/f/{path+}", "/f", undefined],
    ["/{path+}", "/a/%zz", "malformed"],
  ])("%s matches %s: %j", (template, path, expected) => {
    expect(match(template, path)).toEqual(expected);
  });

  test("parameters inherit nothing", () => {
    const params = matchPath(parseTemplate("/{__proto__}/{constructor}"), "/a/b");
    expect(Object.entries(params ?? {})).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
    ]);
    expect((params as Record<string, unknown>).toString).toBeUndefined();
    expect((matchPath(parseTemplate("/a"), "/a") as Record<string, unknown>).toString).toBeUndefined();
  });

  test("what is put into a template comes out of it", () => {
    const value = fc.string({ unit: "grapheme", minLength: 1 }).map((text) => text.toWellFormed());
    fc.assert(
      fc.property(value, fc.array(value, { minLength: 1 }), (id, rest) => {
        const path = `/a/${encodeURIComponent(id)}/${rest.map(encodeURIComponent).join("/")}`;
        expect(match("/a/{id}/{rest+}", path)).toEqual({ id, rest: rest.join("/") });
      }),
    );
  });
});

describe("a base path", () => {
  test.each([
    ["/api/orders", "/api", "/orders"],
    ["/api/orders", "/api/", "/orders"],
    ["/api", "/api", "/"],
    ["/api/", "/api", "/"],
    ["/apiary", "/api", "/apiary"],
    ["/other", "/api", "/other"],
    ["/api/orders", "api", "/orders"],
    ["//orders", "/", "//orders"],
    ["/orders", "", "/orders"],
    ["/orders", undefined, "/orders"],
  ])("%s without %s is %s", (path, base, expected) => {
    expect(stripBasePath(path, toBasePath(base))).toBe(expected);
  });
});

describe("a path that a gateway has decoded", () => {
  test.each([
    ["/a/b-c_d.e~f!g$h&i'j(k)l*m+n,o;p=q:r@s", "/a/b-c_d.e~f!g$h&i'j(k)l*m+n,o;p=q:r@s"],
    ["/a b", "/a%20b"],
    ["/a?b#c", "/a%3Fb%23c"],
    ["/é☃", "/%C3%A9%E2%98%83"],
    ["/a%2Fb", "/a%2Fb"],
    ["/100%", "/100%25"],
    ["/%zz", "/%25zz"],
    ['/"<>\\^`{|}', "/%22%3C%3E%5C%5E%60%7B%7C%7D"],
    ["/\ud800", "/%EF%BF%BD"],
  ])("%s is escaped to %s", (path, expected) => {
    expect(escapeDecodedPath(path)).toBe(expected);
  });

  test("is a path of a URL, and escaping it again changes nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const escaped = escapeDecodedPath(`/x${text}`);
        expect(escaped).toMatch(/^[\x21-\x7e]+$/);
        expect(escaped).not.toMatch(/[?#]/);
        expect(escapeDecodedPath(escaped)).toBe(escaped);
      }),
    );
  });
});

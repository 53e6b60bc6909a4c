import { matchPath, parseTemplate } from "@anyfn/core/adapter";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HttpEndpoint } from "./endpoint.ts";
import { allowedMethods, chooseEndpoint, createRouter } from "./router.ts";

function endpoint(path: string, methods: readonly string[] = ["GET", "HEAD"], hasCors = false): HttpEndpoint {
  const answer = async (): Promise<never> => Promise.reject(new Error("not called"));
  return { kind: "http", name: `${methods[0]} ${path}`, timeout: 30, methods, path, hasCors, answer };
}

function choose(
  endpoints: readonly HttpEndpoint[],
  method: string,
  path: string,
  preflight?: string,
): string | undefined {
  return chooseEndpoint(createRouter(endpoints).match(path), method, preflight)?.name;
}

const shop = [
  endpoint("/orders/{path+}", ["*"]),
  endpoint("/orders/{id}"),
  endpoint("/orders/new"),
  endpoint("/orders/{id}", ["POST"], true),
  endpoint("/orders/{id}/lines"),
  endpoint("/"),
  endpoint("/caf%C3%A9"),
];

describe("routes", () => {
  test.each([
    ["GET", "/orders/new", "GET /orders/new"],
    ["GET", "/orders/n%65w", "GET /orders/new"],
    ["GET", "/orders/7", "GET /orders/{id}"],
    ["POST", "/orders/new", "POST /orders/{id}"],
    ["PUT", "/orders/new", "* /orders/{path+}"],
    ["GET", "/orders/7/lines", "GET /orders/{id}/lines"],
    ["GET", "/orders/7/lines/", "* /orders/{path+}"],
    ["GET", "/orders/7%2Flines", "GET /orders/{id}"],
    ["GET", "/", "GET /"],
    ["GET", "/caf%C3%A9", "GET /caf%C3%A9"],
    ["HEAD", "/orders/7", "GET /orders/{id}"],
    ["GET", "/orders", undefined],
    ["GET", "/orders/", undefined],
    ["GET", "/ORDERS/7", undefined],
    ["TRACE", "/orders/7", undefined],
  ])("%s %s is answered by %s", (method, path, name) => {
    expect(choose(shop, method, path)).toBe(name);
  });

  test("a preflight goes to the function with CORS that the browser means to call", () => {
    expect(choose(shop, "OPTIONS", "/orders/7", "POST")).toBe("POST /orders/{id}");
    expect(choose(shop, "OPTIONS", "/orders/7", "post")).toBe("POST /orders/{id}");
    expect(choose(shop, "OPTIONS", "/orders/7", "GET")).toBe("* /orders/{path+}");
    expect(choose(shop, "OPTIONS", "/orders/7", "TRACE")).toBe("POST /orders/{id}");
    expect(choose([endpoint("/a")], "OPTIONS", "/a", "GET")).toBeUndefined();
  });

  test("every method at a path is allowed, once", () => {
    const router = createRouter([
      endpoint("/a/b"),
      endpoint("/a/{x}", ["POST"]),
      endpoint("/{y}/b", ["GET", "PUT"]),
    ]);
    expect(allowedMethods(router.match("/a/b"))).toEqual(["GET", "HEAD", "POST", "PUT"]);
  });

  test("a function of one method comes before one of all methods, however they are listed", () => {
    for (const list of [
      [endpoint("/a", ["*"]), endpoint("/a")],
      [endpoint("/a"), endpoint("/a", ["*"])],
    ]) {
      expect(choose(list, "GET", "/a")).toBe("GET /a");
      expect(choose(list, "PUT", "/a")).toBe("* /a");
    }
  });

  test.each([
    ["/a/{x}", "/a/{y}"],
    ["/a", "/a"],
    ["/{x+}", "/{y+}"],
  ])("%s and %s of one method exclude each other", (one, other) => {
    expect(() => createRouter([endpoint(one), endpoint(other)])).toThrow(
      expect.objectContaining({ code: "invalid-definition", message: expect.stringContaining(`GET ${one}`) }),
    );
  });
});

test("the router finds exactly what core matches", () => {
  const segment = fc.constantFrom("a", "b", "a%20b", "a b", "", "%zz");
  const template = fc
    .tuple(
      fc.array(fc.constantFrom("a", "b", "a b", "{x}"), { maxLength: 3 }),
      fc.constantFrom("", "a", "{r+}"),
    )
    .map(([parts, last]) => {
      const named = parts.map((part, index) => (part === "{x}" ? `{x${index}}` : part));
      return `/${[...named, last].join("/")}`;
    });
  fc.assert(
    fc.property(
      fc.uniqueArray(template, { maxLength: 6, selector: (path) => path.replace(/\{\w+/g, "{") }),
      fc.array(segment, { minLength: 1, maxLength: 4 }),
      (templates, segments) => {
        const path = `/${segments.join("/")}`;
        const found = createRouter(templates.map((each) => endpoint(each))).match(path);
        const expected = templates.filter((each) => matchPath(parseTemplate(each), path) !== undefined);
        expect(found.map((each) => each.path).sort()).toEqual([...expected].sort());
      },
    ),
    { numRuns: 500 },
  );
});

import { describe, expect, test, vi } from "vitest";
import { type HttpSource, LazyHttpEvent } from "./event.ts";

interface Native {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly text?: string;
}

function sourceOf(): HttpSource<Native> {
  return {
    method: ({ method = "get" }) => method,
    path: ({ path = "/" }) => path,
    query: ({ query = "" }) => query,
    headers: vi.fn(({ headers = {} }: Native) => headers),
    body: vi.fn(({ body }: Native) => (typeof body === "string" ? new Uint8Array(Buffer.from(body)) : body)),
    bodyText: ({ text }) => text,
    clientIp: () => "192.0.2.1",
    origin: () => "https://shop.example",
  };
}

function eventOf(native: Native, source: HttpSource<Native> = sourceOf()): LazyHttpEvent<Native> {
  return new LazyHttpEvent(native, source);
}

describe("a request", () => {
  test("gives its body to functions that are taken off it", async () => {
    const { text, json, bytes, formData } = eventOf({
      body: "a=1",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect([await text(), Buffer.from(await bytes()).toString(), (await formData()).get("a")]).toEqual([
      "a=1",
      "a=1",
      "1",
    ]);
    await expect(json()).rejects.toMatchObject({ status: 400 });
  });

  test("is read only as far as it is asked for, and once", () => {
    const source = sourceOf();
    const event = eventOf({ headers: { cookie: "a=1" }, body: "x" }, source);
    expect([event.method, event.path, event.clientIp]).toEqual(["GET", "/", "192.0.2.1"]);
    expect(source.headers).not.toHaveBeenCalled();
    expect(source.body).not.toHaveBeenCalled();
    expect([event.cookies.a, event.headers.cookie, event.cookies]).toEqual(["1", "a=1", event.cookies]);
    expect([event.body, event.body]).toEqual([event.body, event.body]);
    expect(source.headers).toHaveBeenCalledOnce();
    expect(source.body).toHaveBeenCalledOnce();
  });

  test.each([
    [{ path: "/a%2Fb", query: "x=1&y" }, "https://shop.example/a%2Fb?x=1&y"],
    [{ path: "//evil.example" }, "https://shop.example//evil.example"],
  ])("%j has the URL %s", (native, url) => {
    expect(eventOf(native).url).toBe(url);
  });

  test("has its query decoded once", () => {
    const { query } = eventOf({ query: "a=1&a=2&e=&f&p=a+b&s=%20%26&m=100%" });
    expect([...query]).toEqual([
      ["a", "1"],
      ["a", "2"],
      ["e", ""],
      ["f", ""],
      ["p", "a b"],
      ["s", " &"],
      ["m", "100%"],
    ]);
  });
});

describe("a body", () => {
  test.each<[string, Native]>([
    ["bytes", { body: '\ufeff{"a":"é"}' }],
    ["text", { text: '\ufeff{"a":"é"}' }],
  ])("of %s is text and JSON", async (_kind, native) => {
    const event = eventOf(native);
    expect(await event.text()).toBe('{"a":"é"}');
    expect(await event.json()).toEqual({ a: "é" });
  });

  test("that is absent is empty", async () => {
    const event = eventOf({});
    expect([event.body, await event.text(), [...(await event.bytes())]]).toEqual([undefined, "", []]);
    await expect(event.json()).rejects.toMatchObject({ code: "http", status: 400 });
  });

  test("that is no JSON is a 400 that does not show it", async () => {
    const failed: unknown = await eventOf({ body: "{secret" })
      .json()
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ status: 400, message: "The body is not valid JSON." });
  });

  test("is a form, URL-encoded or multipart", async () => {
    const encoded = { headers: { "content-type": "application/x-www-form-urlencoded" }, body: "a=1&a=2" };
    expect((await eventOf(encoded).formData()).getAll("a")).toEqual(["1", "2"]);
    const plain = { "content-type": "multipart/form-data; boundary=(a'b_+:=?)" };
    const text = "--(a'b_+:=?)\r\nContent-Disposition: form-data; name=\"g\"\r\n\r\nhi\r\n--(a'b_+:=?)--\r\n";
    await expect(eventOf({ headers: plain, body: text }).formData()).resolves.toSatisfy(
      (form: FormData) => form.get("g") === "hi",
    );
  });

  test.each([
    [{ "content-type": "application/json" }],
    [{ "content-type": "multipart/form-data" }],
    [{ "content-type": "multipart/form-data; boundary=x" }],
    [{}],
  ])("that is no form is a 400: %j", async (headers) => {
    await expect(eventOf({ headers, body: "x" }).formData()).rejects.toMatchObject({
      code: "http",
      status: 400,
    });
  });
});

describe("the WHATWG request", () => {
  test("is the same request", async () => {
    const { request } = eventOf({
      method: "post",
      path: "/a%2Fb",
      query: "c=d",
      headers: { "content-type": "text/x", "x-a": "1, 2" },
      body: "hi",
    });
    expect([request.method, request.url, request.headers.get("x-a")]).toEqual([
      "POST",
      "https://shop.example/a%2Fb?c=d",
      "1, 2",
    ]);
    expect(await request.text()).toBe("hi");
  });

  test("is one, without the body of a GET and without headers that it cannot have; text goes as UTF-8", async () => {
    const event = eventOf({
      headers: { "bad name": "x", "x-nul": "a\u0000", ok: "1", "x-star": "☆" },
      body: "hi",
    });
    expect(event.request).toBe(event.request);
    expect([...event.request.headers]).toEqual([
      ["ok", "1"],
      ["x-star", "\u00e2\u0098\u0086"],
    ]);
    expect(event.request.body).toBeNull();
    expect(await event.text()).toBe("hi");
  });
});

test("validated values take the places of what was sent, and nothing is read again", async () => {
  const source = sourceOf();
  const event = eventOf({ query: "a=1", headers: { "x-a": "1" }, body: "5" }, source);
  event.params = { id: "7" };
  void event.headers;
  void event.body;
  const validated = event.withValues({ query: { a: 1 }, body: 5 });
  expect([validated.params, validated.query, validated.body, validated.headers]).toEqual([
    { id: "7" },
    { a: 1 },
    5,
    { "x-a": "1" },
  ]);
  expect(await validated.text()).toBe("5");
  expect(event.withValues({ params: { id: 7 } }).params).toEqual({ id: 7 });
  expect(event.withValues({ body: undefined }).body).toBeUndefined();
  expect([event.query.get("a"), event.params]).toEqual(["1", { id: "7" }]);
  expect(source.headers).toHaveBeenCalledOnce();
});

test("raw is the native request, or what the source makes of it", () => {
  const native = { path: "/x" };
  expect(eventOf(native).raw).toBe(native);
  expect(eventOf(native, { ...sourceOf(), raw: ({ path }) => path }).raw).toBe("/x");
});

test("in a log it has neither body nor headers", () => {
  const event = eventOf({ path: "/x", headers: { "x-a": "1" }, body: "secret" });
  expect(JSON.parse(JSON.stringify(event))).toEqual({
    method: "GET",
    path: "/x",
    params: {},
  });
});

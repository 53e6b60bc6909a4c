import { Readable } from "node:stream";
import { describe, expect, test, vi } from "vitest";
import type { InvocationContext } from "../context.ts";
import type { HttpReply } from "../triggers/http.ts";
import { collect } from "./pieces.ts";
import { discard, isStreaming, reply, toReply } from "./reply.ts";

async function plain(result: unknown): Promise<Record<string, unknown>> {
  const { status, headers, cookies, body } = await toReply(result);
  const bytes = isStreaming(body) ? await collect(body, { giveUpAt: undefined } as InvocationContext) : body;
  return { status, headers, cookies, body: bytes instanceof Uint8Array ? [...bytes] : bytes };
}

const text = { "content-type": "text/plain; charset=utf-8" };
const json = { "content-type": "application/json" };
const binary = { "content-type": "application/octet-stream" };

describe("what a handler returns becomes an answer", () => {
  test.each<[string, unknown, number, object, unknown]>([
    ["undefined", undefined, 204, {}, undefined],
    ["text", "grüße", 200, text, "grüße"],
    ["empty text", "", 200, text, ""],
    ["null", null, 200, json, "null"],
    ["a number", 0, 200, json, "0"],
    ["false", false, 200, json, "false"],
    ["an object", { a: [1] }, 200, json, '{"a":[1]}'],
    ["a list", [], 200, json, "[]"],
    ["a date", new Date(0), 200, json, '"1970-01-01T00:00:00.000Z"'],
    ["bytes", Uint8Array.of(0, 255), 200, binary, [0, 255]],
    ["a Buffer", Buffer.from([1, 2]), 200, binary, [1, 2]],
    ["an ArrayBuffer", Uint8Array.of(1).buffer, 200, binary, [1]],
    ["a window", new Uint8Array([9, 1, 2, 9]).subarray(1, 3), 200, binary, [1, 2]],
    ["a DataView", new DataView(Uint8Array.of(9, 1, 9).buffer, 1, 1), 200, binary, [1]],
    ["a blob", new Blob(["ab"], { type: "text/x" }), 200, { "content-type": "text/x" }, [97, 98]],
    ["a blob without type", new Blob(["a"]), 200, binary, [97]],
    ["a file", new File(["a"], "n", { type: "text/x" }), 200, { "content-type": "text/x" }, [97]],
    ["a web stream", new Blob(["ab"]).stream(), 200, binary, [97, 98]],
    ["a Node stream", Readable.from([Buffer.from("a"), "b"]), 200, binary, [97, 98]],
    [
      "a generator",
      (async function* () {
        yield "é";
      })(),
      200,
      binary,
      [195, 169],
    ],
    [
      "a Response",
      new Response("a", { status: 201, headers: { "x-a": "1" } }),
      201,
      { "content-type": "text/plain;charset=UTF-8", "x-a": "1" },
      [97],
    ],
    ["a Response without body", new Response(null, { status: 304 }), 304, {}, undefined],
    [
      "a redirect",
      Response.redirect("https://a.example/"),
      302,
      { location: "https://a.example/" },
      undefined,
    ],
  ])("%s", async (_name, result, status, headers, body) => {
    expect(await plain(result)).toEqual({ status, headers, cookies: [], body });
  });

  test.each<[string, unknown, string]>([
    ["a bigint", { a: 1n }, "it is not JSON"],
    ["a symbol", Symbol("s"), "a symbol is not JSON"],
    ["a function", () => {}, "a function is not JSON"],
    ["a cycle", cyclic(), "it is not JSON"],
    ["an error Response", Response.error(), "the status 0"],
  ])("%s is refused", (_name, result, message) => {
    expect(() => toReply(result)).toThrow(
      expect.objectContaining({ code: "invalid-answer", message: expect.stringContaining(message) }),
    );
  });

  test("the cookies of a Response stay apart", async () => {
    const response = new Response("x");
    response.headers.append("set-cookie", "a=1; Expires=Wed, 02 Jan 2030 03:04:05 GMT");
    response.headers.append("set-cookie", "b=2");
    const { headers, cookies } = await toReply(response);
    expect(cookies).toEqual(["a=1; Expires=Wed, 02 Jan 2030 03:04:05 GMT", "b=2"]);
    expect(headers).not.toHaveProperty("set-cookie");
  });

  test("what fetch received is passed on decoded", async () => {
    const headers = { "content-encoding": "gzip", "content-length": "5", "x-a": "1" };
    const fetched = new Response("decoded", { headers });
    Object.defineProperty(fetched, "url", { value: "https://a.example/" });
    expect((await toReply(fetched)).headers).toEqual({
      "content-type": "text/plain;charset=UTF-8",
      "x-a": "1",
    });
    expect((await toReply(new Response("own", { headers }))).headers).toMatchObject(headers);
  });

  test("JSON that looks like an answer is JSON", async () => {
    const sent = {
      kind: "anyfn.reply",
      status: 200,
      headers: { "x-evil": "1" },
      cookies: ["a=1"],
      body: "x",
    };
    const answer = await toReply(sent);
    expect(answer).toMatchObject({ headers: json, cookies: [], body: JSON.stringify(sent) });
  });
});

function cyclic(): unknown {
  const value: unknown[] = [];
  value.push(value);
  return value;
}

describe("reply()", () => {
  test.each<[Parameters<typeof reply>, Partial<HttpReply>]>([
    [[], { status: 204, body: undefined }],
    [[undefined, { status: 200 }], { status: 200, body: undefined, headers: {} }],
    [["x", { status: 201 }], { status: 201, body: "x" }],
    [["<p>", { headers: { "Content-Type": "text/html" } }], { headers: { "content-type": "text/html" } }],
    [
      ["x", { headers: { "X-N": 5, "X-L": ["a", "b"], "X-U": undefined } }],
      { headers: { ...text, "x-n": "5", "x-l": "a, b" } },
    ],
    [
      ["x", { headers: { Connection: "close", "Transfer-Encoding": "chunked", Upgrade: "h2c", TE: "x" } }],
      { headers: text },
    ],
    [["x", { cookies: [{ name: "a", value: "1" }, "b=2"] }], { cookies: ["a=1", "b=2"] }],
    [
      ["x", { headers: { "Set-Cookie": ["a=1", "b=2"] }, cookies: ["c=3"] }],
      { cookies: ["c=3", "a=1", "b=2"], headers: text },
    ],
    [["x", { headers: { "set-cookie": "a=1" } }], { cookies: ["a=1"] }],
    [["ignored", { status: 204 }], { status: 204, body: undefined, headers: {} }],
    [["ignored", { status: 304, headers: { etag: "e" } }], { body: undefined, headers: { etag: "e" } }],
    [["x", { headers: { "x-star": "☆" } }], { headers: { ...text, "x-star": "☆" } }],
    [["x", { headers: { "x-empty": "" } }], { headers: { ...text, "x-empty": "" } }],
  ])("%j", (args, expected) => {
    expect(reply(...args)).toMatchObject(expected);
    if (expected.headers !== undefined) expect(reply(...args).headers).toEqual(expected.headers);
  });

  test.each<[NonNullable<Parameters<typeof reply>[1]>, string]>([
    [{ status: 199 }, "the status 199"],
    [{ status: 600 }, "the status 600"],
    [{ status: 200.5 }, "the status 200.5"],
    [{ status: Number.NaN }, "the status NaN"],
    [{ headers: { "x a": "1" } }, '"x a" is not a header name'],
    [{ headers: { "": "1" } }, '"" is not a header name'],
    [{ headers: { "x:a": "1" } }, '"x:a" is not a header name'],
    [{ headers: { "x-a": "a\r\nx-evil: 1" } }, 'the header "x-a" has a control character'],
    [{ headers: { "x-a": "a\n" } }, 'the header "x-a" has a control character'],
    [{ headers: { "x-a": "\u0000" } }, 'the header "x-a" has a control character'],
    [{ headers: { "x-a": ["ok", "\r"] } }, 'the header "x-a" has a control character'],
    [{ headers: { "set-cookie": ["a=1\r\nx: y"] } }, 'the header "set-cookie" has a control character'],
    [{ cookies: ["a=1\r\nx: y"] }, 'the header "set-cookie" has a control character'],
    [{ cookies: [{ name: "a", value: "1", path: "/\r\n" }] }, "its path"],
  ])("%j is refused", (options, message) => {
    expect(() => reply("x", options)).toThrow(
      expect.objectContaining({ code: "invalid-answer", message: expect.stringContaining(message) }),
    );
  });
});

describe("a reply that is returned", () => {
  test("is a copy, since it may serve many requests", async () => {
    const shared = reply("x", { headers: { "x-a": "1" }, cookies: ["a=1"] });
    const answer = await toReply(shared);
    expect(answer).toEqual(shared);
    answer.headers["x-b"] = "2";
    answer.cookies.push("b=2");
    expect(shared).toMatchObject({ headers: { "x-a": "1" }, cookies: ["a=1"] });
    expect(shared.headers).not.toHaveProperty("x-b");
  });

  test("may be a changed copy of one", async () => {
    expect(await toReply({ ...reply("x"), status: 202 })).toMatchObject({ status: 202, body: "x" });
    expect((await toReply({ ...reply("x"), headers: {} })).headers).toEqual({});
  });

  test.each<[string, (made: HttpReply) => void]>([
    [
      "status",
      (made) => {
        made.status = 1000;
      },
    ],
    [
      "header",
      (made) => {
        made.headers["x-a"] = "a\r\nb: c";
      },
    ],
    [
      "header name",
      (made) => {
        made.headers["x a"] = "1";
      },
    ],
    [
      "cookie",
      (made) => {
        made.cookies.push("a=1\r\nb: c");
      },
    ],
  ])("is checked again: %s", (_what, change) => {
    const made = reply("x");
    change(made);
    expect(() => toReply(made)).toThrow(expect.objectContaining({ code: "invalid-answer" }));
  });

  test("is put in order again", async () => {
    const made = reply("x");
    made.headers["Set-Cookie"] = "a=1";
    made.headers.Connection = "close";
    made.headers["X-Upper"] = "1";
    expect(await toReply(made)).toMatchObject({ cookies: ["a=1"], headers: { ...text, "x-upper": "1" } });
  });
});

describe("streams", () => {
  test("a body that is not sent is let go", () => {
    const cancel = vi.fn();
    reply(new ReadableStream({ cancel }), { status: 204 });
    expect(cancel).toHaveBeenCalledOnce();
    const node = Readable.from(["a"]);
    discard(node);
    expect(node.destroyed).toBe(true);
    const iterator = { next: vi.fn(), return: vi.fn() };
    discard({ [Symbol.asyncIterator]: () => iterator });
    expect(iterator.return).toHaveBeenCalledOnce();
    for (const body of ["x", new Uint8Array(1), undefined]) expect(() => discard(body)).not.toThrow();
  });
});

import { defineFunction, direct, HttpError, http, queue, reply } from "@anyfn/core";
import { expect } from "vitest";
import { z } from "zod";
import type { Case } from "../case.ts";
import { answering, GET } from "../payloads/answers.ts";
import { azureRequest } from "../payloads/azure/http.ts";
import { post } from "../payloads/http.ts";
import { queued } from "../payloads/queued.ts";

const EVIL = "a\r\nset-cookie: evil=1";
/** Nothing of an answer that could not be sent has left, and the log says why. */
const refused = {
  reply: {
    status: 500,
    headers: { "x-a": undefined, evil: undefined },
    cookies: [],
    body: expect.objectContaining({ detail: "The function failed." }),
  },
  logged: [/cannot be s(?:ent|et)/],
} as const;

/** Answers that would put lines of their own into the head. */
const INJECTIONS: readonly (readonly [string, () => unknown])[] = [
  ["a header's value with a line break", () => reply("ok", { headers: { "x-a": EVIL } })],
  ["a header's value with a line feed", () => reply("ok", { headers: { "x-a": "a\nset-cookie: evil=1" } })],
  ["a header's value with a carriage return", () => reply("ok", { headers: { "x-a": "a\rb" } })],
  ["a header's value with a null character", () => reply("ok", { headers: { "x-a": "a\0b" } })],
  ["one of a header's values with a line break", () => reply("ok", { headers: { "x-a": ["a", EVIL] } })],
  ["a header's name with a line break", () => reply("ok", { headers: { [EVIL]: "1" } })],
  ["a header's name with a blank", () => reply("ok", { headers: { "x a": "1" } })],
  ["a header's name with a colon", () => reply("ok", { headers: { "x-a:": "1" } })],
  ["a header without a name", () => reply("ok", { headers: { "": "1" } })],
  ["a content type with a line break", () => reply("ok", { headers: { "content-type": EVIL } })],
  [
    "a location with a line break",
    () => reply(undefined, { status: 302, headers: { location: `/${EVIL}` } }),
  ],
  ["a finished cookie with a line break", () => reply("ok", { cookies: ["a=1\r\nevil: 1"] })],
  [
    "a cookie in the headers with a line break",
    () => reply("ok", { headers: { "set-cookie": ["a=1\r\nevil: 1"] } }),
  ],
  ["a cookie's name with a line break", () => reply("ok", { cookies: [{ name: EVIL, value: "1" }] })],
  ["a cookie's name with an equals sign", () => reply("ok", { cookies: [{ name: "a=b", value: "1" }] })],
  [
    "a cookie's domain with a line break",
    () => reply("ok", { cookies: [{ name: "a", value: "1", domain: EVIL }] }),
  ],
  [
    "a cookie's path with a further attribute",
    () => reply("ok", { cookies: [{ name: "a", value: "1", path: "/; Domain=evil.test" }] }),
  ],
  [
    "a cookie's SameSite with a further attribute",
    () => reply("ok", { cookies: [{ name: "a", value: "1", sameSite: "Lax; Domain=evil.test" as "Lax" }] }),
  ],
  [
    "headers of an error with a line break",
    () => Promise.reject(new HttpError(409, "No.", { headers: { "x-a": EVIL } })),
  ],
];

/** A message of which nobody outside may learn. */
const SECRET = Object.assign(new Error("s3cr3t-detail", { cause: new Error("s3cr3t-cause") }), {
  config: "s3cr3t-config",
});
const fail = () => {
  throw SECRET;
};
/** No stack, no file, no environment, nothing of the error. */
const CLEAN = /^(?!.*(?:s3cr3t|node_modules|\.ts\b|\.js\b|\bat \w|\/root|PATH=))/s;
const clean = (status: number) => ({ status, body: expect.objectContaining({ status }) });

/** What answers give away, and what they let in. */
export const GUARDED_ANSWERS: readonly Case[] = [
  ...INJECTIONS.map(
    ([what, answer]): Case => ({
      id: "Z4",
      title: `sends no ${what.replace(/^(?:an?|one of) /, "")}`,
      define: answering(answer),
      request: GET,
      expect: refused,
    }),
  ),
  {
    id: "Z4",
    title: "lets no middleware put a line break into a header",
    define: answering(() => "ok", {
      use: [
        async (
          _event: unknown,
          _ctx: unknown,
          next: () => Promise<{ headers: Record<string, string>; cookies: string[] }>,
        ) => {
          const answer = await next();
          answer.headers["x-a"] = EVIL;
          return answer;
        },
      ],
    }),
    request: GET,
    expect: refused,
  },
  {
    id: "Z4",
    title: "lets no letter become a line break where headers have one byte for each",
    define: answering(() =>
      reply("ok", { headers: { "x-a": "a\u010d\u010aset-cookie: evil=1" }, cookies: [] }),
    ),
    request: GET,
    expect: {
      reply: {
        status: 200,
        cookies: [],
        headers: { "x-a": Buffer.from("a\u010d\u010aset-cookie: evil=1").toString("latin1") },
      },
    },
    // JSON holds the letters themselves.
    expectOn: {
      aws: { reply: { status: 200, cookies: [], headers: { "x-a": "a\u010d\u010aset-cookie: evil=1" } } },
    },
  },
  {
    id: "Z4",
    title: "encodes line breaks and separators in a cookie's value",
    define: answering(() =>
      reply("ok", { cookies: [{ name: "a", value: "1\r\nevil: 1; Domain=evil.test" }] }),
    ),
    request: GET,
    expect: {
      reply: {
        status: 200,
        headers: { evil: undefined },
        cookies: ["a=1%0D%0Aevil%3A%201%3B%20Domain%3Devil.test"],
      },
    },
  },
  {
    id: "Z4",
    title: "reflects nothing that a preflight makes up",
    define: () =>
      defineFunction({
        trigger: http.get("/it", { cors: { origins: ["https://app.example"] } }),
        handler: () => "ok",
      }),
    request: {
      method: "OPTIONS",
      url: "/it",
      headers: [
        ["origin", "https://evil.test"],
        ["access-control-request-method", "<script>"],
        ["access-control-request-headers", 'x-a: 1; "<b>"'],
      ],
    },
    expect: {
      reply: {
        status: 204,
        headers: { "access-control-allow-origin": undefined, "access-control-allow-headers": undefined },
      },
    },
  },
  {
    id: "Z6",
    title: "shows nothing of an error to the caller of an HTTP function",
    define: answering(fail),
    request: GET,
    expect: {
      reply: {
        ...clean(500),
        body: {
          title: "Internal Server Error",
          status: 500,
          detail: "The function failed.",
          requestId: expect.stringMatching(CLEAN),
        },
      },
      logged: [/s3cr3t-detail/],
    },
  },
  {
    id: "Z6",
    title: "shows nothing of an error to whoever delivers a message",
    define: () => defineFunction({ trigger: queue("orders"), handler: fail }),
    native: queued("a"),
    expect: { logged: [/s3cr3t-detail/] },
    expectOn: {
      aws: { answer: { batchItemFailures: [{ itemIdentifier: "9f3a1c52-6d0e-4f6b-8a55-0c2f1b7e9d41" }] } },
      // The host keeps what it is told in the platform's own log.
      azure: { error: "any" },
      gcp: { error: "any", message: CLEAN },
      node: { error: "any", message: CLEAN },
    },
  },
  {
    id: "Z6",
    title: "shows nothing of an error to the caller of a direct function where calls come over HTTP",
    decision:
      "Lambda's callers have the right to invoke it, and a task of Step Functions reads the error's name.",
    define: () => defineFunction({ trigger: direct(), handler: fail }),
    native: {
      aws: [{ a: 1 }],
      azure: [azureRequest({ method: "POST", body: "{}" })],
      gcp: [post("/", "{}")],
      node: [post("/_events/under-test", "{}")],
    },
    expect: {},
    expectOn: {
      aws: { error: "any", message: /^s3cr3t-detail$/ },
      azure: { reply: clean(500), error: "any", message: CLEAN },
      gcp: { reply: clean(500), error: "any", message: CLEAN },
      node: { reply: clean(500), error: "any", message: CLEAN },
    },
  },
  {
    id: "Z6",
    title: "says of a body that is no JSON that it is none, and no more",
    define: answering(async ({ json }) => json()),
    request: post("/it", '{"password":"s3cr3t'),
    expect: {
      reply: {
        status: 400,
        body: { title: "Bad Request", status: 400, detail: "The body is not valid JSON." },
      },
      notLogged: [/s3cr3t/],
    },
  },
  {
    id: "Z6",
    title: "says where a body is not what its schema wants, without its values",
    define: () =>
      defineFunction({
        trigger: http.post("/it", { body: z.object({ pin: z.number() }) }),
        handler: () => "ok",
      }),
    request: post("/it", '{"pin":"s3cr3t"}'),
    expect: {
      reply: {
        status: 400,
        body: expect.objectContaining({
          errors: [{ in: "body", path: "pin", message: expect.stringMatching(CLEAN) }],
        }),
      },
      notLogged: [/s3cr3t/],
    },
  },
];

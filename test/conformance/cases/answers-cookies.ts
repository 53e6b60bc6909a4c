import { reply } from "@anyfn/core";
import { expect } from "vitest";
import type { Case } from "../case.ts";
import { answering, GET } from "../payloads/answers.ts";
import { httpEvent } from "../payloads/aws/http.ts";

const SID = "SID=YWJj==; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly";
const THEME = "theme=dark; Path=/; SameSite=Lax";
const TEXT = { "content-type": "text/plain; charset=utf-8" } as const;
const PLAIN = { statusCode: 200, body: "ok", isBase64Encoded: false } as const;
const HUNDRED = Array.from({ length: 100 }, (_, index) => `c${index}=${index}`);
const ALB = { ...PLAIN, statusDescription: "200 OK" } as const;

const PARTITIONED = "__Host-s=1; Secure; Path=/; SameSite=None; Partitioned; Priority=High";

/** Azure's host writes cookies itself: attributes in lower case, the value percent-encoded. */
const HOST_WRITTEN = [
  "SID=YWJj%3D%3D; expires=Wed, 21 Oct 2026 07:28:00 GMT; path=/; httponly",
  "theme=dark; path=/; samesite=lax",
];
const twoCookies = answering(() => reply("ok", { cookies: [SID, THEME] }));

/** Two cookies: what each front is given, and that the caller gets both. */
const two = (id: string, title: string, expectOn: Case["expectOn"]): Case => ({
  id,
  title,
  define: twoCookies,
  request: GET,
  expect: { reply: { status: 200, body: "ok", cookies: [SID, THEME] } },
  expectOn: { azure: { reply: { cookies: HOST_WRITTEN } }, ...expectOn },
});

/** An answer's one cookie, as the function gives it and as the caller gets it. */
const one = (title: string, given: string, onAzure = given): Case => ({
  id: "S12",
  title,
  define: answering(() => reply("ok", { cookies: [given] })),
  request: GET,
  expect: { reply: { status: 200, cookies: [given] } },
  expectOn: { azure: { reply: { cookies: [onAzure] } } },
});

/** Cookies of answers. */
export const ANSWER_COOKIES: readonly Case[] = [
  two("S7", "gives a REST API both cookies in `multiValueHeaders`, and no `cookies`", {
    "rest-api": { answer: { ...PLAIN, headers: TEXT, multiValueHeaders: { "set-cookie": [SID, THEME] } } },
  }),
  {
    ...two("S7", "gives an HTTP API with payload format 1.0 both cookies in `multiValueHeaders`", {}),
    native: {
      aws: [httpEvent("rest-api", GET, { version: "1.0" })],
    },
    expectOn: {
      azure: { reply: { cookies: HOST_WRITTEN } },
      "rest-api": { answer: { ...PLAIN, headers: TEXT, multiValueHeaders: { "set-cookie": [SID, THEME] } } },
    },
  },
  two("S8", "gives payload format 2.0 both cookies in `cookies`, and no `multiValueHeaders`", {
    "http-api": { answer: { ...PLAIN, headers: TEXT, cookies: [SID, THEME] } },
    "function-url": { answer: { ...PLAIN, headers: TEXT, cookies: [SID, THEME] } },
  }),
  two("S9", "gives a load balancer with multi-value headers every header there, and none in `headers`", {
    "alb-multi-value": {
      answer: {
        ...ALB,
        multiValueHeaders: { "content-type": [TEXT["content-type"]], "set-cookie": [SID, THEME] },
      },
    },
  }),
  {
    ...two("S10", "gives a load balancer with single headers both cookies, in cases of the name", {
      alb: { answer: { ...ALB, headers: { ...TEXT, "set-cookie": SID, "Set-cookie": THEME } } },
    }),
    decision: "The load balancer passes names on as they are, and to callers their case means nothing.",
  },
  {
    id: "S10",
    title: "loses none of a hundred cookies",
    define: answering(() => reply("ok", { cookies: HUNDRED })),
    request: GET,
    expect: { reply: { status: 200, cookies: HUNDRED } },
    expectOn: { azure: { reply: { cookies: HUNDRED.map((cookie) => `${cookie}; path=/`) } } },
  },
  two("S11", "gives the host of Azure both cookies as objects", {
    azure: {
      answer: expect.objectContaining({
        headers: TEXT,
        cookies: [
          {
            name: "SID",
            value: "YWJj==",
            expires: { value: { seconds: Date.UTC(2026, 9, 21, 7, 28) / 1000 } },
            httpOnly: { value: true },
            sameSite: "none",
          },
          { name: "theme", value: "dark", path: { value: "/" }, sameSite: "lax" },
        ],
      }),
      reply: { cookies: HOST_WRITTEN },
    },
  }),
  {
    id: "S11",
    title: "keeps every attribute of a single cookie",
    define: answering(() => reply("ok", { cookies: [PARTITIONED] })),
    request: GET,
    expect: { reply: { status: 200, cookies: [PARTITIONED] } },
    expectOn: {
      azure: {
        answer: expect.objectContaining({ headers: { ...TEXT, "set-cookie": PARTITIONED }, cookies: [] }),
      },
    },
  },
  {
    id: "S11",
    title: "keeps the attributes of the one cookie of several that the host cannot write",
    define: answering(() => reply("ok", { cookies: [THEME, PARTITIONED] })),
    request: GET,
    expect: { reply: { status: 200, cookies: [THEME, PARTITIONED] } },
    expectOn: { azure: { reply: { cookies: [PARTITIONED, HOST_WRITTEN[1] ?? ""] } } },
  },
  one("keeps the case of a cookie's name, and the value behind its first equals sign", "SID=YWJj==; Path=/"),
  one("keeps a percent sign that escapes nothing", "rate=100%; Path=/"),
  one("keeps an escape as it is", "to=%2Fa%20b; Path=/"),
  one("keeps quotes and commas", 'v="a,b"; Path=/'),
  one("keeps a cookie without a value", "gone=; Path=/; Max-Age=0"),
  {
    id: "S12",
    title: "encodes the value of a cookie that is given as an object, once",
    define: answering(() =>
      reply("ok", {
        cookies: [{ name: "next", value: "/a b;c=ü%", path: "/", secure: true, sameSite: "None" }],
      }),
    ),
    request: GET,
    expect: {
      reply: { status: 200, cookies: ["next=%2Fa%20b%3Bc%3D%C3%BC%25; Path=/; Secure; SameSite=None"] },
    },
  },
  {
    id: "S12",
    title: "keeps names and values of several cookies",
    decision: "The host of Azure percent-encodes values, which readers of cookies decode.",
    define: answering(() =>
      reply("ok", { cookies: ["SID=YWJj==; Path=/", "rate=100%; Path=/", "to=a%20b; Path=/"] }),
    ),
    request: GET,
    expect: {
      reply: { status: 200, cookies: ["SID=YWJj==; Path=/", "rate=100%; Path=/", "to=a%20b; Path=/"] },
    },
    expectOn: {
      azure: { reply: { cookies: ["SID=YWJj%3D%3D; path=/", "rate=100%25; path=/", "to=a%20b; path=/"] } },
    },
  },
  two("S13", "sends each cookie on a line of its own", {}),
  {
    ...two("S13", "sends the cookies of a WHATWG response on lines of their own", {}),
    define: answering(() => {
      const headers = new Headers();
      headers.append("set-cookie", SID);
      headers.append("Set-Cookie", THEME);
      return new Response("ok", { headers });
    }),
  },
  {
    ...two("S13", "sends cookies that stand in the headers on lines of their own", {}),
    define: answering(() => reply("ok", { headers: { "Set-Cookie": [SID, THEME] } })),
  },
];

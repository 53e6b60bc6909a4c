import { defineFunction, HttpError, http, reply } from "@anyfn/core";
import { expect } from "vitest";
import type { Case } from "../case.ts";
import { answering, GET } from "../payloads/answers.ts";

const EMPTY = { statusCode: 204, headers: {}, body: "", isBase64Encoded: false } as const;
const HEAD = { ...GET, method: "HEAD" } as const;
/** The problem of a failure, of which nothing is shown. */
const FAILED = {
  title: "Internal Server Error",
  status: 500,
  detail: "The function failed.",
  requestId: expect.stringMatching(/./),
};
const failed = {
  status: 500,
  headers: { "content-type": "application/problem+json", "x-request-id": /^\S+$/ },
  body: FAILED,
} as const;
/** Twice the entry of a failure. */
const TWICE = /The handler failed\.[\s\S]*The handler failed\./;

/** Answers of a status that has no body. */
const BODILESS = [
  ["204", () => reply("left over", { status: 204 }), 204],
  ["205", () => reply("left over", { status: 205 }), 205],
  ["304", () => reply("left over", { status: 304, headers: { etag: '"1"' } }), 304],
  [
    "304 with the length of what is not sent",
    () => reply(undefined, { status: 304, headers: { "content-length": "5" } }),
    304,
  ],
  ["204 with a stream that nobody reads", () => reply(endless(), { status: 204 }), 204],
  ["a WHATWG response of 304", () => new Response(null, { status: 304 }), 304],
] as const;

/** What is no status of an answer. */
const NO_STATUS = [0, 99, 100, 103, 199, 600, 999, 200.5, Number.NaN, -200, "200"] as const;

const MEANINGS = {
  200: "OK",
  201: "Created",
  302: "Found",
  404: "Not Found",
  418: "I'm a Teapot",
  503: "Service Unavailable",
} as const;

/** What a handler throws that says nothing of HTTP. */
const THROWN = [
  ["an error", new Error("s3cr3t-detail")],
  ["an error of a class of its own", new (class BoomError extends RangeError {})("s3cr3t-detail")],
  [
    "an error with a status, which libraries mean otherwise",
    Object.assign(new Error("s3cr3t-detail"), { status: 404, statusCode: 404 }),
  ],
  ["text", "s3cr3t-detail"],
  ["undefined", undefined],
  ["null", null],
  ["an object", { message: "s3cr3t-detail", stack: "at s3cr3t-detail" }],
  ["a WHATWG response", new Response("s3cr3t-detail", { status: 404 })],
] as const;

/** Statuses of answers, and what comes of failures. */
export const ANSWER_STATUSES: readonly Case[] = [
  ...BODILESS.map(
    ([what, answer, status]): Case => ({
      id: "S16",
      title: `sends no body with ${what}`,
      define: answering(answer),
      request: GET,
      expect: { reply: { status, body: "" } },
      expectOn: {
        aws: { answer: expect.objectContaining({ statusCode: status, body: "", isBase64Encoded: false }) },
      },
    }),
  ),
  {
    id: "S16",
    title: "sends an empty answer where the handler returns nothing",
    define: answering(() => undefined),
    request: GET,
    expect: { reply: { status: 204, body: "", headers: { "content-length": undefined } } },
    expectOn: {
      "http-api": { answer: EMPTY },
      "function-url": { answer: EMPTY },
      "rest-api": { answer: EMPTY },
      alb: { answer: { ...EMPTY, statusDescription: "204 No Content" } },
      "alb-multi-value": {
        answer: {
          statusCode: 204,
          statusDescription: "204 No Content",
          multiValueHeaders: {},
          body: "",
          isBase64Encoded: false,
        },
      },
    },
  },
  ...(["héllo", Buffer.from("ff0102", "hex")] as const).map(
    (body): Case => ({
      id: "S17",
      title: `answers HEAD with the length of the ${typeof body === "string" ? "text" : "bytes"} that GET has`,
      define: () => defineFunction({ trigger: http.get("/it"), handler: () => body }),
      request: HEAD,
      expect: {
        reply: { status: 200, body: "", headers: { "content-length": String(Buffer.byteLength(body)) } },
      },
      expectOn: { aws: { answer: expect.objectContaining({ body: "", isBase64Encoded: false }) } },
    }),
  ),
  {
    id: "S17",
    title: "keeps the length that the handler names for HEAD",
    define: answering(({ method }) =>
      method === "HEAD" ? reply(undefined, { status: 200, headers: { "content-length": "1234" } }) : "",
    ),
    request: HEAD,
    expect: { reply: { status: 200, body: "", headers: { "content-length": "1234" } } },
  },
  {
    id: "S17",
    title: "answers HEAD at once where GET streams",
    define: answering(() => reply(endless(), { headers: { "content-type": "text/event-stream" } })),
    request: HEAD,
    expect: { reply: { status: 200, body: "", headers: { "content-type": "text/event-stream" } } },
  },
  ...([200, 201, 302, 404, 418, 503] as const).map(
    (status): Case => ({
      id: "S19",
      title: `says what ${status} means where the front asks for it`,
      define: answering(() => reply("a", { status })),
      request: GET,
      expect: { reply: { status, body: "a" } },
      expectOn: {
        alb: { answer: expect.objectContaining({ statusDescription: `${status} ${MEANINGS[status]}` }) },
        "alb-multi-value": {
          answer: expect.objectContaining({ statusDescription: `${status} ${MEANINGS[status]}` }),
        },
      },
    }),
  ),
  ...NO_STATUS.map(
    (status): Case => ({
      id: "S20",
      title: `answers 500 in the place of the ${typeof status} ${status}`,
      ...(Number(status) >= 100 && Number(status) < 200
        ? { decision: "An interim answer cannot be an answer: it would leave the caller waiting." }
        : {}),
      define: answering(() => reply("a", { status: status as number })),
      request: GET,
      expect: { reply: failed, logged: [/not one of 200 to 599/], notLogged: [TWICE] },
    }),
  ),
  {
    id: "S20",
    title: "answers 500 in the place of a network error of fetch",
    define: answering(() => Response.error()),
    request: GET,
    expect: { reply: failed, logged: [/not one of 200 to 599/] },
  },
  {
    id: "S20",
    title: "answers 500 in the place of a status that a middleware made up",
    define: answering(() => "ok", {
      use: [
        async (_event: unknown, _ctx: unknown, next: () => Promise<object>) =>
          Object.assign(await next(), { status: 1000 }),
      ],
    }),
    request: GET,
    expect: { reply: failed, logged: [/not one of 200 to 599/] },
  },
  ...THROWN.flatMap(([what, thrown]): Case[] => {
    const common = {
      id: "S23",
      request: GET,
      expect: {
        reply: failed,
        logged: [/The handler failed\./],
        notLogged: [TWICE],
      },
    };
    return [
      {
        ...common,
        title: `answers 500 where the handler throws ${what}`,
        define: answering(() => {
          throw thrown;
        }),
      },
      {
        ...common,
        title: `answers 500 where the handler rejects with ${what}`,
        define: answering(() => Promise.reject(thrown)),
      },
    ];
  }),
  {
    id: "S23",
    title: "logs the error that it does not show",
    define: answering(() =>
      Promise.reject(new Error("the warehouse burns", { cause: new Error("a spark") })),
    ),
    request: GET,
    expect: { reply: failed, logged: [/the warehouse burns/, /answers-status\.ts/, /a spark/] },
  },
  {
    id: "S23",
    title: "shows what an HttpError says, and logs nothing",
    define: answering(() =>
      Promise.reject(
        new HttpError(409, "Sold out.", {
          extensions: { sku: "a" },
          headers: { "retry-after": "5" },
          cause: new Error("s3cr3t-detail"),
        }),
      ),
    ),
    request: GET,
    expect: {
      reply: {
        status: 409,
        headers: { "content-type": "application/problem+json", "retry-after": "5" },
        body: { title: "Conflict", status: 409, detail: "Sold out.", sku: "a" },
      },
      notLogged: [/./],
    },
  },
  {
    id: "S23",
    title: "answers 500 where an HttpError cannot be sent",
    define: answering(() => Promise.reject(new HttpError(409, "No.", { headers: { "x-a": "1\r\n2" } }))),
    request: GET,
    expect: { reply: failed, logged: [/control character/], notLogged: [TWICE] },
  },
];

async function* endless(): AsyncGenerator<string> {
  for (;;) yield await new Promise<string>(() => {});
}

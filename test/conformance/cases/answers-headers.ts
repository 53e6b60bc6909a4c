import { defineFunction, HttpError, http, reply } from "@anyfn/core";
import type { Case } from "../case.ts";
import { answering, GET } from "../payloads/answers.ts";

/** Headers whose values have commas in them that part nothing. */
const COMMAS = {
  "last-modified": "Wed, 21 Oct 2026 07:28:00 GMT",
  link: '</a,b>; rel="next", </c>; rel="prev"; title="x, y"',
  "www-authenticate": 'Basic realm="a, b", Digest realm="c", qop="auth, auth-int"',
} as const;
const multi = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));

/** Headers of the connection, which is the platform's. */
const CONNECTION = {
  connection: "keep-alive, x-hop",
  "keep-alive": "timeout=5",
  "transfer-encoding": "chunked",
  "proxy-connection": "keep-alive",
  upgrade: "websocket",
  te: "trailers",
  trailer: "expires",
} as const;
/** The caller of the suite asks for the end of the connection, which a server confirms. */
const NONE = {
  "keep-alive": undefined,
  "transfer-encoding": undefined,
  "proxy-connection": undefined,
  upgrade: undefined,
  te: undefined,
  trailer: undefined,
} as const;
const WITHOUT = { reply: { status: 200, headers: { ...NONE, connection: undefined }, body: "ok" } } as const;
const CLOSED = { reply: { status: 200, headers: { ...NONE, connection: "close" }, body: "ok" } } as const;
const CHUNKED = {
  reply: { ...CLOSED.reply, headers: { ...CLOSED.reply.headers, "transfer-encoding": "chunked" } },
} as const;

const stripped = (title: string, define: Case["define"]): Case => ({
  id: "S18",
  title,
  define,
  request: GET,
  expect: WITHOUT,
  expectOn: { gcp: CLOSED, node: CLOSED },
});

const ORIGIN = "https://app.example";
const cors = (see: (facts: unknown) => void, headers: Readonly<Record<string, string>> = {}) =>
  defineFunction({
    trigger: http.get("/it", { cors: { origins: [ORIGIN], credentials: true, maxAge: 60 } }),
    handler: () => {
      see("ran");
      return reply("ok", { headers });
    },
  });
const ALLOWED = {
  "access-control-allow-origin": ORIGIN,
  "access-control-allow-credentials": "true",
} as const;

/** Headers of answers. */
export const ANSWER_HEADERS: readonly Case[] = [
  {
    id: "S14",
    title: "leaves values with commas in one piece",
    define: answering(() => reply(undefined, { status: 401, headers: COMMAS })),
    request: GET,
    expect: { reply: { status: 401, headers: COMMAS } },
    expectOn: {
      "http-api": { answer: { statusCode: 401, headers: COMMAS, body: "", isBase64Encoded: false } },
      "alb-multi-value": {
        answer: {
          statusCode: 401,
          statusDescription: "401 Unauthorized",
          multiValueHeaders: multi(COMMAS),
          body: "",
          isBase64Encoded: false,
        },
      },
    },
  },
  {
    id: "S14",
    title: "leaves values of a WHATWG response in one piece",
    define: answering(() => new Response(null, { status: 401, headers: COMMAS })),
    request: GET,
    expect: { reply: { status: 401, headers: COMMAS } },
  },
  {
    id: "S15",
    title: "joins the values of a header with a comma and a blank",
    define: answering(() =>
      reply("ok", { headers: { Vary: ["accept", "origin"], "cache-control": ["no-cache"] } }),
    ),
    request: GET,
    expect: { reply: { status: 200, headers: { vary: "accept, origin", "cache-control": "no-cache" } } },
  },
  {
    id: "S15",
    title: "joins the values that were appended to a WHATWG response",
    define: answering(() => {
      const headers = new Headers({ vary: "accept" });
      headers.append("Vary", "origin");
      return new Response("ok", { headers });
    }),
    request: GET,
    expect: { reply: { status: 200, headers: { vary: "accept, origin" } } },
  },
  stripped(
    "takes away what belongs to the connection",
    answering(() => reply("ok", { headers: CONNECTION })),
  ),
  stripped(
    "takes it away whatever the case of its name",
    answering(() =>
      reply("ok", { headers: { Connection: "close", "Transfer-Encoding": "chunked", "Keep-Alive": "x" } }),
    ),
  ),
  {
    ...stripped(
      "takes it away from a WHATWG response",
      answering(() => new Response("ok", { headers: CONNECTION })),
    ),
    // Its body is a stream, which a server sends in chunks.
    expectOn: { gcp: CHUNKED, node: CHUNKED },
  },
  stripped(
    "takes away what a middleware put there",
    answering(() => "ok", {
      use: [
        async (_event: unknown, _ctx: unknown, next: () => Promise<{ headers: object }>) => {
          const answer = await next();
          Object.assign(answer.headers, CONNECTION);
          return answer;
        },
      ],
    }),
  ),
  {
    ...stripped(
      "takes it away from an error's answer",
      answering(() => Promise.reject(new HttpError(409, "No.", { headers: CONNECTION }))),
    ),
    expect: { reply: { status: 409, headers: NONE } },
    expectOn: {},
  },
  {
    id: "S25",
    title: "answers a preflight itself, each header once",
    define: (see) => cors(see),
    request: {
      method: "OPTIONS",
      url: "/it",
      headers: [
        ["origin", ORIGIN],
        ["access-control-request-method", "GET"],
        ["access-control-request-headers", "x-a"],
      ],
    },
    expect: {
      seen: [],
      reply: {
        status: 204,
        body: "",
        headers: {
          ...ALLOWED,
          "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
          "access-control-allow-headers": "x-a",
          "access-control-max-age": "60",
          vary: "Origin, Access-Control-Request-Headers",
        },
      },
    },
  },
  {
    id: "S25",
    title: "sends CORS headers once where the handler sets them too",
    decision: "What the trigger declares holds, since the preflight says the same.",
    define: (see) =>
      cors(see, {
        "Access-Control-Allow-Origin": "*",
        Vary: "accept, ORIGIN",
        "access-control-allow-credentials": "false",
      }),
    request: { ...GET, headers: [["origin", ORIGIN]] },
    expect: { seen: ["ran"], reply: { status: 200, headers: { ...ALLOWED, vary: "accept, ORIGIN" } } },
  },
  {
    id: "S25",
    title: "says nothing to an origin that is not allowed",
    define: (see) => cors(see),
    request: { ...GET, headers: [["origin", `${ORIGIN}.evil.test`]] },
    expect: {
      seen: ["ran"],
      reply: {
        status: 200,
        headers: {
          "access-control-allow-origin": undefined,
          "access-control-allow-credentials": undefined,
          vary: "Origin",
        },
      },
    },
  },
  {
    id: "S25",
    title: "sends once what a front would add",
    define: answering(() =>
      reply("ok", {
        headers: { Date: "Wed, 21 Oct 2026 07:28:00 GMT", Server: "mine", "Content-Length": "2" },
      }),
    ),
    request: GET,
    expect: {
      reply: { status: 200, headers: { date: "Wed, 21 Oct 2026 07:28:00 GMT", server: "mine" }, body: "ok" },
    },
    expectOn: {
      azure: { reply: { headers: { "content-length": "2" } } },
      gcp: { reply: { headers: { "content-length": "2" }, body: "ok" } },
      node: { reply: { headers: { "content-length": "2" }, body: "ok" } },
    },
  },
];

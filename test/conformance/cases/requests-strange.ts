import { expect } from "vitest";
import type { HeaderLine, PlainRequest } from "../../runtimes/hosts/host.ts";
import type { Case } from "../case.ts";
import { httpEvent } from "../payloads/aws/http.ts";
import { azureRequest } from "../payloads/azure/http.ts";
import { seeing } from "./_requests.ts";

const get = (...headers: HeaderLine[]): PlainRequest => ({ method: "GET", url: "/in", headers });
const at = (headers: object | null, lists?: object | null) => ({ headers, multiValueHeaders: lists });

const polish = "Łódź ☃";
/** Bytes of UTF-8, each as one character, which is how HTTP's own libraries hand them over. */
const polishBytes = Buffer.from(polish).toString("latin1");
const readName = seeing(({ headers, request }) => [headers["x-name"], request.headers.get("x-name")]);

const BAD_HEADERS = { "x ok": "1", "": "2", "x-break": "a\r\nx-evil: 1", "x-nul": "\u0000", "x-ok": "3" };
const BAD_LINES = ["x a: 1", "x-a: \u0000", "x-a: 1\rx-b: 2", ": 1"].map((line) => ({
  wire: `GET /in HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n${line}\r\n\r\n`,
}));

/** Headers that are hard to carry. */
export const STRANGE_HEADERS: readonly Case[] = [
  {
    id: "R13",
    title: "gives text beyond Latin-1 without a throw",
    decision:
      "Text that the provider has decoded stays text; bytes arrive as Node and Fetch hand them over, one character a byte, so " +
      "that Buffer.from(value, 'latin1').toString() is the text. A WHATWG Request has the bytes in either case. Text beyond " +
      "Latin-1 fails in @azure/functions before anything of ours is called.",
    define: readName,
    native: {
      aws: [
        httpEvent("http-api", { url: "/in" }, at({ "x-name": polish })),
        httpEvent("rest-api", { url: "/in" }, at({ "X-Name": polish }, { "X-Name": [polish] })),
        httpEvent("alb", { url: "/in" }, at({ "x-name": polish })),
      ],
      azure: [azureRequest({ headers: { "x-name": polishBytes } })],
      gcp: [get(["x-name", polishBytes])],
      node: [get(["x-name", polishBytes])],
    },
    expect: { seen: [[polishBytes, polishBytes]] },
    expectOn: { aws: { seen: [[polish, polishBytes]] } },
  },
  {
    id: "R13",
    title: "keeps Latin-1 as it is",
    define: readName,
    request: get(["x-name", "caf\u00e9"]),
    expect: { seen: [["caf\u00e9", "caf\u00e9"]] },
  },
  {
    id: "R14",
    title: "takes names and values that HTTP does not allow, or answers 400, and runs on",
    decision:
      "A gateway's event is checked by no one: `headers` has all of it, a `Request` what it can hold. Servers answer 400 " +
      "before a function is asked, and @azure/functions fails the invocation, though the Functions host lets no such thing in.",
    define: seeing(({ headers, request }) => [
      { ...headers },
      [...request.headers.keys()],
      request.headers.get("x-ok"),
    ]),
    native: {
      aws: (["http-api", "rest-api", "alb"] as const).map((kind) =>
        httpEvent(kind, { url: "/in" }, at(BAD_HEADERS)),
      ),
      azure: [azureRequest({ headers: BAD_HEADERS })],
      gcp: BAD_LINES,
      node: BAD_LINES,
    },
    expect: { seen: [], reply: { status: 400 } },
    expectOn: {
      aws: { seen: [[BAD_HEADERS, ["x-ok"], "3"]], reply: { status: 204 } },
      azure: { reply: undefined, error: "any" },
    },
  },
  {
    id: "R15",
    title: "works without any headers and query, as consoles and old clients send requests",
    define: seeing(({ headers, query, cookies, url }) => [
      headers["x-a"],
      headers.cookie,
      query.size,
      Object.keys(cookies),
      new URL(url).pathname,
    ]),
    native: {
      aws: (["http-api", "function-url", "rest-api", "alb", "alb-multi-value"] as const).flatMap((kind) =>
        [null, undefined].map((none) =>
          httpEvent(
            kind,
            { url: "/in" },
            {
              headers: none,
              multiValueHeaders: none,
              queryStringParameters: none,
              multiValueQueryStringParameters: none,
              pathParameters: none,
              stageVariables: none,
              cookies: none,
            },
          ),
        ),
      ),
      azure: [azureRequest(), { inputData: { http: { method: "GET", url: "http://localhost:7071/in" } } }],
      gcp: [{ wire: "GET /in HTTP/1.0\r\n\r\n" }],
      node: [{ wire: "GET /in HTTP/1.0\r\n\r\n" }],
    },
    expect: { seen: [[undefined, undefined, 0, [], "/in"]], reply: { status: 204 } },
  },
  {
    id: "R14",
    title: "has no header that was not sent, whatever its name",
    define: seeing(({ headers, cookies }) => [
      headers.constructor,
      "toString" in headers,
      cookies.constructor,
      Object.keys(headers).includes("__proto__") && expect.anything(),
    ]),
    request: get(["x-a", "1"]),
    expect: { seen: [[undefined, false, undefined, false]] },
  },
];

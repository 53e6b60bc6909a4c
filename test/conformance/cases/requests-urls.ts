import type { Case } from "../case.ts";
import { httpEvent, httpEventIn } from "../payloads/aws/http.ts";
import { azureRequest } from "../payloads/azure/http.ts";
import { seeing, seeingAnywhere } from "./_requests.ts";

type Lines = Readonly<Record<string, string>>;

const HOST = { host: "shop.example" };
const SWA = "https://shop.example/api/in?x=1";
const get = (headers: Lines, url = "/in") => ({ method: "GET", url, headers: Object.entries(headers) });
const domain = (domainName: string) => ({ domainName });
/** A request as a proxy's client writes it, with the whole URL for a target. */
const absolute = (url: string, lines = "") =>
  `GET ${url} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n${lines}\r\n`;

const asterisk = "OPTIONS * HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n";

/** Whole addresses, as fronts tell them in their own ways. */
export const REQUEST_URLS: readonly Case[] = [
  {
    id: "R37",
    title: "reads the address from Static Web Apps' header where it was told to",
    define: seeing(({ url, path, headers }) => [url, path, headers["x-ms-original-url"]]),
    options: { azure: { originalUrl: true, routePrefix: "api" } },
    native: {
      aws: [httpEventIn("http-api", domain("shop.example"), get({ "x-ms-original-url": SWA }, "/in?x=1"))],
      azure: [
        azureRequest({
          url: "https://internal.azurewebsites.net/api/in?code=secret",
          headers: { "x-ms-original-url": SWA },
        }),
      ],
      gcp: [get({ ...HOST, "x-ms-original-url": SWA }, "/in?x=1")],
      node: [get({ ...HOST, "x-ms-original-url": SWA }, "/in?x=1")],
    },
    expect: { seen: [["https://shop.example/in?x=1", "/in", SWA]] },
    expectOn: { node: { seen: [["http://shop.example/in?x=1", "/in", SWA]] } },
  },
  {
    id: "R37",
    title: "passes over such a header that is no absolute URL",
    define: seeing(({ url, request }) => [url.slice(url.indexOf("/in")), new URL(request.url).pathname]),
    options: { azure: { originalUrl: true } },
    native: {
      aws: [httpEvent("http-api", get({ "x-ms-original-url": "/admin" }))],
      azure: ["/admin", "", "admin", "//evil.example/admin", "javascript:alert(1)", "https:///admin"].map(
        (original) => azureRequest({ headers: { "x-ms-original-url": original } }),
      ),
      gcp: [get({ "x-ms-original-url": "/admin" })],
      node: [get({ "x-ms-original-url": "/admin" })],
    },
    expect: { seen: [["/in", "/in"]] },
  },
  {
    id: "R37",
    title: "believes no such header that it was not told to",
    define: seeing(({ path, url }) => [path, url.includes("evil")]),
    request: get({ "x-ms-original-url": "https://evil.example/admin", "x-original-url": "/admin" }),
    expect: { seen: [["/in", false]] },
  },
  {
    id: "R43",
    title: "makes the absolute URL from the request's own target, whatever the environment says",
    define: seeing(({ url, request }) => [url, request.url]),
    options: { gcp: { env: { K_SERVICE: "shop", FUNCTION_TARGET: "in" } }, node: { trustProxy: true } },
    native: {
      aws: [
        httpEventIn("http-api", domain("shop.example"), get({}, "/in?q=1")),
        httpEventIn("rest-api", domain("shop.example"), get({}, "/in?q=1")),
      ],
      azure: [azureRequest({ url: "https://shop.example/in?q=1" })],
      gcp: [get(HOST, "/in?q=1"), { wire: absolute("https://shop.example/in?q=1") }],
      node: [
        get({ ...HOST, "x-forwarded-proto": "https" }, "/in?q=1"),
        { wire: absolute("https://shop.example/in?q=1", "X-Forwarded-Proto: https\r\n") },
      ],
    },
    expect: { seen: [["https://shop.example/in?q=1", "https://shop.example/in?q=1"]] },
  },
  {
    id: "R43",
    title: "takes what is asked of the server as a whole for its root",
    define: seeing(({ method, path, url }) => [method, path, new URL(url).pathname], "/"),
    native: {
      aws: [httpEvent("http-api", { method: "OPTIONS", url: "/" })],
      azure: [azureRequest({ method: "OPTIONS", url: "https://shop.example/" })],
      gcp: [{ wire: asterisk }],
      node: [{ wire: asterisk }],
    },
    expect: { seen: [["OPTIONS", "/", "/"]], reply: { status: 204 } },
  },
  ...["/favicon.ico", "/robots.txt"].map(
    (path): Case => ({
      id: "R41",
      title: `runs the function at ${path}`,
      define: seeingAnywhere((event) => event.path),
      request: get({}, path),
      expect: { seen: [path], reply: { status: 204 } },
    }),
  ),
];

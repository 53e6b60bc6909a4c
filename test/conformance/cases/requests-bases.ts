import type { Case } from "../case.ts";
import { format1Event, format2Event, httpEvent, httpEventIn } from "../payloads/aws/http.ts";
import { azureRequest } from "../payloads/azure/http.ts";
import { seeing, seeingAnywhere } from "./_requests.ts";

const get = (url: string) => ({ method: "GET", url });
const seePath = seeingAnywhere(({ path }) => path);
const seeRoot = seeing(({ path, url }) => [path, new URL(url).pathname], "/");
const AT_HOST = "https://shop.azurewebsites.net";
const OWN_DOMAIN = { domainName: "api.shop.example" };

/** The same base path as each provider is told of it. A Node server has no front whose path would be another. */
const basePath = (path: string) => ({
  aws: { basePath: path },
  azure: { routePrefix: path.replaceAll(/^\/|\/$/g, "") },
  gcp: { basePath: path },
});

/** A request of a path at every front that may put something before the function's own. */
const behind = (path: string): Pick<Case, "native"> => ({
  native: {
    aws: [
      httpEvent("http-api", get(path)),
      httpEvent("function-url", get(path)),
      httpEvent("rest-api", get(path)),
      httpEventIn("rest-api", { ...OWN_DOMAIN, path: `/v1${path}` }, get(path)),
      httpEvent("alb", get(path)),
      httpEvent("alb-multi-value", get(path)),
    ],
    azure: [azureRequest({ url: AT_HOST + path })],
    gcp: [get(path)],
    node: [get(path)],
  },
});

const NODE =
  "A Node server has no base path: its function's own path begins where the server's does, and a proxy in front takes off what it adds.";

function stripped(base: string, sent: string, path: string): Case {
  return {
    id: "R27",
    title: `takes the base path ${base} off ${sent} at the end of a segment`,
    decision: NODE,
    define: seePath,
    options: basePath(base),
    ...behind(sent),
    expect: { seen: [path] },
    expectOn: { node: { seen: [sent] } },
  };
}

/** What stands before the function's own path. */
export const BASE_PATHS: readonly Case[] = [
  {
    id: "R26",
    title: "takes the name of a stage off the path of an HTTP API's own domain",
    unconfirmed: true,
    needs: { trigger: "http", source: "HTTP API" },
    define: seePath,
    native: {
      aws: [
        format2Event("/dev/orders", {}, { stage: "dev" }),
        format1Event("/dev/orders", {}, { stage: "dev" }),
        format2Event("/orders", {}, { stage: "$default" }),
        format2Event("/orders", {}, { stage: "dev" }),
        httpEventIn("rest-api", { stage: "orders" }, get("/orders")),
      ],
    },
    expect: { seen: ["/orders"] },
  },
  {
    id: "R26",
    title: "leaves a path alone that only begins like the stage, or is of another domain",
    unconfirmed: true,
    needs: { trigger: "http", source: "HTTP API" },
    define: seePath,
    native: {
      aws: [
        format2Event("/dev/orders", {}, { stage: "dev", ...OWN_DOMAIN }),
        format1Event("/dev/orders", {}, { stage: "dev", ...OWN_DOMAIN }),
        format2Event("/dev/orders", {}, { stage: "de" }),
        format2Event("/dev/orders", {}, { stage: "$default" }),
        format2Event("/dev/orders", {}, { stage: "DEV" }),
        httpEventIn("rest-api", { stage: "dev" }, get("/dev/orders")),
        httpEventIn("function-url", { stage: "$default" }, get("/dev/orders")),
      ],
    },
    expect: { seen: ["/dev/orders"] },
  },
  {
    id: "R26",
    title: "makes the root of a stage's own path",
    unconfirmed: true,
    needs: { trigger: "http", source: "HTTP API" },
    define: seeRoot,
    native: {
      aws: [
        format2Event("/dev", {}, { stage: "dev" }),
        format2Event("/dev/", {}, { stage: "dev" }),
        format1Event("/dev", {}, { stage: "dev" }),
      ],
    },
    expect: { seen: [["/", "/"]] },
  },
  stripped("/api", "/api/orders", "/orders"),
  stripped("api/", "/api/orders", "/orders"),
  stripped("/api/v2", "/api/v2/orders", "/orders"),
  stripped("/api", "/apiary/orders", "/apiary/orders"),
  stripped("/api", "/orders/api", "/orders/api"),
  stripped("/api", "/api/api/orders", "/api/orders"),
  ...["/api", "/api/"].map(
    (sent): Case => ({
      id: "R27",
      title: `makes the root of the base path itself, ${sent}`,
      decision: NODE,
      define: seeRoot,
      options: basePath("/api"),
      ...behind(sent),
      expect: { seen: [["/", "/"]], reply: { status: 204 } },
      expectOn: { node: { seen: [], reply: { status: 404 } } },
    }),
  ),
  {
    id: "R27",
    title: "takes nothing off without being told, whatever `pathParameters` and `requestContext.path` say",
    define: seePath,
    ...behind("/api/orders"),
    native: {
      ...behind("/api/orders").native,
      aws: [
        httpEvent("rest-api", get("/api/orders"), { pathParameters: { proxy: "orders" } }),
        httpEventIn("rest-api", { ...OWN_DOMAIN, path: "/api/orders", stage: "api" }, get("/api/orders")),
        httpEventIn("http-api", { ...OWN_DOMAIN, stage: "api" }, get("/api/orders")),
      ],
    },
    expect: { seen: ["/api/orders"] },
  },
  {
    id: "R36",
    title: "uses the whole URL of the request, its query included",
    define: seeingAnywhere(({ path, url, params }) => [path, url.slice(url.indexOf("/orders")), params.rest]),
    options: { azure: { routePrefix: "api" } },
    native: {
      aws: [httpEvent("http-api", get("/orders/7?x=%20&x=2"))],
      azure: [
        azureRequest({
          url: `${AT_HOST}/api/orders/7?x=%20&x=2`,
          nullableParams: { rest: { value: "made/up" } },
          nullableQuery: { x: { value: "made up" } },
        }),
      ],
      gcp: [get("/orders/7?x=%20&x=2")],
      node: [get("/orders/7?x=%20&x=2")],
    },
    expect: { seen: [["/orders/7", "/orders/7?x=%20&x=2", "orders/7"]] },
  },
  {
    id: "R36",
    title: "takes a route prefix off in its own case alone",
    decision:
      "Routes are case-insensitive to the Functions host, and paths are not to us: one in another case is not found.",
    define: seeing(({ path }) => path, "/orders"),
    options: basePath("/api"),
    ...behind("/API/orders"),
    expect: { seen: [], reply: { status: 404 } },
  },
];

import type { Case, Front } from "../case.ts";
import { httpEvent } from "../payloads/aws/http.ts";
import { azureRequest } from "../payloads/azure/http.ts";
import { seeing } from "./_requests.ts";

const get = (url: string) => ({ method: "GET", url });
const seePairs = seeing(({ query }) => [...query].map(([name, value]) => `${name}=${value}`));
const seeParsed = seeing(({ url, request }) => [
  [...new URL(url).searchParams].map(([name, value]) => `${name}=${value}`),
  new URL(request.url).searchParams.get("q"),
]);
const seeSearch = seeing(({ url }) => url.slice(url.indexOf("/in")));

/** Fronts that take a query apart, so that its spelling is lost. */
const APART: readonly Front[] = ["rest-api", "alb", "alb-multi-value"];
const LAST = "A load balancer with single values passes on the last of repeated ones.";

/** A REST API's query, with which it hands over decoded values, as lists, single or both. */
const rest = (single: object | null, lists?: object | null) =>
  httpEvent("rest-api", get("/in"), {
    queryStringParameters: single,
    multiValueQueryStringParameters: lists,
  });

/** Queries of requests. */
export const REQUEST_QUERIES: readonly Case[] = [
  {
    id: "R16",
    title: "leaves the query in the URL as it was sent",
    define: seeSearch,
    request: get("/in?a=1&a=2&e=&f&p=a+b&s=%20%26&%c3%A4=%7E&&x[]=1&q=100%"),
    except: APART,
    expect: { seen: ["/in?a=1&a=2&e=&f&p=a+b&s=%20%26&%c3%A4=%7E&&x[]=1&q=100%"] },
  },
  {
    id: "R16",
    title: "gives every pair of a query, decoded once and in order",
    decision: LAST,
    define: seePairs,
    request: get("/in?a=1&e=&f&p=a+b&s=%20%26&a=2&%C3%A4=%E2%98%83"),
    expect: { seen: [["a=1", "e=", "f=", "p=a b", "s= &", "a=2", "ä=☃"]] },
    expectOn: {
      // Names in order of their first value: the event has an object.
      "rest-api": { seen: [["a=1", "a=2", "e=", "f=", "p=a b", "s= &", "ä=☃"]] },
      "alb-multi-value": { seen: [["a=1", "a=2", "e=", "f=", "p=a b", "s= &", "ä=☃"]] },
      alb: { seen: [["a=2", "e=", "f=", "p=a b", "s= &", "ä=☃"]] },
    },
  },
  {
    id: "R17",
    title: "encodes what a front has decoded, once",
    define: seeParsed,
    request: get("/in?q=a%20b%26c%3Dd"),
    native: {
      aws: [
        rest({ q: "a b&c=d" }, { q: ["a b&c=d"] }),
        rest({ q: "a b&c=d" }),
        rest(null, { q: ["a b&c=d"] }),
      ],
    },
    expect: { seen: [[["q=a b&c=d"], "a b&c=d"]] },
  },
  {
    id: "R17",
    title: "keeps escapes that are part of the value, and of the name",
    define: seePairs,
    request: get("/in?q=%2541%2526&a%3Db%26c=%25"),
    expect: { seen: [["q=%41%26", "a=b&c=%"]] },
  },
  {
    id: "R17",
    title: "encodes halves of surrogate pairs, which no URL can hold, as what stands for them",
    needs: { trigger: "http", source: "REST API" },
    define: seeParsed,
    native: { aws: [rest({ q: "a\ud800" })] },
    expect: { seen: [[["q=a\ufffd"], "a\ufffd"]] },
  },
  {
    id: "R18",
    title: "keeps a plus sign that was sent as %2B",
    define: seeParsed,
    request: get("/in?q=a%2Bb"),
    native: { aws: [rest({ q: "a+b" }, { q: ["a+b"] }), rest({ q: "a+b" })] },
    expect: { seen: [[["q=a+b"], "a+b"]] },
  },
  {
    id: "R18",
    title: "takes a plus sign for a space",
    define: seeParsed,
    request: get("/in?q=a+b"),
    expect: { seen: [[["q=a b"], "a b"]] },
  },
  {
    id: "R19",
    title: "keeps both of two equal values",
    decision: LAST,
    define: seeing(({ query }) => query.getAll("a")),
    request: get("/in?a=1&a=1"),
    expect: { seen: [["1", "1"]] },
    expectOn: { alb: { seen: [["1"]] } },
  },
  {
    id: "R20",
    title: "keeps a key without a value",
    define: seeing(({ query }) => [query.has("f"), query.get("f"), query.has("g"), query.get("g")]),
    request: get("/in?f=&g"),
    native: { aws: [rest({ f: "", g: "" }), rest({ f: "", g: "" }, null), rest({ f: "" }, { g: [""] })] },
    expect: { seen: [[true, "", true, ""]] },
  },
  {
    id: "R21",
    title: "decodes a load balancer's query once, which hands it over as it was sent",
    needs: { trigger: "http", source: "Application Load Balancer" },
    define: seePairs,
    native: {
      aws: [
        httpEvent("alb", get("/in"), {
          queryStringParameters: { q: "a%20b%26c", p: "a+b", "x%5B%5D": "%2525" },
        }),
        httpEvent("alb-multi-value", get("/in"), {
          multiValueQueryStringParameters: { q: ["a%20b%26c"], p: ["a+b"], "x%5B%5D": ["%2525"] },
        }),
      ],
    },
    expect: { seen: [["q=a b&c", "p=a b", "x[]=%25"]] },
  },
  {
    id: "R21",
    title: "lets no value of a load balancer's start another pair or a fragment",
    needs: { trigger: "http", source: "Application Load Balancer" },
    define: seeParsed,
    native: {
      aws: [
        httpEvent("alb", get("/in"), { queryStringParameters: { q: "a&admin=1#x y" } }),
        httpEvent("alb-multi-value", get("/in"), {
          multiValueQueryStringParameters: { q: ["a&admin=1#x y"] },
        }),
      ],
    },
    expect: { seen: [[["q=a&admin=1#x y"], "a&admin=1#x y"]] },
  },
  {
    id: "R22",
    title: "keeps a per cent sign that escapes nothing",
    define: seePairs,
    request: get("/in?q=100%&r=%zz&s=%E2%98"),
    expect: { seen: [["q=100%", "r=%zz", "s=\ufffd"]] },
  },
  {
    id: "R22",
    title: "takes a query that is none for one without pairs",
    define: seePairs,
    request: get("/in?&&"),
    native: {
      aws: [
        httpEvent("http-api", get("/in"), { rawQueryString: undefined }),
        httpEvent("http-api", get("/in"), { rawQueryString: "" }),
      ],
      azure: [azureRequest({ url: "https://shop.azurewebsites.net/in?" })],
      gcp: [get("/in?")],
      node: [get("/in?")],
    },
    expect: { seen: [[]], reply: { status: 204 } },
  },
];

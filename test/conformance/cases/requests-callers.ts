import type { Case } from "../case.ts";
import { format2Event, httpEvent, httpEventIn } from "../payloads/aws/http.ts";
import { azureRequest } from "../payloads/azure/http.ts";
import { seeing } from "./_requests.ts";

type Lines = Readonly<Record<string, string>>;

const _HOST = { host: "shop.example" };
const _SWA = "https://shop.example/api/in?x=1";
const get = (headers: Lines, url = "/in") => ({ method: "GET", url, headers: Object.entries(headers) });
const _domain = (domainName: string) => ({ domainName });
/** A request as a proxy's client writes it, with the whole URL for a target. */
const _absolute = (url: string, lines = "") =>
  `GET ${url} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n${lines}\r\n`;

const seeIp = seeing(({ clientIp }) => clientIp);
const ip = (sourceIp: string) => [
  httpEventIn("http-api", { http: { method: "GET", path: "/in", sourceIp } }, get({}), { rawPath: "/in" }),
  httpEventIn("function-url", { http: { method: "GET", path: "/in", sourceIp } }, get({}), {
    rawPath: "/in",
  }),
  httpEventIn("rest-api", { identity: { sourceIp } }, get({})),
];
const alb = (forwarded: string) => httpEvent("alb", get({}), { headers: { "x-forwarded-for": forwarded } });
const forwardedFor = (value: string) => get({ "x-forwarded-for": value });

/** What the proxies wrote, the caller's own address last, and that address. */
const ADDRESSES: readonly (readonly [string, string])[] = [
  ["203.0.113.9", "203.0.113.9"],
  ["198.51.100.1, 203.0.113.9", "203.0.113.9"],
  ["127.0.0.1,10.0.0.1 , 203.0.113.9", "203.0.113.9"],
  ["203.0.113.9:51234", "203.0.113.9"],
  ["evil, 203.0.113.9:51234", "203.0.113.9"],
  ["2001:db8::7", "2001:db8::7"],
  ["[2001:db8::7]:51234", "2001:db8::7"],
  ["[2001:db8::7]", "2001:db8::7"],
  ["198.51.100.1, 2001:db8::7", "2001:db8::7"],
];

/** Who asks. */
export const CLIENT_IPS: readonly Case[] = [
  ...ADDRESSES.map(
    ([forwarded, address]): Case => ({
      id: "R32",
      title: `finds the caller in "${forwarded}"`,
      define: seeIp,
      options: { node: { trustProxy: true } },
      native: {
        aws: [alb(forwarded), ...ip(address)],
        azure: [azureRequest({ headers: { "x-forwarded-for": forwarded } })],
        gcp: [forwardedFor(forwarded)],
        node: [forwardedFor(forwarded)],
      },
      expect: { seen: [address] },
    }),
  ),
  {
    id: "R32",
    title: "believes no header where a gateway knows the caller, or no proxy is trusted",
    define: seeIp,
    native: {
      aws: ip("203.0.113.9").map((event) => ({ ...event, headers: { "x-forwarded-for": "198.51.100.1" } })),
      azure: [azureRequest({ headers: { "x-forwarded-for": "198.51.100.1, 203.0.113.9:1" } })],
      gcp: [get({ "x-forwarded-for": "198.51.100.1, 203.0.113.9", "x-real-ip": "198.51.100.1" })],
      node: [get({ "x-forwarded-for": "198.51.100.1", "x-real-ip": "198.51.100.1" })],
    },
    expect: { seen: ["203.0.113.9"] },
    expectOn: { node: { seen: ["127.0.0.1"] } },
  },
  {
    id: "R32",
    title: "says nothing, or what the connection says, where no one wrote the caller down",
    define: seeIp,
    native: {
      aws: [
        httpEvent("alb", get({}), { headers: {} }),
        httpEventIn("rest-api", { identity: null }, get({})),
        httpEventIn("rest-api", { identity: undefined }, get({})),
        format2Event("/in", {}, { http: { method: "GET" } }),
        alb(""),
      ],
      azure: [azureRequest(), azureRequest({ headers: { "x-forwarded-for": " , " } })],
      gcp: [get({})],
      node: [get({})],
    },
    expect: { seen: [undefined] },
    expectOn: { gcp: { seen: ["127.0.0.1"] }, node: { seen: ["127.0.0.1"] } },
  },
  {
    id: "R32",
    title: "passes over the proxies that it was told of",
    decision:
      "Google Cloud's own front end writes last, and behind it the proxies of one's own. The other fronts write last themselves.",
    define: seeIp,
    options: { gcp: { trustedProxies: 1 }, node: { trustProxy: true } },
    native: {
      aws: [alb("198.51.100.1, 203.0.113.9")],
      azure: [azureRequest({ headers: { "x-forwarded-for": "198.51.100.1, 203.0.113.9:1" } })],
      gcp: [
        forwardedFor("198.51.100.1, 203.0.113.9, 35.191.0.1"),
        forwardedFor("203.0.113.9, 35.191.0.1"),
        forwardedFor("203.0.113.9"),
      ],
      node: [forwardedFor("198.51.100.1, 203.0.113.9")],
    },
    expect: { seen: ["203.0.113.9"] },
  },
];

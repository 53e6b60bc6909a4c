import type { Case } from "../case.ts";
import { httpEvent, httpEventIn } from "../payloads/aws/http.ts";
import { azureRequest } from "../payloads/azure/http.ts";
import { seeing } from "./_requests.ts";

type Lines = Readonly<Record<string, string>>;

const seeOrigin = seeing(({ url, request }) => [new URL(url).origin, new URL(request.url).origin]);
const origin = (text: string) => [[text, text]];
const get = (headers: Lines, url = "/in") => ({ method: "GET", url, headers: Object.entries(headers) });
const HOST = { host: "shop.example" };

/** What a gateway says of its own domain. */
const domain = (domainName: string | null | undefined) => ({ domainName });
/** A load balancer's request: what it knows of the host is a header. */
const alb = (headers: Lines) => httpEvent("alb", get({}), { headers });
/** A gateway's request without a domain name, as a hand-made test event has it. */
const nameless = (headers: Lines) => httpEventIn("http-api", { domainName: undefined }, get({}), { headers });

/** Hosts that no URL can have, or that would end the host and begin something else. */
const BAD_HOSTS = [
  "",
  "a b",
  "evil.example/x?",
  "user@evil.example",
  "evil.example#",
  "evil.example\\x",
  "[::1",
  "shop.example:99999",
  "<script>",
  "%65vil.example",
  "a,b",
];

/** Under which address the caller asked. */
export const REQUEST_ORIGINS: readonly Case[] = [
  {
    id: "R29",
    title: "takes the host that the provider vouches for",
    define: seeOrigin,
    native: {
      aws: [
        httpEventIn("http-api", domain("shop.example"), get({ host: "other.example" })),
        httpEventIn("rest-api", domain("shop.example"), get({ host: "other.example" })),
        httpEventIn("function-url", domain("shop.example"), get({ host: "other.example" })),
        alb(HOST),
        httpEvent("alb-multi-value", get({}), { multiValueHeaders: { Host: ["shop.example"] } }),
        nameless(HOST),
      ],
      azure: [azureRequest({ url: "https://shop.example/in", headers: { host: "other.example" } })],
      gcp: [get(HOST)],
      node: [get(HOST)],
    },
    expect: { seen: origin("https://shop.example") },
    // Nothing says that there is TLS in front of a plain server.
    expectOn: { node: { seen: origin("http://shop.example") } },
  },
  {
    id: "R29",
    title: "keeps the host's port, and an address in brackets",
    define: seeOrigin,
    native: {
      aws: [alb({ host: "[2001:db8::7]:8443" })],
      azure: [azureRequest({ url: "https://[2001:db8::7]:8443/in" })],
      gcp: [get({ host: "[2001:db8::7]:8443" })],
      node: [get({ host: "[2001:db8::7]:8443" })],
    },
    expect: { seen: origin("https://[2001:db8::7]:8443") },
    expectOn: { node: { seen: origin("http://[2001:db8::7]:8443") } },
  },
  {
    id: "R29",
    title: "says localhost where no one names a host",
    define: seeOrigin,
    native: {
      aws: [
        alb({}),
        nameless({}),
        httpEventIn("rest-api", domain(undefined), get({}), { headers: null, multiValueHeaders: null }),
        httpEventIn("rest-api", domain(null), get({}), { headers: {}, multiValueHeaders: {} }),
      ],
      azure: [azureRequest({ url: "https://localhost/in" })],
      gcp: [{ wire: "GET /in HTTP/1.0\r\n\r\n" }],
      node: [{ wire: "GET /in HTTP/1.0\r\n\r\n" }],
    },
    expect: { seen: origin("https://localhost") },
    expectOn: { node: { seen: origin("http://localhost") } },
  },
  {
    id: "R30",
    title: "does not believe what only a caller says of the host",
    define: seeing(({ url }) => new URL(url).host.includes("evil")),
    request: get({
      "x-forwarded-host": "evil.example",
      "x-original-host": "evil.example",
      forwarded: "host=evil.example",
      "x-forwarded-server": "evil.example",
    }),
    native: {
      node: [get({ "x-forwarded-host": "evil.example", forwarded: "host=evil.example;proto=https" })],
    },
    options: { node: { trustProxy: true } },
    expect: { seen: [false] },
  },
  {
    id: "R30",
    title: "leaves a host out that is none, and never throws",
    define: seeOrigin,
    native: {
      aws: BAD_HOSTS.flatMap((host) => [
        alb({ host }),
        nameless({ host }),
        httpEventIn("rest-api", domain(host), get({}), { headers: { host }, multiValueHeaders: null }),
      ]),
      // The Functions host refuses such a request; the URL comes from it.
      azure: [azureRequest({ url: "https://localhost/in", headers: { host: "evil.example/x?" } })],
      gcp: BAD_HOSTS.map((host) => get({ host })),
      node: BAD_HOSTS.map((host) => get({ host })),
    },
    expect: { seen: origin("https://localhost") },
    expectOn: { node: { seen: origin("http://localhost") } },
  },
  ...(
    [
      ["https", "https"],
      ["http", "http"],
      ["HTTP", "http"],
      ["Https", "https"],
      ["", "https"],
      ["gopher", "https"],
      ["javascript:", "https"],
    ] as const
  ).map(
    ([forwarded, scheme]): Case => ({
      id: "R31",
      title: `reads ${JSON.stringify(forwarded)} as the scheme ${scheme}`,
      define: seeing(({ url }) => url),
      options: { node: { trustProxy: true } },
      native: {
        aws: [alb({ ...HOST, "x-forwarded-proto": forwarded })],
        azure: [
          azureRequest({ url: `${scheme}://shop.example/in`, headers: { "x-forwarded-proto": forwarded } }),
        ],
        gcp: [get({ ...HOST, "x-forwarded-proto": forwarded })],
        node: [get({ ...HOST, "x-forwarded-proto": forwarded })],
      },
      expect: { seen: [`${scheme}://shop.example/in`] },
      // Without TLS of its own a server needs to be told; anything else is what it sees itself.
      expectOn: { node: { seen: [`${/^https$/i.test(forwarded) ? "https" : "http"}://shop.example/in`] } },
    }),
  ),
  ...(
    [
      ["http,https", "http"],
      [" https , http", "https"],
      ["HTTP, HTTPS", "http"],
    ] as const
  ).map(
    ([forwarded, first]): Case => ({
      id: "R31",
      title: `takes one of several schemes, "${forwarded}"`,
      decision:
        "The fronts of AWS and Google write the header themselves, so that its first value is theirs or of a proxy that they " +
        "were told to trust. A server of one's own trusts the proxy in front of it, which appends.",
      define: seeing(({ url }) => url),
      options: { node: { trustProxy: true } },
      native: {
        aws: [alb({ ...HOST, "x-forwarded-proto": forwarded })],
        azure: [azureRequest({ url: `${first}://shop.example/in` })],
        gcp: [get({ ...HOST, "x-forwarded-proto": forwarded })],
        node: [get({ ...HOST, "x-forwarded-proto": forwarded })],
      },
      expect: { seen: [`${first}://shop.example/in`] },
      expectOn: { node: { seen: [`${first === "http" ? "https" : "http"}://shop.example/in`] } },
    }),
  ),
  {
    id: "R31",
    title: "believes no scheme that it was not told to",
    define: seeing(({ url }) => url.split(":")[0]),
    native: {
      aws: [alb(HOST), nameless(HOST)],
      azure: [azureRequest({ url: "https://shop.example/in", headers: { "x-forwarded-proto": "http" } })],
      gcp: [get(HOST)],
      node: [get(HOST), get({ ...HOST, "x-forwarded-proto": "https" })],
    },
    expect: { seen: ["https"] },
    expectOn: { node: { seen: ["http"] } },
  },
];

import type { FunctionName } from "../functions.ts";
import type { OwnSeeds } from "./aws.ts";
import { GCP_SEEDS } from "./gcp.ts";
import { cloudEvents, ORDER, post, type SentRequest } from "./requests.ts";

/** The requests that mean the same to every server. */
const PLAIN = ["a request", "a get", "an order", "an upload", "a form", "preflight"];

const EVENTS: Readonly<Partial<Record<FunctionName, Readonly<Record<string, unknown>>>>> = {
  queue: { type: "order.placed", data: { password: "hunter2-data" }, partitionkey: "a", deliverycount: "2" },
  orders: { type: "order.placed", data: JSON.parse(ORDER) as unknown },
  batch: { type: "order.placed", data_base64: "/////w==", datacontenttype: "application/octet-stream" },
  topic: { type: "order.placed", subject: "hello", data: "hunter2-text", datacontenttype: "text/plain" },
  schedule: { type: "tick" },
  storage: {
    type: "object.changed",
    data: {
      action: "created",
      bucket: "images",
      key: "a b.jpg",
      size: 5,
      etag: "e",
      time: "2024-03-01T12:00:00Z",
    },
  },
  changes: {
    type: "document.changed",
    data: {
      action: "updated",
      keys: { id: "42" },
      before: { n: 1 },
      after: { n: 2 },
      sequence: "1",
      expired: false,
    },
  },
  stream: { type: "click", data: { page: 1 }, partitionkey: "a", partition: "0", sequence: "1", offset: "1" },
  streams: { type: "click", data: { page: 1 }, partitionkey: "a" },
  bus: { type: "com.shop.order", data: { password: "hunter2-data" }, datacontenttype: "application/json" },
};

const SECRETS = "Authorization: Bearer hunter2-token\r\nCookie: session=hunter2-session\r\n";
const CLOSE = "Host: shop.example\r\nConnection: close\r\n";

/** Bytes as they stand on the wire, most of them no HTTP. */
const WIRE: Readonly<Record<string, string>> = {
  get: `GET /a?sig=hunter2-sas HTTP/1.1\r\n${CLOSE}${SECRETS}\r\n`,
  pipeline: `GET /a HTTP/1.1\r\nHost: a\r\n${SECRETS}\r\nPOST /_events/queue HTTP/1.1\r\n${CLOSE}Content-Length: 2\r\n\r\n{}`,
  chunks: `POST /a HTTP/1.1\r\n${CLOSE}Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n`,
  smuggle: `POST /a HTTP/1.1\r\n${CLOSE}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /b HTTP/1.1\r\n\r\n`,
  lengths: `POST /a HTTP/1.1\r\n${CLOSE}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`,
  negative: `POST /a HTTP/1.1\r\n${CLOSE}Content-Length: -1\r\n\r\n`,
  short: `POST /a HTTP/1.1\r\n${CLOSE}Content-Length: 500\r\n\r\nhello`,
  large: `POST /a HTTP/1.1\r\n${CLOSE}Content-Length: 99999999999\r\n\r\nhello`,
  folded: `GET /a HTTP/1.1\r\n${CLOSE}X-A: 1\r\n  2\r\n\r\n`,
  absolute: `GET http://user:pw@evil.example:99999/a?b#c HTTP/1.1\r\n${CLOSE}\r\n`,
  fragment: `GET /a#b?c HTTP/1.1\r\n${CLOSE}\r\n`,
  asterisk: `OPTIONS * HTTP/1.1\r\n${CLOSE}\r\n`,
  authority: `CONNECT evil.example:443 HTTP/1.1\r\n${CLOSE}\r\n`,
  continue: `POST /a HTTP/1.1\r\n${CLOSE}Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi`,
  expect: `POST /a HTTP/1.1\r\n${CLOSE}Expect: hunter2-expectation\r\nContent-Length: 2\r\n\r\nhi`,
  upgrade: `GET /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\n\r\n`,
  old: "GET /a HTTP/1.0\r\n\r\n",
  older: "GET /a\r\n",
  newer: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  tls: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  traversal: `GET /../../..%2f..%5cetc/passwd HTTP/1.1\r\n${CLOSE}\r\n`,
  bytes: `GET /\xe9\xff\x80?q=\xff HTTP/1.1\r\n${CLOSE}X-Echo: \xe9\xff\r\n\r\n`,
  hosts: `GET /a HTTP/1.1\r\nHost: a\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
  "no host": "GET /a HTTP/1.1\r\nConnection: close\r\n\r\n",
  "many headers": `GET /a HTTP/1.1\r\n${CLOSE}${"a: b\r\n".repeat(10_000)}\r\n`,
  "long header": `GET /a HTTP/1.1\r\n${CLOSE}x: ${"y".repeat(20_000)}\r\n\r\n`,
  "long path": `GET /${"a".repeat(20_000)} HTTP/1.1\r\n${CLOSE}\r\n`,
  cookies: `GET /a HTTP/1.1\r\n${CLOSE}Cookie: ${"a=b; ".repeat(2_000)}\r\n\r\n`,
};

const eventSeeds = Object.entries(EVENTS).flatMap(([name, event]) =>
  Object.entries(cloudEvents(`/_events/${name}`, event)).map(
    ([mode, request]) => [`${name}, ${mode}`, [[name as FunctionName], request as SentRequest]] as const,
  ),
);

export const NODE_SEEDS: OwnSeeds = {
  ...Object.fromEntries(PLAIN.map((name) => [name, GCP_SEEDS[name] as OwnSeeds[string]])),
  ...Object.fromEntries(eventSeeds),
  "a call": [["direct"], post("/_events/direct", { password: "hunter2-input" })],
  "an order's call": [["vat"], post("/_events/vat", ORDER)],
  ...Object.fromEntries(
    Object.entries(WIRE).map(([name, wire]) => [`wire: ${name}`, [["http"], { wire }]] as const),
  ),
};

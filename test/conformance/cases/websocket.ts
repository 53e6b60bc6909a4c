import { AnyfnError, defineFunction, HttpError, http } from "@anyfn/core";
import { expect } from "vitest";
import type { Case, See } from "../case.ts";
import { SOCKET_CONNECT, SOCKET_WITH_METHOD, socketEvent } from "../payloads/aws/relatives.ts";
import { azureRequest } from "../payloads/azure/http.ts";
import { noRequests, seeRequest } from "../payloads/relatives.ts";

const DECISION =
  "There is no WebSocket trigger: a socket outlives its function on every target. A payload of a WebSocket API is refused, and " +
  "an upgrade is a request like any other (RFC 9110, 7.8): what the function answers, which is never 101, ends the handshake.";

const HANDSHAKE = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};
const lines = Object.entries(HANDSHAKE);
const wire = `GET /chat?room=1&room=2 HTTP/1.1\r\nHost: shop.example\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}Connection: close\r\n\r\n`;
/** A masked text frame of "Hello" and a closing frame, as RFC 6455 has them. */
const FRAMES = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58\x88\x80\x37\xfa\x21\x3d";

const seeRooms = (see: See) =>
  defineFunction({
    trigger: http.get("/chat"),
    handler: ({ query, headers }) => see([query.getAll("room"), headers["sec-websocket-key"]]),
  });

/** What becomes of WebSockets. */
export const WEBSOCKET: readonly Case[] = [
  {
    id: "W1",
    title: "refuses a WebSocket API's connect, message and disconnect",
    decision: DECISION,
    ...noRequests([
      SOCKET_CONNECT,
      SOCKET_WITH_METHOD,
      socketEvent("CONNECT"),
      socketEvent("MESSAGE", { body: '{"action":"say"}' }),
      socketEvent("DISCONNECT"),
    ]),
  },
  {
    id: "W1",
    title: "takes the handshake for a GET, with every value of its query, and never switches protocols",
    decision: DECISION,
    define: seeRooms,
    request: {
      method: "GET",
      url: "/chat?room=1&room=2",
      headers: lines.filter(([name]) => name !== "connection"),
    },
    native: {
      gcp: [{ method: "GET", url: "/chat?room=1&room=2", headers: lines }],
      node: [{ method: "GET", url: "/chat?room=1&room=2", headers: lines }],
    },
    // A load balancer with single values passes on the last of repeated ones.
    expect: { seen: [[["1", "2"], HANDSHAKE["sec-websocket-key"]]], reply: { status: 204 } },
    expectOn: { alb: { seen: [[["2"], HANDSHAKE["sec-websocket-key"]]] } },
  },
  {
    id: "W2",
    title: "refuses a message's bytes before anything is made of them",
    decision: DECISION,
    ...noRequests([
      socketEvent("MESSAGE", { body: "AP/+iQ==", isBase64Encoded: true }),
      socketEvent("MESSAGE", { body: "\u0000 no base64 \ud800", isBase64Encoded: true }),
      socketEvent("MESSAGE", { body: null }),
    ]),
  },
  {
    id: "W3",
    title: "lets the function turn a handshake away with its own status",
    decision: DECISION,
    define: (see) =>
      defineFunction({
        trigger: http.get("/chat"),
        handler: ({ headers }) => {
          see(headers.upgrade);
          throw new HttpError(401, "Sign in first.", { headers: { "www-authenticate": "Bearer" } });
        },
      }),
    request: { method: "GET", url: "/chat", headers: lines.filter(([name]) => name !== "connection") },
    expect: {
      seen: ["websocket"],
      reply: { status: 401, headers: { "www-authenticate": "Bearer" } },
    },
  },
  {
    id: "W4",
    title: "hands no frame to a function that would have to send to a closed connection",
    decision: `${DECISION} So nothing can be sent to a connection either.`,
    define: seeRequest,
    native: {
      aws: [socketEvent("MESSAGE", { body: "Hello" })],
      azure: [azureRequest({ headers: HANDSHAKE, url: "https://shop.azurewebsites.net/chat?room=1&room=2" })],
      gcp: [{ wire: wire + FRAMES }],
      node: [{ wire: wire + FRAMES }],
    },
    expect: { seen: ["GET /chat "], reply: { status: 204 } },
    expectOn: { aws: { seen: [], reply: undefined, error: "unknown-payload" } },
  },
  {
    id: "W5",
    title: "says of a WebSocket trigger that there is none, and what comes nearest",
    decision: `${DECISION} The declaration itself is refused, so that every target's build ends there.`,
    define: seeRequest,
    scenario: async () => {
      for (const kind of ["websocket", "ws", "webSocket"]) {
        const declare = () => defineFunction({ trigger: { kind }, handler: () => {} } as never);
        expect(declare).toThrow(AnyfnError);
        expect(declare).toThrow(expect.objectContaining({ code: "invalid-definition" }));
        expect(declare).toThrow(new RegExp(`"${kind}".*http, queue, .*direct.*server-sent events`));
      }
    },
  },
];

import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import type { Hono } from "hono";
import { honoApp } from "../../cases/hono-app.ts";
import type { Handler, Kind, Peer } from "../../cases/peer.ts";
import { app, started } from "./_app.ts";

/** Hono behind the library: its request becomes a `Request`, the `Response` becomes its answer. */
export const peer: Peer = {
  get: () => make("get"),
  post: () => make("post"),
};

function make(kind: Exclude<Kind, "queue">): Promise<Handler> {
  const hono = honoApp(kind);
  app.http("hono", {
    methods: ["GET", "POST"],
    authLevel: "anonymous",
    route: "{*path}",
    handler: (request) => answer(hono, request),
  });
  return started();
}

async function answer(hono: Hono, request: HttpRequest): Promise<HttpResponseInit> {
  const { url, method } = request;
  const headers = new Headers();
  for (const [name, value] of request.headers) headers.set(name, value);
  const body = method === "GET" ? null : await request.arrayBuffer();
  const response = await hono.fetch(new Request(url, { method, headers, body }));
  const cookies = response.headers.getSetCookie().map(toCookie);
  response.headers.delete("set-cookie");
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    cookies,
    body: await response.text(),
  };
}

type Cookie = NonNullable<HttpResponseInit["cookies"]>[number];

/** The host takes cookies apart from headers; these are the attributes that the application uses. */
function toCookie(header: string): Cookie {
  const [pair = "", ...attributes] = header.split("; ");
  const [name = "", value = ""] = pair.split("=");
  const cookie: Cookie = { name, value };
  for (const attribute of attributes) {
    const [key = "", text] = attribute.split("=");
    if (key === "Path" && text !== undefined) cookie.path = text;
    if (key === "HttpOnly") cookie.httpOnly = true;
    if (key === "Secure") cookie.secure = true;
    if (key === "SameSite") cookie.sameSite = text as "Lax";
  }
  return cookie;
}

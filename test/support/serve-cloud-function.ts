import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { AnyFunction } from "@anyfn/core";
import { type CloudOptions, toCloudFunction } from "@anyfn/gcp";
import { http as registerHttp } from "@google-cloud/functions-framework";
import { getTestServer } from "@google-cloud/functions-framework/testing";
import { afterEach, beforeEach, expect, vi } from "vitest";
import type { HeaderLine, TimedResponse } from "../runtimes/hosts/host.ts";
import { type SendOptions, sendHttp } from "../runtimes/hosts/http.ts";

const servers: Server[] = [];

/** Closes what {@link serve} opened, and keeps the log off the terminal: the list has its lines. */
export function setUp(): string[] {
  const logged: string[] = [];
  beforeEach(() => {
    vi.spyOn(process.stdout, "write").mockImplementation((line) => logged.push(String(line)) > 0);
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
    logged.length = 0;
    vi.restoreAllMocks();
  });
  return logged;
}

/** Serves a function with the genuine framework and gives the port; the name is registered anew each time. */
export async function serve(definition: AnyFunction, options: CloudOptions = {}): Promise<number> {
  registerHttp("under-test", toCloudFunction(definition, { name: "under-test", env: {}, ...options }));
  const server = getTestServer("under-test");
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

/** A request as the tests write it. */
export interface Sent {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: readonly HeaderLine[];
  readonly body?: Uint8Array | string;
}

/** Sends a request as it stands. */
export function send(port: number, request: Sent, options?: SendOptions): Promise<TimedResponse> {
  const { method = "GET", url = "/", headers, body } = request;
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  return sendHttp(port, { method, url, headers, body: bytes }, options);
}

/** The body of an answer as text. */
export function textOf(answer: TimedResponse): string {
  return Buffer.from(answer.body).toString();
}

/** The body of an answer as JSON. */
export function jsonOf(answer: TimedResponse): unknown {
  return JSON.parse(textOf(answer));
}

/** A POST of JSON. */
export function post(url: string, body: unknown, type = "application/json"): Sent {
  return { method: "POST", url, headers: [["Content-Type", type]], body: JSON.stringify(body) };
}

/** Sends a delivery to a function, expects that it is done, and gives what the handler saw. */
export async function deliver<Event>(
  make: (see: (event: Event) => void) => AnyFunction,
  request: Sent,
): Promise<Event[]> {
  const seen: Event[] = [];
  const answer = await send(await serve(make((event) => seen.push(event))), { method: "POST", ...request });
  expect(answer.status, textOf(answer)).toBe(204);
  expect(answer.body).toHaveLength(0);
  return seen;
}

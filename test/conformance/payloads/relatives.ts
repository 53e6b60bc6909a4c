import { defineFunction, http } from "@anyfn/core";
import type { Case, See } from "../case.ts";
import { azureRequest } from "./azure/http.ts";
import { post } from "./http.ts";

/** A function that takes any request, and notes its method, path and body. */
export const seeRequest = (see: See) =>
  defineFunction({
    trigger: http.any("/{rest+}"),
    handler: async ({ method, path, text }) => see(`${method} ${path} ${await text()}`),
  });

/**
 * Events of Lambda that are like a request and are none for us: refused there by their keys, while the same JSON is the
 * body of a request like any other on the web.
 */
export function noRequests(
  events: readonly object[],
): Pick<Case, "define" | "native" | "expect" | "expectOn"> {
  const bodies = events.map((event) => JSON.stringify(event));
  const requests = bodies.map((body) => post("/in", body));
  const headers = { "content-type": "application/json" };
  return {
    define: seeRequest,
    native: {
      aws: events,
      azure: bodies.map((body) => azureRequest({ method: "POST", headers, body })),
      gcp: requests,
      node: requests,
    },
    expect: { reply: { status: 204 } },
    expectOn: {
      aws: {
        seen: [],
        reply: undefined,
        error: "unknown-payload",
        message: /^\[aws\/http\] The event is none of .*HTTP API, REST API, function URL or load balancer/,
      },
    },
  };
}

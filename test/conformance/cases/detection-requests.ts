import { defineFunction, http } from "@anyfn/core";
import type { Case } from "../case.ts";
import { httpEvent } from "../payloads/aws/http.ts";
import { records, sqsRecord } from "../payloads/aws/messages.ts";
import { azureRequest } from "../payloads/azure/http.ts";
import { post } from "../payloads/http.ts";

/** What does not make a request anything else, and is not looked at. */
export const REQUEST_DETECTION: readonly Case[] = [
  {
    id: "D13",
    title: "takes a request with another source's headers, query and body for a request",
    define: (see) =>
      defineFunction({
        trigger: http.any("/{rest+}"),
        handler: async ({ path, query, text }) => see([path, query.get("eventSource"), await text()]),
      }),
    request: post("/in?eventSource=aws:sqs", JSON.stringify(records(sqsRecord("x"))), "application/json", [
      ["ce-id", "e-1"],
      ["ce-type", "order.placed"],
      ["ce-source", "/shop"],
      ["ce-specversion", "1.0"],
      ["aeg-event-type", "SubscriptionValidation"],
      ["x-cloudscheduler", "true"],
      ["x-goog-pubsub-message-id", "m-1"],
    ]),
    expect: { seen: [["/in", "aws:sqs", JSON.stringify(records(sqsRecord("x")))]], reply: { status: 204 } },
  },
  {
    id: "D14",
    title: "tells what an event is without walking through it",
    define: (see) => defineFunction({ trigger: http.any("/{rest+}"), handler: ({ path }) => see(path) }),
    native: {
      aws: [untouchable("http-api"), untouchable("rest-api"), untouchable("alb")],
      azure: [
        azureRequest({
          method: "POST",
          body: "{".repeat(500_000),
          headers: { "content-type": "application/json" },
        }),
      ],
      gcp: [post("/in", "{".repeat(500_000))],
      node: [post("/in", "{".repeat(500_000))],
    },
    expect: { seen: ["/in"], reply: { status: 204 } },
  },
];

/** An event of which no part may be listed or copied, and no body read, before the handler asks for it. */
function untouchable(kind: "http-api" | "rest-api" | "alb"): object {
  const refuse = (): never => {
    throw new Error("The event was walked through.");
  };
  const event = httpEvent(kind, { url: "/in" });
  Object.defineProperty(event, "body", { get: refuse });
  return new Proxy(event, { ownKeys: refuse });
}

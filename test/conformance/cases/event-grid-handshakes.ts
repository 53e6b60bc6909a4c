import { bus, defineFunction } from "@anyfn/core";
import type { Case, Expectation, See } from "../case.ts";
import { httpEvent } from "../payloads/aws/http.ts";
import { gridEvent, gridHook, gridValidation } from "../payloads/azure/event-grid.ts";
import { ON_WEB_HOOK } from "../payloads/cloudevents.ts";
import { post } from "../payloads/http.ts";
import { EVENTS } from "../payloads/node/cloudevents.ts";

const seeId = (see: See) => defineFunction({ trigger: bus("shop"), handler: ({ id }) => see(id) });

const REFUSED: Expectation = { error: "unknown-payload", reply: { status: 400 } };
const CODE = "512d38b6-c7b8-40c8-89fe-f46f9e9622b6";
const VALIDATION = JSON.stringify([gridValidation()]);

/** The question of Event Grid before its first CloudEvent, to each provider. */
const asked = (origin: string | undefined, rate?: string): NonNullable<Case["native"]> => {
  const headers = [
    ...(origin === undefined ? [] : [["webhook-request-origin", origin] as const]),
    ...(rate === undefined ? [] : [["webhook-request-rate", rate] as const]),
    ["webhook-request-callback", "https://rp-westeurope.eventgrid.azure.net/validate?id=1"] as const,
  ];
  const request = { method: "OPTIONS", headers };
  return {
    aws: [httpEvent("http-api", { ...request, url: "/" })],
    azure: [gridHook("", headers, "OPTIONS")],
    gcp: [{ ...request, url: "/" }],
    node: [{ ...request, url: EVENTS }],
  };
};

/** No provider without Event Grid agrees to anything. */
const SILENT = {
  aws: { error: "unknown-payload" },
  gcp: { error: "unknown-payload", reply: { headers: { "webhook-allowed-origin": undefined } } },
  node: { reply: { headers: { "webhook-allowed-origin": undefined, "webhook-allowed-rate": undefined } } },
} as const;

const agreed = (origin: string, rate: string): Expectation => ({
  reply: {
    status: 200,
    headers: { "webhook-allowed-origin": origin, "webhook-allowed-rate": rate },
    body: "",
  },
});
const DENIED: Expectation = {
  error: "any",
  reply: { status: 403, headers: { "webhook-allowed-origin": undefined, "webhook-allowed-rate": undefined } },
};

/** What Event Grid asks before it delivers. */
export const EVENT_GRID_HANDSHAKES: readonly Case[] = [
  {
    id: "E8",
    title:
      "answers the handshake of the Event Grid schema with 200 and the code, without calling the handler",
    decision: "Who has no web hook of Event Grid refuses the handshake, so that no subscription comes to be.",
    define: seeId,
    options: ON_WEB_HOOK,
    native: {
      aws: [[gridValidation()], httpEvent("http-api", { ...post("/", VALIDATION) })],
      azure: [
        gridHook(VALIDATION, [["aeg-event-type", "SubscriptionValidation"]]),
        gridHook(VALIDATION),
        gridHook(JSON.stringify(gridValidation()), [["aeg-event-type", "SubscriptionValidation"]]),
        gridHook(`\ufeff${VALIDATION}`),
      ],
      gcp: [post("/", VALIDATION, "application/json", [["aeg-event-type", "SubscriptionValidation"]])],
      node: [post(EVENTS, VALIDATION, "application/json", [["aeg-event-type", "SubscriptionValidation"]])],
    },
    expect: { seen: [] },
    expectOn: {
      aws: { error: "unknown-payload" },
      azure: {
        reply: {
          status: 200,
          headers: { "content-type": /^application\/json/ },
          body: { validationResponse: CODE },
        },
      },
      gcp: REFUSED,
      node: REFUSED,
    },
  },
  {
    id: "E8",
    title: "takes no event for a handshake that comes with others or without a code",
    needs: { trigger: "bus", source: "Event Grid web hook" },
    define: seeId,
    options: ON_WEB_HOOK,
    native: {
      azure: [
        gridHook(JSON.stringify([gridEvent({ id: "e-1" }), gridValidation({ id: "e-2" })])),
        gridHook(JSON.stringify([gridValidation({ id: "e-1" }), gridEvent({ id: "e-2" })])),
      ],
    },
    expect: { seen: ["e-1", "e-2"], reply: { status: 200, body: "" } },
  },
  {
    id: "E9",
    title: "agrees to CloudEvents of Event Grid's own origin",
    decision: "A plain server has no list of origins, and agrees to none by staying silent.",
    define: seeId,
    options: ON_WEB_HOOK,
    native: asked("eventgrid.azure.net"),
    expect: { seen: [] },
    expectOn: { ...SILENT, azure: agreed("eventgrid.azure.net", "*") },
  },
  {
    id: "E9",
    title: "agrees to the rate that is asked for",
    define: seeId,
    options: ON_WEB_HOOK,
    native: asked("eventgrid.azure.net", "120"),
    expect: { seen: [] },
    expectOn: { ...SILENT, azure: agreed("eventgrid.azure.net", "120") },
  },
  {
    id: "E9",
    title: "reflects no rate that is none",
    define: seeId,
    options: ON_WEB_HOOK,
    native: asked("eventgrid.azure.net", "<b>fast</b>"),
    expect: { seen: [] },
    expectOn: { ...SILENT, azure: agreed("eventgrid.azure.net", "*") },
  },
  {
    id: "E9",
    title: "agrees to the origin of another cloud where it is set",
    define: seeId,
    options: {
      azure: { buses: { shop: { source: "event-grid-webhook", origins: ["eventgrid.azure.us"] } } },
    },
    native: asked("eventgrid.azure.us"),
    expect: { seen: [] },
    expectOn: { ...SILENT, azure: agreed("eventgrid.azure.us", "*") },
  },
  ...[undefined, "", "evil.example", "eventgrid.azure.net.evil.example", "*", "eventgrid.azure.us"].map(
    (origin): Case => ({
      id: "E9",
      title: `agrees to no other origin: ${origin === undefined ? "none" : `"${origin}"`}`,
      define: seeId,
      options: ON_WEB_HOOK,
      native: asked(origin),
      expect: { seen: [] },
      expectOn: { ...SILENT, azure: DENIED },
    }),
  ),
];

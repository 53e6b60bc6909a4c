import { defineFunction, http, reply } from "@anyfn/core";
import { expect } from "vitest";
import { toHttpTrigger } from "../../runtimes/hosts/azure-http.ts";
import type { Case, Expectation, Front } from "../case.ts";
import { answering, GET } from "../payloads/answers.ts";
import { cloudFrontEvent } from "../payloads/aws/cloudfront.ts";
import { post } from "../payloads/http.ts";

const MB = 1_000_000;
const MIB = 1024 * 1024;
/** The largest answers in bytes: of Lambda and of a load balancer as JSON, of Cloud Run as they are. */
const LIMITS = { lambda: 6_291_556, alb: MIB, cloudRun: 32 * MIB } as const;
const LAMBDA: readonly Front[] = ["http-api", "function-url", "rest-api"];
const ALB: readonly Front[] = ["alb", "alb-multi-value"];

/** An answer that cannot be delivered: it says so, and how large it is. */
function tooLarge(limit: number): Expectation {
  return {
    reply: {
      status: 500,
      headers: { "content-type": "application/problem+json", "x-request-id": /^\S+$/ },
      body: {
        title: "Internal Server Error",
        status: 500,
        detail: expect.stringMatching(new RegExp(`has \\d{7,8} bytes.* at most ${limit} `)),
        requestId: expect.stringMatching(/./),
      },
    },
    logged: [new RegExp(`at most ${limit} `)],
  };
}

const TOO_LARGE: Readonly<Record<keyof typeof LIMITS, Case["expectOn"]>> = {
  lambda: Object.fromEntries(LAMBDA.map((front) => [front, tooLarge(LIMITS.lambda)])),
  alb: Object.fromEntries(ALB.map((front) => [front, tooLarge(LIMITS.alb)])),
  cloudRun: { gcp: tooLarge(LIMITS.cloudRun) },
};

/** What is sent, and for which limits that is too much. */
const BODIES: readonly (readonly [string, string | Uint8Array, readonly (keyof typeof LIMITS)[]])[] = [
  ["1,000,000 characters", "a".repeat(MB), []],
  ["1 MiB of text", "a".repeat(MIB), ["alb"]],
  ["half of what a load balancer takes, in quotes", '"'.repeat(MIB / 2), ["alb"]],
  ["bytes that base64 makes more than a load balancer takes", new Uint8Array(0.8 * MB).fill(0xff), ["alb"]],
  ["6,291,000 characters", "a".repeat(6_291_000), ["alb"]],
  ["7 MB of text", "a".repeat(7 * MB), ["alb", "lambda"]],
  ["3.2 million quotes, of which JSON makes two bytes each", '"'.repeat(3.2 * MB), ["alb", "lambda"]],
  [
    "1.1 million control characters, of which JSON makes six bytes each",
    "\u0001".repeat(1.1 * MB),
    ["alb", "lambda"],
  ],
  ["3.2 million letters of two bytes", "é".repeat(3.2 * MB), ["alb", "lambda"]],
  ["4.6 MB of bytes", new Uint8Array(4.6 * MB).fill(0xff), ["alb"]],
  ["4.8 MB of bytes, of which base64 makes 6.4", new Uint8Array(4.8 * MB).fill(0xff), ["alb", "lambda"]],
  ["32 MiB of text", "a".repeat(32 * MIB), ["alb", "lambda"]],
  ["32 MiB and a byte", `${"é".repeat(16 * MIB)}a`, ["alb", "lambda", "cloudRun"]],
];

const EDGE = post("/it", JSON.stringify(cloudFrontEvent()));

/** How large an answer may be. */
export const ANSWER_LIMITS: readonly Case[] = [
  ...BODIES.map(
    ([what, body, limits]): Case => ({
      id: "S21",
      title: `delivers ${what}, or says that it cannot`,
      ...(limits.length === 0
        ? {}
        : { decision: "500 and not 413: the request is not too large, the answer is." }),
      define: answering(() => body),
      request: GET,
      // What is too much for all of them is shown at one.
      except: body.length < 10 * MB ? [] : ["http-api", "rest-api", ...ALB],
      expect: { reply: { status: 200, ...(typeof body === "string" ? { body } : {}) } },
      expectOn: Object.assign({}, ...limits.map((limit) => TOO_LARGE[limit])),
    }),
  ),
  {
    id: "S21",
    title: "says that the pieces of a stream are too many together where it must collect them",
    define: answering(() => reply(pieces(), { headers: { "content-type": "text/plain" } })),
    request: GET,
    expect: { reply: { status: 200, body: "a".repeat(7 * MIB) } },
    expectOn: { ...TOO_LARGE.lambda, ...TOO_LARGE.alb },
  },
  {
    id: "S21",
    title: "sends no cookie with an answer that it replaces",
    define: answering(() => reply("a".repeat(7 * MIB), { cookies: ["sid=1"] })),
    request: GET,
    expect: { reply: { status: 200, cookies: [/^sid=1/] } },
    expectOn: { aws: { reply: { status: 500, cookies: [] } } },
  },
  {
    id: "S24",
    title: "refuses the events of Lambda@Edge",
    unconfirmed: true,
    decision:
      "Lambda@Edge is no target: it has no environment variables, takes 1 MB and forbids headers. A function that is " +
      "connected to it fails at once and says so. To other providers its event is a body like any other.",
    define: (see) =>
      defineFunction({
        trigger: http.any("/it"),
        handler: async ({ json }) => see(Object.keys((await json()) as object)),
      }),
    native: {
      aws: [cloudFrontEvent()],
      azure: [toHttpTrigger(EDGE, {})],
      gcp: [EDGE],
      node: [EDGE],
    },
    expect: { seen: [["Records"]] },
    expectOn: { aws: { seen: [], error: "unknown-payload", message: /"Records"/ } },
  },
];

async function* pieces(): AsyncGenerator<string> {
  for (let count = 0; count < 7; count++) yield "a".repeat(MIB);
}

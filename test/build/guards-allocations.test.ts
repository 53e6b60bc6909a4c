import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AllocationJob } from "./guards/allocations.ts";
import { buildAll, installProject } from "./guards/specimens.ts";
import { runNode } from "./node.ts";

const SOURCE = `import { defineFunction, http, queue } from "@anyfn/core";
import { z } from "zod";

const Order = z.object({ sku: z.string(), quantity: z.int().positive() });

export const get = defineFunction({
  trigger: http.get("/shops/{shop}/orders/{id}"),
  handler: ({ params, query, headers }) => ({ ...params, page: query.get("page"), agent: headers["user-agent"] }),
});
export const post = defineFunction({
  trigger: http.post("/orders", { body: Order }),
  handler: ({ body }) => ({ sku: body.sku }),
});
export const work = defineFunction({
  trigger: queue("work", { message: Order }),
  handler: async ({ data }) => {
    if (data.quantity === 0) throw new Error("There is nothing to do.");
  },
});
`;

/** Without these compilers the same calls take the same bytes each time, and a little more than they do with them. */
const FLAGS = [
  "--expose-gc",
  "--no-opt",
  "--no-maglev",
  "--min-semi-space-size=64",
  "--max-semi-space-size=64",
];

const order = JSON.stringify({ sku: "a-1", quantity: 2 });
const headers = {
  host: "shop.example",
  "user-agent": "tests",
  cookie: "session=s3cr3t; theme=dark",
  "content-type": "application/json",
  ...Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`x-header-${index}`, `value ${index}`])),
};
const httpEvent = (method: string, path: string, parts: object) => ({
  version: "2.0",
  rawPath: path,
  rawQueryString: "",
  headers,
  requestContext: { stage: "$default", requestId: "r-1", http: { method, path, sourceIp: "192.0.2.1" } },
  isBase64Encoded: false,
  ...parts,
});
const sqsRecord = (_: unknown, index: number) => ({
  messageId: `m-${index}`,
  body: order,
  attributes: { ApproximateReceiveCount: "1", SentTimestamp: "1773342238000" },
  messageAttributes: {},
  eventSource: "aws:sqs",
});
const path = "/shops/north/orders/7";
const get = httpEvent("GET", path, { rawQueryString: "page=2" });
const post = httpEvent("POST", "/orders", { body: order });
const batch = { Records: Array.from({ length: 10 }, sqsRecord) };
const request = { method: "GET", url: `${path}?page=2`, headers };

/** Bytes that a call took when the limit was set; it may take 15 % more. */
const CASES: readonly (Omit<AllocationJob, "bundle"> & { readonly what: string; readonly bytes: number })[] =
  [
    { what: "a GET on AWS", name: "get", bytes: 4556, target: "aws", sent: get },
    { what: "a POST with a schema on AWS", name: "post", bytes: 5255, target: "aws", sent: post },
    { what: "10 SQS messages with a schema", name: "work", bytes: 22_094, target: "aws", sent: batch },
    { what: "a GET on Google Cloud", name: "get", bytes: 14_921, target: "gcp", sent: request },
    { what: "a GET on Node", name: "get", bytes: 8596, target: "node", sent: request },
  ];

const project = installProject({ "src/functions.ts": SOURCE });
let built: Awaited<ReturnType<typeof buildAll>>;
beforeAll(async () => {
  built = await buildAll(project);
});
afterAll(() => project[Symbol.dispose]());

test.concurrent.each(CASES)("$what takes about $bytes bytes of heap", async ({ what, bytes, ...rest }) => {
  const found = built.find(
    ({ target, functions }) => target === rest.target && functions.includes(rest.name),
  );
  const job: AllocationJob = { ...rest, bundle: found?.bundle ?? "" };
  const file = join(import.meta.dirname, "guards/allocations.ts");
  const { stdout, stderr } = await runNode([...FLAGS, file, JSON.stringify(job)]);
  expect(stderr).toBe("");
  const taken = Number(stdout.trim().split("\n").at(-1));
  const limit = Math.floor(bytes * 1.15);
  expect(taken, `${what} takes ${taken} bytes, and ${limit} are allowed`).toBeLessThanOrEqual(limit);
  // What takes next to nothing has not run.
  expect(taken).toBeGreaterThan(bytes / 4);
});

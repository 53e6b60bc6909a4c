import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { TriggerKind } from "@anyfn/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LoadJob, LoadReport } from "./guards/load.ts";
import { isForeign, sourcesOf } from "./guards/origins.ts";
import {
  buildSpecimens,
  KINDS,
  type Specimen,
  type Specimens,
  TARGETS,
  type Target,
} from "./guards/specimens.ts";
import { runNode } from "./node.ts";

/** The most bytes of a hello world's bundle, compressed: as many as it had, rounded up to the next 256. */
const LIMITS: Readonly<Record<TriggerKind, Readonly<Record<Target, number>>>> = {
  http: { aws: 8 * 1024, azure: 26_880, gcp: 8448, node: 10_496 },
  queue: { aws: 6656, azure: 25_600, gcp: 12_800, node: 13_312 },
  topic: { aws: 7168, azure: 30_720, gcp: 12_544, node: 13_312 },
  schedule: { aws: 5888, azure: 24_832, gcp: 12_544, node: 12_800 },
  storage: { aws: 6656, azure: 29_952, gcp: 12_800, node: 12_800 },
  changes: { aws: 7168, azure: 25_088, gcp: 12_800, node: 13_056 },
  stream: { aws: 7424, azure: 25_856, gcp: 12_544, node: 13_312 },
  bus: { aws: 5376, azure: 29_184, gcp: 11_008, node: 12_544 },
  direct: { aws: 3328, azure: 25_344, gcp: 6656, node: 9216 },
};

let specimens: Specimens;
let traced: readonly { readonly specimen: Specimen; readonly sources: readonly string[] }[];
beforeAll(async () => {
  specimens = await buildSpecimens();
  traced = specimens.all.map((specimen) => ({ specimen, sources: sourcesOf(specimen) }));
});
afterAll(() => specimens[Symbol.dispose]());

describe("the bundle of a hello world", () => {
  test("exists for each trigger and target", () => {
    const built = specimens.all.map(({ target, kind }) => `${target}/${kind}`).sort();
    expect(built).toEqual(TARGETS.flatMap((target) => KINDS.map((kind) => `${target}/${kind}`)).sort());
  });

  test("has not grown", () => {
    const grown = specimens.all.flatMap(({ target, kind, bundle }) => {
      const bytes = gzipSync(readFileSync(bundle), { level: 9 }).length;
      const limit = LIMITS[kind][target];
      return bytes <= limit ? [] : [`${target}/${kind}: ${bytes} bytes, and ${limit} are allowed`];
    });
    expect(grown).toEqual([]);
  });

  test("has its trigger's sources", () => {
    const missing = traced.flatMap(({ specimen: { target, kind }, sources }) =>
      [
        "src/functions.ts",
        `adapters/${target}/src/triggers/${kind}.ts`,
        `packages/core/src/triggers/${kind}.ts`,
      ]
        .filter((source) => !sources.includes(source))
        .map((source) => `${target}/${kind}: ${source}`),
    );
    expect(missing).toEqual([]);
  });

  test("has no source of another provider or trigger", () => {
    const foreign = traced.flatMap(({ specimen, sources }) =>
      sources
        .filter((source) => isForeign(specimen, source))
        .map((source) => `${specimen.target}/${specimen.kind}: ${source}`),
    );
    expect(foreign).toEqual([]);
  });
});

const path = "/hello/world";
const hello = { method: "GET", path, headers: {} };
const httpV2 = {
  version: "2.0",
  rawPath: path,
  rawQueryString: "",
  headers: {},
  requestContext: { stage: "$default", http: { method: "GET", path, sourceIp: "192.0.2.1" } },
  isBase64Encoded: false,
};
const httpAzure = {
  method: "GET",
  url: `https://shop.azurewebsites.net${path}`,
  nullableHeaders: {},
  nullableQuery: {},
  nullableParams: { name: { value: "world" } },
};
const sqsRecord = { messageId: "m-1", body: "{}", attributes: {}, eventSource: "aws:sqs" };
const push = { message: { messageId: "m-1", data: "e30=" }, subscription: "projects/p/subscriptions/s" };
const cloudEvent = { specversion: "1.0", id: "m-1", source: "/tests", type: "job", data: {} };
const post = (url: string, type: string, value: object) => ({
  method: "POST",
  path: url,
  headers: { "content-type": type },
  body: JSON.stringify(value),
});

const world = '{"hello":"world"}';
const done = { status: 204, body: "" };

/** What to invoke an artifact with, and what it answers. */
const CALLS: Readonly<
  Record<Target, Partial<Record<TriggerKind, readonly [event: unknown, answer: object]>>>
> = {
  aws: {
    http: [httpV2, { statusCode: 200, body: world }],
    queue: [{ Records: [sqsRecord] }, { batchItemFailures: [] }],
  },
  azure: {
    http: [{ http: httpAzure }, { ok: true, returnValue: { http: { statusCode: "200" } } }],
    queue: [{ string: "{}" }, { ok: true }],
  },
  gcp: {
    http: [hello, { status: 200, body: world }],
    queue: [post("/", "application/json", push), done],
  },
  node: {
    http: [hello, { status: 200, body: world }],
    queue: [post("/_events/hello", "application/cloudevents+json", cloudEvent), done],
  },
};

/** What else loads something costly: servers, and Azure's library, which makes a `Request` of each request. */
const LOADED: Readonly<Record<Target, LoadReport["loaded"]>> = {
  aws: {},
  azure: { "node:http": "load" },
  gcp: { "node:http": "load" },
  node: { "node:http": "load" },
};

/** A process for each artifact that is invoked, and one for all the others of a target. */
const PROCESSES = TARGETS.flatMap((target) => {
  const [invoked, rest] = [
    KINDS.filter((kind) => CALLS[target][kind]),
    KINDS.filter((kind) => !CALLS[target][kind]),
  ];
  return [...invoked.map((kind) => [kind]), rest].map((kinds) => ({
    target,
    kinds,
    names: kinds.join(", "),
  }));
});

// `Request`, `Response` and `fetch` are undici's: the first touch costs 25 ms of a cold start.
test.concurrent.each(PROCESSES)(
  "artifacts of $target for $names load nothing costly",
  async ({ target, kinds }) => {
    const calls = kinds.map((kind) => ({
      kind,
      bundle: specimens.find(target, kind).bundle,
      call: CALLS[target][kind],
    }));
    const job: LoadJob = {
      target,
      artifacts: calls.map(({ bundle, call }) => ({ bundle, event: call?.[0] })),
    };
    const file = join(import.meta.dirname, "guards/load.ts");
    const { stdout, stderr } = await runNode([file, JSON.stringify(job)]);
    expect(stderr).toBe("");
    const { answers, loaded } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as LoadReport;
    expect(answers).toMatchObject(calls.flatMap(({ call }) => (call === undefined ? [] : [call[1]])));
    const isRequestOfAzure = target === "azure" && kinds.includes("http");
    expect(loaded).toEqual({ ...LOADED[target], ...(isRequestOfAzure && { undici: "invoke" }) });
  },
);

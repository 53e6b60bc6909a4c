import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "@anyfn/build";
import { nameFunctions } from "@anyfn/core/adapter";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as app from "./app/src/functions.ts";
import { comparable } from "./compare.ts";
import type { Delivered } from "./deliveries/delivery.ts";
import { EVENT_CASES } from "./event-cases.ts";
import type { GatewayKind } from "./hosts/index.ts";
import { HTTP_CASES } from "./http-cases.ts";
import { type RunningTarget, startTarget, TARGETS, type Target } from "./targets.ts";

const functions = nameFunctions(app);
const scratch = mkdtempSync(join(tmpdir(), "anyfn-parity-"));
const outDir = join(scratch, "dist");
/** Every front of Lambda beside the other targets. */
const FRONTS = {
  "aws http-api": ["aws", "http-api"],
  "aws function-url": ["aws", "function-url"],
  "aws rest-api": ["aws", "rest-api"],
  "aws alb": ["aws", "alb"],
  "aws alb-multi-value": ["aws", "alb-multi-value"],
  azure: ["azure", undefined],
  gcp: ["gcp", undefined],
  node: ["node", undefined],
} as const satisfies Record<string, readonly [Target, GatewayKind | undefined]>;
type FrontName = keyof typeof FRONTS;
const fronts = new Map<string, RunningTarget>();

beforeAll(async () => {
  await build({ cwd: join(import.meta.dirname, "app"), targets: TARGETS, outDir });
  await Promise.all(
    Object.entries(FRONTS).map(async ([name, [target, gateway]]) => {
      const env = { RECORD_FILE: recordFile(name) };
      const options = { directory: join(outDir, target), functions, env };
      fronts.set(name, await startTarget(target, gateway === undefined ? options : { ...options, gateway }));
    }),
  );
}, 60_000);

afterAll(async () => {
  await Promise.all([...fronts.values()].map((target) => target[Symbol.asyncDispose]()));
  rmSync(scratch, { recursive: true, force: true });
});

function recordFile(front: string): string {
  return join(scratch, `${front.replaceAll(" ", "-")}.jsonl`);
}

function front(name: FrontName): RunningTarget {
  const target = fronts.get(name);
  if (target === undefined) throw new Error(`${name} did not start.`);
  return target;
}

describe.each(Object.keys(FRONTS) as FrontName[])("HTTP on %s", (name) => {
  test.each(HTTP_CASES)("$name", async ({ request, lastValueOnAlb, headers, ...usual }) => {
    const { status, body } = (name === "aws alb" ? lastValueOnAlb : undefined) ?? usual;
    const answer = await front(name).request(request);
    const got = comparable(answer);
    expect({ status: got.status, body: decode(answer.body, body) }).toEqual({ status, body });
    if (headers !== undefined) expect(got.headers).toEqual(headers);
  });

  test("an unknown error is a 500 with a request id and nothing else", async () => {
    const answer = await front(name).request({ method: "GET", url: "/failing/secretly" });
    const body = JSON.parse(Buffer.from(answer.body).toString()) as { requestId: string };
    expect(answer.status).toBe(500);
    expect(body).toEqual({
      title: "Internal Server Error",
      status: 500,
      detail: "The function failed.",
      requestId: expect.any(String),
    });
    expect(body.requestId).not.toBe("");
    expect(Buffer.from(answer.body).toString()).not.toContain("secret detail");
    // What a process wrote may be read a moment after its answer.
    await expect.poll(() => front(name).logs()).toContain("secret detail");
  });

  test("an answer that HTTP cannot carry is a 500", async () => {
    const answer = await front(name).request({ method: "GET", url: "/failing/status" });
    expect(answer.status).toBe(500);
  });
});

function decode(bytes: Uint8Array, like: unknown): unknown {
  if (like instanceof Uint8Array) return new Uint8Array(bytes);
  const body = Buffer.from(bytes).toString();
  return typeof like === "string" ? body : JSON.parse(body);
}

describe("the same request gets the same answer on every front", () => {
  test.each(HTTP_CASES)("$name", async ({ request, lastValueOnAlb }) => {
    const names = Object.keys(FRONTS).filter((name) => name !== "aws alb" || lastValueOnAlb === undefined);
    const answers = await Promise.all(
      names.map(async (name) => [name, comparable(await front(name as FrontName).request(request))] as const),
    );
    const [, first] = answers[0] ?? [];
    for (const [name, answer] of answers) expect({ name, ...answer }).toEqual({ name, ...first });
  });
});

describe.each(TARGETS)("events on %s", (target) => {
  const name: FrontName = target === "aws" ? "aws http-api" : target;

  test.each(EVENT_CASES)("$name", async ({ functionName, delivery, delivered, recorded, except }) => {
    const before = readRecords(name).length;
    const verdicts = await front(name).deliver(functionName, delivery);
    const expected = { delivered, recorded, ...except?.[target] };
    expect(verdicts.map(({ status }) => status)).toEqual(expected.delivered);
    expect(readRecords(name).slice(before)).toEqual(expected.recorded);
  });

  test("a direct call has its output, or says what is wrong", async () => {
    const call = async (input: unknown): Promise<readonly Delivered[]> =>
      front(name).deliver("add", { trigger: "direct", events: [{ input }] });
    expect(await call({ a: 2, b: 3 })).toEqual([{ status: "done", output: { sum: 5 } }]);
    expect(await call({ a: "2", b: 3 })).toEqual([
      { status: "failed", reason: expect.stringContaining("input is not valid: a") },
    ]);
    expect(await call({ a: -1, b: 3 })).toEqual([{ status: "failed", reason: expect.any(String) }]);
  });
});

function readRecords(name: FrontName): Record<string, unknown>[] {
  try {
    return readFileSync(recordFile(name), "utf8")
      .trim()
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

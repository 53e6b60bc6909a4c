import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "@anyfn/build";
import { nameFunctions } from "@anyfn/core/adapter";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as images from "../../examples/images/src/functions.ts";
import * as orders from "../../examples/orders/src/functions.ts";
import * as readme from "../../examples/readme/src/functions.ts";
import * as rest from "../../examples/rest-api/src/functions.ts";
import { comparableCookie } from "./compare.ts";
import type { HeaderLine, TimedResponse } from "./hosts/index.ts";
import { type RunningTarget, startTarget, TARGETS } from "./targets.ts";

const scratch = mkdtempSync(join(tmpdir(), "anyfn-examples-"));
const examples = join(import.meta.dirname, "../../examples");

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Builds an example and starts it on every target, each with data of its own. */
function running(
  name: string,
  module: Readonly<Record<string, unknown>>,
  env: (data: string) => Record<string, string>,
): () => ReadonlyMap<string, RunningTarget> {
  const targets = new Map<string, RunningTarget>();
  const outDir = join(scratch, name, "dist");
  beforeAll(async () => {
    await build({ cwd: join(examples, name), targets: TARGETS, outDir });
    const functions = nameFunctions(module);
    for (const target of TARGETS) {
      const directory = join(outDir, target);
      targets.set(
        target,
        await startTarget(target, { directory, functions, env: env(join(scratch, name, target)) }),
      );
    }
  }, 60_000);
  afterAll(async () => {
    await Promise.all([...targets.values()].map((target) => target[Symbol.asyncDispose]()));
  });
  return () => targets;
}

function on(targets: ReadonlyMap<string, RunningTarget>, name: string): RunningTarget {
  const target = targets.get(name);
  if (target === undefined) throw new Error(`${name} did not start.`);
  return target;
}

const jsonOf = (response: TimedResponse): unknown => JSON.parse(Buffer.from(response.body).toString());
const headerOf = (response: TimedResponse, name: string): string[] =>
  response.headers.filter(([key]) => key === name).map(([, value]) => value);

function requesterOf(target: RunningTarget) {
  return (
    method: string,
    url: string,
    body?: unknown,
    headers: readonly HeaderLine[] = [],
  ): Promise<TimedResponse> =>
    target.request({
      method,
      url,
      headers: body === undefined ? headers : [["content-type", "application/json"], ...headers],
      ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
    });
}

describe("orders", () => {
  const targets = running("orders", orders, (data) => ({ ORDERS_DIR: data }));
  test.each(TARGETS)("an order is placed, shipped and shown on %s", async (name) => {
    const target = on(targets(), name);
    const send = requesterOf(target);
    const order = { customer: "ada@example.org", items: [{ sku: "cup-blue", quantity: 2 }] };
    const placed = await send("POST", "/orders", order, [["idempotency-key", "k1"]]);
    const { id } = jsonOf(placed) as { id: string };
    expect(placed.status).toBe(201);
    expect(headerOf(placed, "location")).toEqual([`/orders/${id}`]);
    expect(jsonOf(placed)).toEqual({ ...order, id, status: "placed", totalCents: 2500 });
    expect((await send("POST", "/orders", order, [["idempotency-key", "k1"]])).status).toBe(200);

    const message = (orderId: string): { id: string; data: unknown; attributes: Record<string, string> } => ({
      id: `m-${orderId}`,
      data: { orderId },
      attributes: {},
    });
    const delivered = await target.deliver("fulfil", {
      trigger: "queue",
      events: [message(id), message("none")],
    });
    expect(delivered.map(({ status }) => status)).toEqual(["done", "failed"]);
    expect(jsonOf(await send("GET", `/orders/${id}`))).toMatchObject({ status: "fulfilled" });
    expect(jsonOf(await send("GET", "/orders?status=placed"))).toEqual({ orders: [] });
    const tick = await target.deliver("nightly-report", {
      trigger: "schedule",
      events: [{ at: "2026-03-01T02:00:00Z" }],
    });
    expect(tick).toEqual([{ status: "done" }]);
  });
});

/** A PNG header of 640 × 480 pixels, followed by bytes that are no text. */
const PNG = Buffer.concat([
  Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
  Buffer.from([0, 0, 2, 128, 0, 0, 1, 224]),
  Buffer.from([8, 6, 0, 0, 0, 0xff, 0xfe, 0x00, 0x80]),
]);

describe("images", () => {
  const targets = running("images", images, (data) => ({ IMAGES_DIR: data }));
  test.each(TARGETS)("an image goes in and out byte for byte and gets its thumbnail on %s", async (name) => {
    const target = on(targets(), name);
    const stored = await target.request({
      method: "PUT",
      url: "/images/cats/tom%20%26%20co.png",
      headers: [["content-type", "image/png"]],
      body: PNG,
    });
    expect([stored.status, jsonOf(stored)]).toEqual([
      201,
      { name: "cats/tom & co.png", bytes: PNG.byteLength, contentType: "image/png", width: 640, height: 480 },
    ]);
    const image = await target.request({ method: "GET", url: "/images/cats/tom%20%26%20co.png" });
    expect(headerOf(image, "content-type")).toEqual(["image/png"]);
    expect(Buffer.from(image.body).equals(PNG)).toBe(true);

    const key = "raw/cats/tom & co.png";
    const created = await target.deliver("record-thumbnail", {
      trigger: "storage",
      events: [{ id: "1", bucket: "images", key, size: PNG.byteLength }],
    });
    expect(created).toEqual([{ status: "done" }]);
    const thumbnail = await target.request({ method: "GET", url: "/thumbnails/cats/tom%20%26%20co.png" });
    expect(jsonOf(thumbnail)).toMatchObject({ key, thumbnail: { width: 128, height: 96 } });
    expect(
      (await target.request({ method: "PUT", url: "/images/x", body: Buffer.from("no image") })).status,
    ).toBe(415);
  });
});

describe("rest-api", () => {
  const targets = running("rest-api", rest, (data) => ({
    NOTES_DIR: data,
    SESSION_SECRET: "only for this test",
  }));
  test.each(TARGETS)("a note lives and dies on %s", async (name) => {
    const send = requesterOf(on(targets(), name));
    const refused = await send("GET", "/notes");
    expect([refused.status, headerOf(refused, "content-type")]).toEqual([401, ["application/problem+json"]]);

    const signedIn = await send("POST", "/session", { user: "ada" });
    const cookies = headerOf(signedIn, "set-cookie").map(comparableCookie);
    expect(cookies).toEqual([
      expect.stringMatching(
        /^session=ada\.[0-9a-f]{64}; httponly; max-age=3600; path=\/; samesite=lax; secure$/,
      ),
      "user=ada; path=/; secure",
    ]);
    const session = [["cookie", cookies.map((cookie) => cookie.split(";")[0]).join("; ")]] as const;

    const created = await send("POST", "/notes", { title: "Tea", text: "Green" }, session);
    const note = jsonOf(created) as { id: string };
    expect(created.status).toBe(201);
    expect((await send("POST", "/notes", { title: "Tea" }, session)).status).toBe(409);
    expect((await send("POST", "/notes", { title: "" }, session)).status).toBe(400);
    const replaced = await send("PUT", `/notes/${note.id}`, { title: "Tea", text: "Black" }, session);
    expect(jsonOf(replaced)).toEqual({ id: note.id, title: "Tea", text: "Black" });
    expect(jsonOf(await send("GET", "/notes", undefined, session))).toEqual({ notes: [jsonOf(replaced)] });
    expect((await send("DELETE", `/notes/${note.id}`, undefined, session)).status).toBe(204);
    expect((await send("GET", `/notes/${note.id}`, undefined, session)).status).toBe(404);

    const origin = [
      ["origin", "https://notes.example"],
      ["access-control-request-method", "PUT"],
    ] as const;
    const preflight = await send("OPTIONS", `/notes/${note.id}`, undefined, origin);
    expect([preflight.status, headerOf(preflight, "access-control-allow-origin")]).toEqual([
      204,
      ["https://notes.example"],
    ]);
    expect((await send("DELETE", "/session", undefined, session)).status).toBe(204);
  });
});

describe("the README's functions", () => {
  const targets = running("readme", readme, () => ({}));
  test.each(TARGETS)("take an order on %s", async (name) => {
    const target = on(targets(), name);
    const send = requesterOf(target);
    const placed = await send("POST", "/shops/oslo/orders", { sku: "tea", quantity: 2 });
    expect([placed.status, jsonOf(placed)]).toEqual([201, { shop: "oslo", sku: "tea", quantity: 2 }]);
    expect((await send("POST", "/shops/oslo/orders", { sku: "milk", quantity: 2 })).status).toBe(422);
    expect((await send("POST", "/shops/oslo/orders", { sku: "tea", quantity: 0 })).status).toBe(400);
    const message = (id: string, quantity: number) => ({
      id,
      data: { sku: "tea", quantity },
      attributes: {},
    });
    const delivered = await target.deliver("fulfil", {
      trigger: "queue",
      events: [message("1", 2), message("2", 200)],
    });
    expect(delivered.map(({ status }) => status)).toEqual(["done", "failed"]);
  });
});

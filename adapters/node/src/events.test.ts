import {
  type AnyFunction,
  type BusEvent,
  bus,
  type ChangeEvent,
  changes,
  DeadLetter,
  defineFunction,
  direct,
  type Message,
  queue,
  Retry,
  type ScheduleEvent,
  type StorageEvent,
  type StreamRecord,
  schedule,
  storage,
  stream,
  topic,
} from "@anyfn/core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { headerValues } from "../../../test/runtimes/hosts/http.ts";
import { jsonOf, servers } from "../../../test/support/node-server.ts";

const { start, lines, closeAll } = servers();
afterEach(closeAll);

interface Sent {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

interface Got {
  readonly status: number;
  readonly json: Record<string, unknown>;
  readonly headers: ReadonlyArray<readonly [string, string]>;
}

async function send(functions: Readonly<Record<string, AnyFunction>>, sent: Sent): Promise<Got> {
  const { method = "POST", path = "/_events/it", headers = {}, body } = sent;
  const server = await start(functions);
  const answer = await server.send(method, path, {
    headers: Object.entries(headers),
    body: body === undefined ? undefined : Buffer.from(body),
  });
  return { ...answer, json: answer.body.length === 0 ? {} : jsonOf(answer) };
}

const ids = { specversion: "1.0", id: "e-1", source: "/shop", type: "t" };

function structured(event: Readonly<Record<string, unknown>>): Sent {
  return {
    headers: { "content-type": "application/cloudevents+json; charset=utf-8" },
    body: JSON.stringify({ ...ids, ...event }),
  };
}

function binary(
  attributes: Readonly<Record<string, string>>,
  body: string | Uint8Array,
  type?: string,
): Sent {
  const named = Object.entries({ ...ids, ...attributes }).map(([name, value]) => [`ce-${name}`, value]);
  const contentType = type === undefined ? {} : { "content-type": type };
  return { headers: { ...Object.fromEntries(named), ...contentType }, body };
}

function batch(events: ReadonlyArray<Readonly<Record<string, unknown>>>): Sent {
  return {
    headers: { "content-type": "application/cloudevents-batch+json" },
    body: JSON.stringify(events.map((event, index) => ({ ...ids, id: `e-${index}`, ...event }))),
  };
}

describe("a CloudEvent becomes the event of the declared trigger", () => {
  test.each([
    ["binary JSON", binary({}, '{"a": 1}', "application/json"), { a: 1 }, '{"a": 1}'],
    ["binary text", binary({}, "plain", "text/plain"), "plain", "plain"],
    ["binary bytes", binary({}, Uint8Array.of(255, 0), "image/png"), Buffer.from([255, 0]), "\ufffd\u0000"],
    ["binary nothing", binary({}, ""), "", ""],
    ["structured JSON", structured({ data: { a: 1 } }), { a: 1 }, '{"a":1}'],
    ["structured JSON text", structured({ data: "12" }), "12", '"12"'],
    ["structured text", structured({ data: "a,b", datacontenttype: "text/csv" }), "a,b", "a,b"],
    ["structured base64", structured({ data_base64: "eyJhIjogMX0=" }), { a: 1 }, '{"a": 1}'],
    ["structured nothing", structured({}), "", ""],
  ])("the payload of %s is exact", async (_name, sent, data, text) => {
    const seen: unknown[] = [];
    const it = defineFunction({
      trigger: queue("jobs"),
      handler: (message) => void seen.push([message.data, message.text()]),
    });
    expect((await send({ it }, sent)).status).toBe(204);
    const [[gotData, gotText] = []] = seen as [unknown, unknown][];
    expect(gotData instanceof Uint8Array ? Buffer.from(gotData) : gotData).toEqual(data);
    expect(gotText).toBe(text);
  });

  test("a queued message", async () => {
    const seen: Message[] = [];
    const it = defineFunction({ trigger: queue("jobs"), handler: (message) => void seen.push(message) });
    const extensions = { deliverycount: "3", partitionkey: "k%20%C3%A9", tenant: "blue", n: "1" };
    await send({ it }, binary({ ...extensions, time: "2026-01-02T03:04:05Z" }, "{}", "application/json"));
    expect(seen[0]).toMatchObject({
      id: "e-1",
      deliveryCount: 3,
      orderingKey: "k é",
      enqueuedAt: new Date("2026-01-02T03:04:05Z"),
    });
    expect({ ...seen[0]?.attributes }).toEqual({ ...extensions, partitionkey: "k é" });
    expect(seen[0]?.raw).toMatchObject({ headers: { "ce-id": "e-1" } });
  });

  test.each(["0", "-1", "x", "1.5"])("a delivery count of %s is none", async (deliverycount) => {
    const seen: Message[] = [];
    const it = defineFunction({ trigger: queue("jobs"), handler: (message) => void seen.push(message) });
    await send({ it }, structured({ deliverycount }));
    expect(seen[0]?.deliveryCount).toBeUndefined();
    expect(seen[0]?.attributes.deliverycount).toBe(deliverycount);
  });

  test("a published message", async () => {
    const seen: unknown[] = [];
    const it = defineFunction({
      trigger: topic("jobs"),
      handler: ({ id, subject, attributes, raw }) => void seen.push({ id, subject, attributes, raw }),
    });
    await send({ it }, structured({ subject: "s", flag: true, count: 5 }));
    const attributes = Object.assign(Object.create(null), { flag: true, count: 5 });
    const raw = { ...ids, subject: "s", flag: true, count: 5 };
    expect(seen).toEqual([{ id: "e-1", subject: "s", attributes, raw }]);
  });

  test("a tick", async () => {
    const seen: ScheduleEvent[] = [];
    const it = defineFunction({ trigger: schedule("0 2 * * *"), handler: (tick) => void seen.push(tick) });
    await send({ it }, structured({ source: "/pings/nightly", time: "2026-01-02T02:00:00Z" }));
    expect(seen[0]).toMatchObject({
      id: "e-1",
      scheduledAt: new Date("2026-01-02T02:00:00Z"),
      name: "/pings/nightly",
    });
  });

  test("an object", async () => {
    const seen: StorageEvent[] = [];
    const it = defineFunction({ trigger: storage("images"), handler: (object) => void seen.push(object) });
    const data = {
      action: "created",
      bucket: "images",
      key: "a b/é.png",
      size: 5,
      etag: "e",
      version: "v",
      sequence: "7",
      contentType: "image/png",
    };
    await send({ it }, structured({ time: "2026-01-02T02:00:00Z", data }));
    expect(seen[0]).toEqual({
      ...data,
      id: "e-1",
      time: new Date("2026-01-02T02:00:00Z"),
      raw: { ...ids, time: "2026-01-02T02:00:00Z", data },
    });
  });

  test("a changed document", async () => {
    const seen: ChangeEvent[] = [];
    const it = defineFunction({ trigger: changes("customers"), handler: (change) => void seen.push(change) });
    const data = {
      action: "deleted",
      keys: { id: 1 },
      before: { id: 1, name: "Ada" },
      expired: true,
      collection: "customers",
      database: "main",
      time: "2026-01-02T02:00:00Z",
    };
    await send({ it }, structured({ sequence: "00012", data }));
    expect(seen[0]).toEqual({
      ...data,
      id: "e-1",
      after: undefined,
      sequence: "00012",
      time: new Date("2026-01-02T02:00:00Z"),
      raw: expect.anything(),
    });
  });

  test("a record", async () => {
    const seen: StreamRecord[] = [];
    const it = defineFunction({ trigger: stream("clicks"), handler: (record) => void seen.push(record) });
    await send(
      { it },
      structured({ partitionkey: "k", partition: 4, sequence: "9", offset: "77", data: { a: 1 } }),
    );
    expect(seen[0]).toMatchObject({
      id: "e-1",
      partitionKey: "k",
      partition: "4",
      sequence: "9",
      offset: "77",
      data: { a: 1 },
    });
  });

  test("a bus event", async () => {
    const seen: BusEvent[] = [];
    const it = defineFunction({ trigger: bus("shop"), handler: (event) => void seen.push(event) });
    await send({ it }, structured({ subject: "s", extra: "x", data: [1] }));
    expect(seen[0]).toMatchObject({
      id: "e-1",
      source: "/shop",
      type: "t",
      subject: "s",
      extensions: { extra: "x" },
      data: [1],
    });
  });
});

describe("what became of the events is a status", () => {
  const schema = z.object({ fate: z.string() });
  const it = defineFunction({
    trigger: queue("jobs", { message: schema }),
    handler: ({ data }) => {
      if (data.fate === "throw") throw new Error("secret detail");
      if (data.fate === "retry") throw new Retry("later", { after: 1.5 });
      if (data.fate === "retry-long") throw new Retry("later", { after: 60 });
      if (data.fate === "dead") throw new DeadLetter("never");
    },
  });
  const fate = (word: unknown): Readonly<Record<string, unknown>> => ({ data: { fate: word } });

  test.each([
    [["done"], 204, undefined, []],
    [["done", "done"], 204, undefined, []],
    [[], 204, undefined, []],
    [["throw"], 503, undefined, ["retry"]],
    [["retry"], 503, "2", ["retry"]],
    [["retry", "retry-long", "throw"], 503, "60", ["retry", "retry", "retry"]],
    [["dead"], 422, undefined, ["dead-letter"]],
    [[5], 422, undefined, ["dead-letter"]],
    [["done", "dead"], 422, undefined, ["dead-letter"]],
    [["dead", "throw", "done"], 503, undefined, ["dead-letter", "retry"]],
  ])("%j → %i", async (fates, status, after, failures) => {
    const got = await send({ it }, batch(fates.map(fate)));
    expect(got.status).toBe(status);
    expect(headerValues(got.headers, "retry-after")).toEqual(after === undefined ? [] : [after]);
    const told = (got.json.failures ?? []) as readonly { outcome: string }[];
    expect(told.map(({ outcome }) => outcome)).toEqual(failures);
    expect(JSON.stringify(got.json)).not.toContain("secret");
  });

  test("a malformed event of a batch is dead, and the others are handled", async () => {
    const seen: string[] = [];
    const noting = defineFunction({ trigger: queue("jobs"), handler: ({ id }) => void seen.push(id) });
    const got = await send({ it: noting }, batch([{}, { id: 5 }, {}]));
    expect(got.status).toBe(422);
    expect(got.json.failures).toEqual([{ index: 1, outcome: "dead-letter" }]);
    expect(seen).toEqual(["e-0", "e-2"]);
  });

  test("a handler that hangs is cut off and the event delivered again", async () => {
    const hanging = defineFunction({
      trigger: queue("jobs"),
      timeout: 0.1,
      handler: () => new Promise(() => {}),
    });
    expect((await send({ it: hanging }, structured({}))).status).toBe(503);
  });

  test("messages with one key run in order and stop at a failure, others go on", async () => {
    const order: string[] = [];
    const ordered = defineFunction({
      trigger: queue("jobs"),
      handler: ({ id }) => {
        order.push(id);
        if (id === "e-0") throw new Error("no");
      },
    });
    const got = await send({ it: ordered }, batch([{ partitionkey: "a" }, { partitionkey: "a" }, {}]));
    expect(order.sort()).toEqual(["e-0", "e-2"]);
    expect(got.json.failures).toEqual([
      { index: 0, id: "e-0", outcome: "retry" },
      { index: 1, id: "e-1", outcome: "not-run" },
    ]);
  });

  test.each([
    ["stream", stream("clicks")],
    ["changes", changes("customers")],
  ] as const)("a %s without keys is one sequence", async (_kind, trigger) => {
    const order: string[] = [];
    const data = { action: "updated", keys: {} };
    const it: AnyFunction = defineFunction({
      trigger,
      handler: ({ id }: { readonly id: string }) => {
        order.push(id);
        if (id === "e-1") throw new Error("no");
      },
    });
    expect((await send({ it }, batch([{ data }, { data }, { data }]))).status).toBe(503);
    expect(order).toEqual(["e-0", "e-1"]);
  });

  test.each([
    ["storage", storage("images"), undefined, "data"],
    ["storage", storage("images"), { action: "created", bucket: "b" }, "data.key"],
    ["storage", storage("images"), { action: "moved", bucket: "b", key: "k" }, "data.action"],
    ["storage", storage("images"), { action: "created", bucket: "b", key: "k", size: "5" }, "data.size"],
    ["changes", changes("customers"), { action: "created", keys: [] }, "data.keys"],
    ["changes", changes("customers"), { action: "created", time: "yesterday" }, "data.time"],
  ] as const)("a %s event with other data is dead", async (_kind, trigger, data, path) => {
    const handler = vi.fn();
    const it = defineFunction<typeof trigger>({ trigger, handler });
    expect((await send({ it }, structured({ data }))).status).toBe(422);
    expect(handler).not.toHaveBeenCalled();
    expect(lines()).toEqual([expect.objectContaining({ error: expect.objectContaining({ path }) })]);
  });
});

describe("requests that carry no event", () => {
  const handler = vi.fn();
  const it = defineFunction({ trigger: bus("shop"), handler });

  test.each([
    ["no CloudEvent", { body: "{}", headers: { "content-type": "application/json" } }, 400],
    ["no body", { headers: { "content-type": "application/cloudevents+json" } }, 400],
    ["malformed JSON", { body: "{", headers: { "content-type": "application/cloudevents+json" } }, 400],
    ["an attribute missing", binary({ type: "" }, "x"), 400],
    ["another version", structured({ specversion: "0.3" }), 400],
    ["a batch that is none", { ...batch([]), body: "{}" }, 400],
    ["an unknown function", { ...structured({}), path: "/_events/other" }, 404],
    ["a path below", { ...structured({}), path: "/_events/it/x" }, 404],
    ["another method", { ...structured({}), method: "PUT" }, 405],
  ])("%s", async (_name, sent, status) => {
    const got = await send({ it }, sent);
    expect(got.status).toBe(status);
    expect(headerValues(got.headers, "content-type")).toEqual(["application/problem+json"]);
    expect(handler).not.toHaveBeenCalled();
    // Who sends what is refused must be found in the log; a wrong path is the caller's own business.
    expect(lines().map(({ severity }) => severity)).toEqual(status === 400 ? ["WARNING"] : []);
  });

  test("a probe learns that POST is allowed", async () => {
    const got = await send({ it }, { method: "OPTIONS" });
    expect(got.status).toBe(204);
    expect(headerValues(got.headers, "allow")).toEqual(["OPTIONS, POST"]);
  });

  test("the root takes events when there is one event function alone", async () => {
    const add = defineFunction({ trigger: direct(), handler: () => 1 });
    expect((await send({ it, add }, { ...structured({}), path: "/" })).status).toBe(204);
    expect(handler).toHaveBeenCalledOnce();
    const two = { it, other: defineFunction({ trigger: bus("shop"), handler }) };
    expect((await send(two, { ...structured({}), path: "/" })).status).toBe(404);
  });
});

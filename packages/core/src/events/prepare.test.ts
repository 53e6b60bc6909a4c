import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type BusEvent, bus } from "../triggers/bus.ts";
import { type ChangeEvent, changes } from "../triggers/changes.ts";
import { type StorageEvent, storage } from "../triggers/storage.ts";
import { prepareBus, prepareChange, prepareNothing, prepareStorage, SKIP } from "./prepare.ts";

describe("objects", () => {
  const object = { action: "created", bucket: "b", key: "raw/a.png" } as StorageEvent;
  test.each<[Parameters<typeof storage>[1], boolean]>([
    [{}, true],
    [{ on: ["deleted"] }, false],
    [{ on: ["deleted", "created"] }, true],
    [{ prefix: "raw/" }, true],
    [{ prefix: "raw/b" }, false],
    [{ suffix: ".png" }, true],
    [{ suffix: ".PNG" }, false],
    [{ prefix: "raw/", suffix: "a.png" }, true],
    [{ prefix: "thumb/", suffix: ".png" }, false],
  ])("%j lets one through: %s", (options, passes) => {
    expect(prepareStorage(storage("images", options), object)).toBe(passes ? object : SKIP);
  });
});

describe("changes", () => {
  const change = {
    action: "updated",
    keys: { id: 1 },
    before: { n: "1" },
    after: { n: "2" },
  } as unknown as ChangeEvent;
  const document = z.object({ n: z.coerce.number() });

  test("of other actions are left out, even invalid ones", async () => {
    const trigger = changes("c", { on: ["created"], document: z.never() });
    expect(await prepareChange(trigger, change)).toBe(SKIP);
    expect(await prepareChange(changes("c", { on: ["updated"] }), change)).toBe(change);
  });

  test("are validated before and after, where there is a document", async () => {
    const trigger = changes("c", { document });
    expect(await prepareChange(trigger, change)).toEqual({ ...change, before: { n: 1 }, after: { n: 2 } });
    const created = { ...change, action: "created", before: undefined } as ChangeEvent;
    expect(await prepareChange(trigger, created)).toMatchObject({ before: undefined, after: { n: 2 } });
    expect(change.after).toEqual({ n: "2" });
  });

  test.each(["before", "after"] as const)("with an invalid document %s are refused", async (part) => {
    const invalid = { ...change, [part]: { n: "x" } };
    await expect(prepareChange(changes("c", { document }), invalid)).rejects.toMatchObject({
      code: "invalid-message",
      message: expect.stringMatching(new RegExp(`^The ${part} is not valid: n: `)),
    });
  });
});

describe("bus events", () => {
  const event = { type: "order.placed", source: "/shop", data: { n: "1" } } as BusEvent;
  test.each<[Parameters<typeof bus>[1], boolean]>([
    [{}, true],
    [{ types: ["order.placed", "other"] }, true],
    [{ types: ["order"] }, false],
    [{ types: [] }, false],
    [{ sources: ["/shop"] }, true],
    [{ sources: ["/"] }, false],
    [{ types: ["order.placed"], sources: ["/other"] }, false],
  ])("%j lets one through: %s", async (options, passes) => {
    expect(await prepareBus(bus("shop", options), event)).toBe(passes ? event : SKIP);
  });

  test("are validated when they are let through", async () => {
    const data = z.object({ n: z.coerce.number() });
    expect(await prepareBus(bus("shop", { data }), event)).toEqual({ ...event, data: { n: 1 } });
    expect(await prepareBus(bus("shop", { data: z.never(), types: ["x"] }), event)).toBe(SKIP);
    await expect(prepareBus(bus("shop", { data: z.never() }), event)).rejects.toMatchObject({
      code: "invalid-message",
    });
  });
});

test("ticks pass as they are", () => {
  const tick = { id: "1" };
  expect(prepareNothing({}, tick)).toBe(tick);
});

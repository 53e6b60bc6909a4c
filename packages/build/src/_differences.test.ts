import {
  type AnyFunction,
  changes,
  defineFunction,
  http,
  queue,
  type Schema,
  schedule,
  storage,
  stream,
} from "@anyfn/core";
import type { TriggerCapabilities } from "@anyfn/core/adapter";
import { describe, expect, it } from "vitest";
import { differencesOf, type Subject } from "./_differences.ts";

/** A target that does everything as it is declared. */
const PERFECT: TriggerCapabilities = {
  sources: ["source"],
  batch: Number.POSITIVE_INFINITY,
  partialFailure: true,
  ordering: "partition",
  deadLetter: "immediate",
  delay: true,
  maxSeconds: Number.POSITIVE_INFINITY,
  maxBytes: Number.POSITIVE_INFINITY,
  retryDefault: "None.",
  streamingOut: true,
  deadline: "platform",
};
const text: Schema = {
  "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) },
};
const handler = () => undefined;

function differences(
  definition: AnyFunction,
  capabilities: Partial<TriggerCapabilities> = {},
  rest: Partial<Subject> = {},
) {
  const subject: Subject = {
    definition,
    capabilities: { ...PERFECT, ...capabilities },
    delivery: {},
    target: "moon",
    largestMemory: definition.memory,
    streamed: false,
    ...rest,
  };
  return differencesOf(subject).map(({ feature, text: said }) => `${feature}: ${said}`);
}

const get = defineFunction({ trigger: http.get("/a/{b}"), handler });
const orders = defineFunction({ trigger: queue("orders", { message: text, batchSize: 10 }), handler });
const clicks = defineFunction({ trigger: stream("clicks", { batchSize: 10 }), handler });
const users = defineFunction({ trigger: changes("users", { batchSize: 1 }), handler });
const berlin = defineFunction({ trigger: schedule("0 2 * * *", { timeZone: "Europe/Berlin" }), handler });
const images = defineFunction({ trigger: storage("images", { on: ["created", "deleted"] }), handler });

describe("a target that does everything", () => {
  it.each([get, orders, clicks, users, berlin, images])("differs nowhere for %j", (definition) => {
    expect(differences(definition)).toEqual([]);
  });

  it("is not told apart by what a function does not declare", () => {
    const poor: Partial<TriggerCapabilities> = {
      batch: 1,
      partialFailure: false,
      ordering: "none",
      deadLetter: "none",
      tries: 1,
      maxBytes: 1,
      platformCors: "headers",
      perFunction: { memory: false, timeout: false },
      streamingOut: false,
      actions: [],
      before: false,
    };
    expect(differences(get, poor)).toEqual([]);
  });
});

describe("numbers", () => {
  it("of a batch are the source's, the app's or one", () => {
    expect(differences(orders, { batch: 4 })).toEqual([
      "batch: At most 4 messages at once; 10 are declared.",
    ]);
    expect(differences(orders, { singly: true })).toEqual([
      "batch: One message at a time; batches of 10 are declared.",
    ]);
    expect(differences(clicks, {}, { delivery: { batchSize: 25 } })).toEqual([
      "batch: Up to 25 records at once, the largest batchSize of the app's functions; 10 are declared.",
    ]);
    expect(differences(clicks, { batch: 20 }, { delivery: { batchSize: 25 } })[0]).toContain(
      "Up to 20 records",
    );
  });

  it("of one verdict are what is delivered", () => {
    expect(differences(orders, { batch: 4, partialFailure: false })[1]).toBe(
      "partial failure: A batch has one verdict: when one message fails, all of up to 4 come again.",
    );
    expect(differences(orders, { batch: 1, partialFailure: false })).toHaveLength(1);
  });

  it.each([
    [64 * 1024, ["size: A message has at most 64 KiB."]],
    [1_500, ["size: A message has at most 1.5 kB."]],
    [256 * 1024, []],
  ])("of %i bytes are in the limit's unit", (maxBytes, expected) => {
    expect(differences(orders, { maxBytes })).toEqual(expected);
  });

  it("of a body matter to a function that takes bytes", () => {
    const limits = { maxBytes: 6 * 1024 * 1024, maxBinaryBytes: 1_000_000 };
    const upload = defineFunction({ trigger: http.any("/"), handler });
    const json = defineFunction({ trigger: http.post("/", { body: text }), handler });
    expect(differences(upload, limits)).toEqual([
      "size: A body has at most 6 MiB, 1 MB where it is no text.",
    ]);
    expect(differences(json, limits)).toEqual([]);
  });

  it("of memory are the smallest size that holds all functions", () => {
    const large = defineFunction({ trigger: http.get("/"), memory: 600, handler });
    const shared = { perFunction: { memory: false, timeout: true }, memorySizes: [512, 2048, 4096] };
    expect(differences(large, shared, { largestMemory: 3000 })).toEqual([
      "memory: All functions share one memory, 4096 MiB or more here; 600 MiB are declared for this one.",
    ]);
  });
});

describe("failures", () => {
  it("that a platform gives up on are told, with its words", () => {
    expect(differences(images, { tries: 3, retryDefault: "Two more tries." })).toEqual([
      "retry: By default two more tries.",
    ]);
    expect(differences(orders, { tries: Number.POSITIVE_INFINITY })).toEqual([]);
    expect(differences(clicks, { tries: Number.POSITIVE_INFINITY, retryDefault: "for ever" })).toEqual([
      "retry: By default for ever.",
    ]);
  });

  it("of validation are told where nothing takes them", () => {
    expect(differences(orders, { deadLetter: "none" })).toEqual([
      "dead letters: An invalid message is not set aside: it fails as any other does.",
    ]);
    expect(differences(users, { deadLetter: "none" })).toEqual([]);
  });
});

describe("streaming", () => {
  const streamed = { streamed: true };
  it.each<[Partial<TriggerCapabilities>, Partial<Subject>, readonly string[]]>([
    [{ streamingOut: false }, streamed, ["streaming: The source sends an answer in one piece."]],
    [
      { streamingSwitch: "function" },
      streamed,
      ["streaming: An answer is sent in one piece unless `streaming` is set in targets.moon."],
    ],
    [{ streamingSwitch: "function" }, { streamed: true, delivery: { streams: true } }, []],
    [
      { streamingSwitch: "app" },
      { streamed: true, delivery: { streams: true } },
      ["streaming: Answers of all functions of the app are streamed."],
    ],
    [{ maxStreamBytes: 200_000_000 }, streamed, ["streaming: A streamed answer has at most 200 MB."]],
    [{ streamingOut: false }, {}, []],
  ])("%j and %j", (capabilities, rest, expected) => {
    expect(differences(get, capabilities, rest)).toEqual(expected);
  });
});

describe("schedules", () => {
  const keeps = { fields: 5, timeZone: true, bothDays: true, clock: true } as const;
  it("say what clocks do, in time zones that have such hours", () => {
    const schedules = { ...keeps, clockChange: "an hour may be missed" };
    expect(differences(berlin, { schedules })).toEqual(["schedule: In Europe/Berlin an hour may be missed."]);
    const utc = defineFunction({ trigger: schedule("0 2 * * *", { timeZone: "Etc/UTC" }), handler });
    expect(differences(utc, { schedules })).toEqual([]);
  });

  it("need somebody to keep the time", () => {
    expect(differences(berlin, { schedules: { ...keeps, clock: false } })).toEqual([
      "schedule: The target keeps no clock: something else sends each tick.",
    ]);
  });
});

it("tells which actions a source does not have, and whether it knows what was before", () => {
  expect(differences(images, { actions: ["created"] })).toEqual([
    "actions: `deleted` is not told; `created` is.",
  ]);
  expect(differences(users, { before: false })).toEqual([
    "before: A document comes without what it was `before`.",
  ]);
  const created = defineFunction({ trigger: changes("users", { on: ["created"], batchSize: 1 }), handler });
  expect(differences(created, { before: false })).toEqual([]);
});

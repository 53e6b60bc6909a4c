import type { DiscoveredFunction } from "@anyfn/build";
import {
  bus,
  changes,
  defineFunction,
  direct,
  http,
  queue,
  schedule,
  storage,
  stream,
  type Trigger,
  topic,
} from "@anyfn/core";
import { describe, expect, it } from "vitest";
import { toTimeSpan } from "./host-json.ts";
import { adapter } from "./index.ts";

function found(name: string, trigger: Trigger, options: object = {}): DiscoveredFunction {
  const definition = defineFunction({ trigger: trigger as Trigger<"direct">, handler: () => {}, ...options });
  return { name, exportName: "run", file: `/app/${name}.ts`, line: 1, column: 1, definition };
}

async function parse(section: unknown) {
  const result = await adapter.settings["~standard"].validate(section);
  if (result.issues !== undefined) {
    throw new Error(result.issues.map(({ path, message }) => `${path?.join(".")}: ${message}`).join("; "));
  }
  return result.value;
}

async function planOf(functions: readonly DiscoveredFunction[], section: unknown = {}) {
  const [artifact, ...others] = adapter.plan({ app: "shop", functions, settings: await parse(section) });
  if (artifact === undefined || others.length > 0) throw new Error("There must be one artifact.");
  return { ...artifact, host: JSON.parse(artifact.files["host.json"] ?? "") as unknown };
}

describe("plan", () => {
  it("makes one app whose entry imports the used triggers alone", async () => {
    const functions = [
      found("one", http.get("/a")),
      found("two", queue("jobs")),
      found("three", http.post("/a")),
    ];
    const plan = await planOf(functions, { queues: { jobs: { connection: "Jobs" } } });
    expect(plan).toMatchObject({
      directory: ".",
      functions: ["one", "two", "three"],
      bundle: { file: "index.cjs", format: "cjs", external: ["@azure/functions-core"] },
      zip: "app.zip",
    });
    expect(JSON.parse(plan.files["package.json"] ?? "")).toMatchObject({ name: "shop", main: "start.cjs" });
    expect(plan.files["start.cjs"]).toMatch(/setSourceMapsEnabled\(true\);\nrequire\("\.\/index\.cjs"\)/);
    expect(plan.entry).toBe(
      [
        'import { app } from "@azure/functions";',
        'import { registerHttp } from "@anyfn/azure/http";',
        'import { registerQueue } from "@anyfn/azure/queue";',
        'import { "run" as f0 } from "/app/one.ts";',
        'import { "run" as f1 } from "/app/two.ts";',
        'import { "run" as f2 } from "/app/three.ts";',
        "",
        'const settings = {"queues":{"jobs":{"connection":"Jobs"}}};',
        "registerHttp(app, [",
        '  { name: "one", definition: f0 },',
        '  { name: "three", definition: f2 },',
        "], settings);",
        "registerQueue(app, [",
        '  { name: "two", definition: f1 },',
        "], settings);",
        "",
      ].join("\n"),
    );
  });

  it("sets up streaming before anything is registered", async () => {
    const { entry } = await planOf([found("one", http.get("/a"))], { streaming: true });
    expect(entry.indexOf("app.setup({ enableHttpStream: true });")).toBeGreaterThan(0);
    expect(entry.indexOf("app.setup(")).toBeLessThan(entry.indexOf("registerHttp(app"));
  });

  it("says in host.json what the host would do otherwise", async () => {
    const functions = [
      found("a", http.get("/a"), { timeout: 100 }),
      found("b", queue("jobs")),
      found("c", topic("news", { batch: true, batchSize: 40 })),
      found("d", stream("clicks", { batchSize: 500 })),
      found("e", stream("logs", { batchSize: 7 })),
    ];
    const { host } = await planOf(functions, { streams: { logs: { source: "kafka" } } });
    expect(host).toEqual({
      version: "2.0",
      extensionBundle: { id: "Microsoft.Azure.Functions.ExtensionBundle", version: "[4.*, 5.0.0)" },
      functionTimeout: "00:02:40",
      extensions: {
        http: { routePrefix: "" },
        queues: { messageEncoding: "none", maxDequeueCount: 5, visibilityTimeout: "00:00:30" },
        serviceBus: { autoCompleteMessages: true, maxMessageBatchSize: 40 },
        eventHubs: { maxEventBatchSize: 500 },
        kafka: { maxBatchSize: 7 },
      },
    });
    const other = await planOf([found("b", queue("jobs"))], {
      routePrefix: "api",
      timeoutSeconds: 600,
      queueEncoding: "base64",
    });
    expect(other.host).toMatchObject({
      functionTimeout: "00:10:00",
      extensions: { http: { routePrefix: "api" }, queues: { messageEncoding: "base64" } },
    });
  });

  it.each([
    [59.2, "00:01:00"],
    [3661, "01:01:01"],
    [90_000, "1.01:00:00"],
  ])("writes %d s as %s", (seconds, text) => {
    expect(toTimeSpan(seconds)).toBe(text);
  });
});

describe("refuse", () => {
  const everything = [
    found("a", http.get("/a")),
    found("b", queue("jobs")),
    found("c", topic("news")),
    found("d", schedule("0 2 * * *")),
    found("e", storage("images")),
    found("f", changes("customers")),
    found("g", stream("clicks")),
    found("h", bus("shop")),
    found("i", direct()),
  ];

  it("serves every trigger without settings", async () => {
    expect(adapter.refuse({ app: "shop", functions: everything, settings: await parse({}) })).toEqual([]);
  });

  it("lets an activity, which nobody waits for on a connection, take its time", async () => {
    const functions = [found("resize", direct(), { timeout: 900 })];
    const settings = await parse({ direct: { resize: { source: "activity" } } });
    expect(adapter.refuse({ app: "shop", functions, settings })).toEqual([]);
  });

  it.each<[string, Trigger, object, object, RegExp]>([
    ["host", http.get("/a"), {}, {}, /keeps the name "host"/],
    ["f", http.get("/admin/x"), {}, {}, /paths below \/admin/],
    ["f", http.get("/a"), { timeout: 300 }, {}, /waits 230 s for an answer/],
    ["f", direct(), { timeout: 231 }, {}, /waits 230 s/],
    ["f", queue("jobs"), { timeout: 90 }, { timeoutSeconds: 60 }, /above the app's `timeoutSeconds`, 60/],
    ["f", schedule("0 2 1 * 1"), {}, {}, /^The schedule "0 2 1 \* 1".* Declare two schedules/],
    ["f", schedule("0 2 * * *", { timeZone: "Asia/Tokyo" }), {}, {}, /time zone Asia\/Tokyo/],
    ["f", changes("c"), {}, { changes: { c: { mode: "latest-version" } } }, /sees no deletions/],
    [
      "f",
      changes("c", { on: ["created"] }),
      {},
      { changes: { c: { mode: "latest-version" } } },
      /cannot tell creations/,
    ],
    [
      "f",
      storage("s", { on: ["deleted"] }),
      {},
      { storage: { s: { source: "blob" } } },
      /sees created blobs alone/,
    ],
    [
      "f",
      storage("My_Images"),
      {},
      { storage: { My_Images: { source: "blob" } } },
      /cannot name a container/,
    ],
    ["f", queue("Jobs"), {}, {}, /"Jobs" cannot name a Storage Queue/],
    ["f", queue("jobs"), {}, { queues: { jobs: { sessions: true } } }, /has no sessions/],
  ])("%s: %o", async (name, trigger, options, section, reason) => {
    const functions = [found(name, trigger, options)];
    const refusals = adapter.refuse({ app: "shop", functions, settings: await parse(section) });
    expect(refusals).toEqual([{ function: name, reason: expect.stringMatching(reason) }]);
  });

  it.each<[string, readonly DiscoveredFunction[], object]>([
    ["blob events elsewhere", [found("f", storage("My_Images", { on: ["deleted"] }))], {}],
    ["a reserved path below a prefix", [found("f", http.get("/admin"))], { routePrefix: "api" }],
    [
      "a queue's name in an app setting",
      [found("f", queue("Jobs"))],
      { queues: { Jobs: { name: "%JOBS%" } } },
    ],
    ["Service Bus' own names", [found("f", queue("Jobs"))], { queues: { Jobs: { source: "service-bus" } } }],
    [
      "the latest version where it says enough",
      [found("f", changes("c", { on: ["created", "updated"] }))],
      { changes: { c: { mode: "latest-version" } } },
    ],
  ])("takes %s", async (_name, functions, section) => {
    expect(adapter.refuse({ app: "shop", functions, settings: await parse(section) })).toEqual([]);
  });

  it("names the function with which routes or readers collide", async () => {
    const functions = [
      found("one", http.get("/a/{x}")),
      found("two", http.post("/a/{x}")),
      found("three", http.get("/a/{y}")),
      found("read", stream("clicks")),
      found("also", stream("clicks")),
    ];
    expect(adapter.refuse({ app: "shop", functions, settings: await parse({}) })).toEqual([
      { function: "three", reason: expect.stringContaining('"one" and "three" both answer GET /a/{}') },
      { function: "also", reason: expect.stringContaining('"read" reads the stream "clicks"') },
    ]);
  });
});

describe("settings", () => {
  it.each([
    [{ queue: {} }, /queue/],
    [{ queues: { jobs: { source: "sqs" } } }, /queues\.jobs\.source/],
    [{ queues: { jobs: { conection: "x" } } }, /conection/],
    [{ queues: { jobs: { connection: "Endpoint=sb://x;SharedAccessKey=y" } } }, /name of an app setting/],
    [{ routePrefix: "/api" }, /without slashes/],
    [{ direct: { add: { route: "/add/{x}" } } }, /without parameters/],
    [{ retry: { attempts: 1.5 } }, /retry\.attempts/],
    [{ timeoutSeconds: 0 }, /timeoutSeconds/],
  ])("refuses %o", async (section, message) => {
    await expect(parse(section)).rejects.toThrow(message);
  });
});

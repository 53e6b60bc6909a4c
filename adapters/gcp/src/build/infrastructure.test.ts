import type { DiscoveredFunction } from "@anyfn/build";
import { defineFunction, http, queue, storage, type Trigger, topic } from "@anyfn/core";
import { describe, expect, it } from "vitest";
import { toUnixCron } from "./_cron.ts";
import { identifier, literal, resource, resourceName, unique } from "./_terraform.ts";
import { adapter } from "./index.ts";

const found = (name: string, trigger: Trigger, memory = 512): DiscoveredFunction => ({
  name,
  exportName: name,
  file: `/app/${name}.ts`,
  line: 1,
  column: 1,
  definition: defineFunction({ trigger, memory, handler: () => {} } as never),
});

async function parse(section: object): Promise<unknown> {
  const result = await adapter.settings["~standard"].validate(section);
  if (result.issues === undefined) return result.value;
  throw new Error(result.issues.map(({ path = [], message }) => `${path.join(".")}: ${message}`).join("\n"));
}

describe("names", () => {
  it("stay as they are where they fit, and differ where what they name does", () => {
    expect(resourceName(["shop", "fulfil"], 30)).toBe("shop-fulfil");
    expect(resourceName(["shop", "fulfil"], 30, "trigger")).toBe("shop-fulfil--trigger");
    expect(resourceName(["a", "b"], 30)).toMatch(/^a-b-[\da-f]{8}$/);
    const long = ["c", "d"].map((end) => resourceName(["shop", `${"x".repeat(40)}${end}`], 30));
    expect(new Set(long.map((name) => name.length))).toEqual(new Set([30]));
    expect(new Set(long).size).toBe(2);
    expect(resourceName(["shop", "fulfil--trigger"], 40)).not.toBe(
      resourceName(["shop", "fulfil"], 40, "trigger"),
    );
    expect(new Set(["a-b", "a b", "a_b", "A-b"].map(identifier)).size).toBe(4);
  });

  it("of two different blocks are never one", () => {
    const block = resource("t", "n", { a: 1 });
    expect(unique([block, resource("t", "n", { a: 1 })])).toEqual([block]);
    expect(() => unique([block, resource("t", "n", { a: 2 })])).toThrow("Two blocks are called resource t n");
  });

  it("of users are no templates", () => {
    expect(literal(`$x $\{y} %{z} 5%`)).toBe(`$x $$\{y} %%{z} 5%`);
  });
});

it.each([
  ["0 2 * * 7", "0 2 * * 0"],
  ["*/15 0-6/2 1,15 JAN-MAR *", "0-59/15 0-6/2 1,15 1-3 *"],
  ["5 4 * * MON-FRI", "5 4 * * 1,2,3,4,5"],
  ["0 0 * * 5-7", "0 0 * * 0,5,6"],
])("Cloud Scheduler reads %s as %s", (cron, expected) => {
  expect(toUnixCron(cron)).toBe(expected);
});

describe("refusals", () => {
  const reasons = async (functions: readonly DiscoveredFunction[], section: object) =>
    adapter
      .refuse({ app: "shop", functions, settings: await parse(section) })
      .map(({ function: name, reason }) => `${name}: ${reason}`);

  it.each<[string, readonly DiscoveredFunction[], object, RegExp]>([
    [
      "part of a CPU for many requests",
      [found("get-order", http.get("/"))],
      { functions: { "get-order": { cpu: 0.5 } } },
      /one request at a time/,
    ],
    ["too few CPUs", [found("f", queue("q"), 5000)], { functions: { f: { cpu: 1 } } }, /at most 4096 MiB/],
    [
      "a public queue",
      [found("f", queue("q"))],
      { functions: { f: { public: true } } },
      /only HTTP functions/,
    ],
    [
      "a queue of two functions",
      [found("f", queue("q")), found("g", queue("q"))],
      {},
      /^g: "f" reads the queue "q"/,
    ],
    ["settings of nobody", [found("f", topic("q"))], { functions: { ff: {} } }, /^ff: .* no such function/],
    [
      "a right on what is no resource",
      [found("f", storage("q"))],
      {
        functions: {
          f: { permissions: [{ role: "roles/run.invoker", on: "//compute.googleapis.com/projects/p" }] },
        },
      },
      /no role can be granted/,
    ],
  ])("%s", async (_title, functions, section, reason) => {
    expect(await reasons(functions, section)).toEqual([expect.stringMatching(reason)]);
  });

  it.each([
    [
      {
        functions: {
          f: { permissions: [{ role: "roles/editor", on: "//pubsub.googleapis.com/projects/p/topics/t" }] },
        },
      },
      /basic role/,
    ],
    [
      {
        functions: {
          f: { permissions: [{ role: "roles/pubsub.*", on: "//pubsub.googleapis.com/projects/p/topics/t" }] },
        },
      },
      /name of a role/,
    ],
    [
      {
        functions: {
          f: {
            permissions: [{ role: "roles/pubsub.editor", on: "//pubsub.googleapis.com/projects/p/topics/*" }],
          },
        },
      },
      /one resource/,
    ],
    [{ functions: { f: { invokers: ["allUsers"] } } }, /everybody by `public`/],
    [{ environment: { PORT: "1" } }, /sets itself/],
    [{ retry: { minSeconds: 20, maxSeconds: 10 } }, /must not be above/],
    [{ queues: { q: { maxDeliveryAttempts: 4 } } }, /maxDeliveryAttempts/],
  ])("the settings %j", async (section, message) => {
    await expect(parse(section)).rejects.toThrow(message);
  });
});

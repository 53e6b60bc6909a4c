import type { DiscoveredFunction } from "@anyfn/build";
import { type AnyFunction, defineFunction, http, queue, schedule } from "@anyfn/core";
import { describe, expect, test } from "vitest";
import { adapter } from "./index.ts";

function discovered(name: string, definition: AnyFunction, exportName = name): DiscoveredFunction {
  return { name, exportName, file: `/app/"${name}".ts`, line: 1, column: 1, definition };
}

const get = (path: string): AnyFunction => defineFunction({ trigger: http.get(path), handler: () => {} });
const jobs = defineFunction({ trigger: queue("jobs"), handler: () => {} });
const functions = [
  discovered("read", get("/a")),
  discovered("jobs", jobs, "default"),
  discovered("list", get("/b"), "a-b"),
];

describe("settings", () => {
  const check = (value: unknown): unknown => adapter.settings["~standard"].validate(value);

  test.each([
    [{}],
    [
      {
        port: 3000,
        host: "127.0.0.1",
        health: false,
        bodyLimit: 1,
        trustProxy: true,
        gracePeriod: 0,
        requestTimeout: 5,
      },
    ],
    [{ health: "/up" }],
  ])("%j are kept", (value) => {
    expect(check(value)).toEqual({ value });
  });

  test.each([
    [{ prot: 1 }, "prot"],
    [{ port: "80" }, "port number"],
    [{ port: 70_000 }, "65535"],
    [{ health: "up" }, 'starts with "/"'],
    [{ health: true }, 'starts with "/"'],
    [{ bodyLimit: 0 }, "at least 1 byte"],
    [{ gracePeriod: -1 }, "0 or more"],
  ])("%j are refused", (value, message) => {
    expect(check(value)).toMatchObject({ issues: [{ message: expect.stringContaining(message) }] });
  });
});

describe("the plan", () => {
  const [plan, ...others] = adapter.plan({ app: "shop", functions, settings: { port: 3000 } });

  test("is one server of all functions", () => {
    expect(others).toEqual([]);
    expect(plan).toMatchObject({
      directory: ".",
      functions: ["read", "jobs", "list"],
      bundle: { file: "server.mjs", format: "esm", external: [] },
      zip: "server.zip",
    });
  });

  test("imports the used triggers and no other", () => {
    expect(plan?.entry).toBe(
      [
        'import { serveEndpoints } from "@anyfn/node/serve";',
        'import { httpEndpoint } from "@anyfn/node/http";',
        'import { queueEndpoint } from "@anyfn/node/queue";',
        'import { "read" as function0 } from "/app/\\"read\\".ts";',
        'import { "default" as function1 } from "/app/\\"jobs\\".ts";',
        'import { "a-b" as function2 } from "/app/\\"list\\".ts";',
        "const endpoints = [",
        '  httpEndpoint({ name: "read", definition: function0 }),',
        '  queueEndpoint({ name: "jobs", definition: function1 }),',
        '  httpEndpoint({ name: "list", definition: function2 }),',
        "];",
        'await serveEndpoints(endpoints, {"port":3000});',
        "",
      ].join("\n"),
    );
  });

  test("brings what a container needs", () => {
    const manifest: unknown = JSON.parse(plan?.files["package.json"] ?? "");
    expect(manifest).toMatchObject({ name: "shop", type: "module", scripts: { start: "node server.mjs" } });
    const dockerfile = plan?.files.Dockerfile?.split("\n");
    expect(dockerfile).toEqual(
      expect.arrayContaining(["FROM node:24-slim", "USER node", "EXPOSE 3000", "STOPSIGNAL SIGTERM"]),
    );
  });
});

describe("refusals", () => {
  test("functions whose route is taken", () => {
    const refused = adapter.refuse({
      app: "shop",
      settings: {},
      functions: [
        ...functions,
        discovered("again", get("/a")),
        discovered("hidden", get("/_events/x")),
        discovered("tick", defineFunction({ trigger: schedule("0 2 * * *"), handler: () => {} })),
      ],
    });
    expect(refused).toEqual([
      {
        function: "again",
        reason: expect.stringMatching(/^The functions "read" and "again" answer the same requests/),
      },
      { function: "hidden", reason: expect.stringContaining("/_events/") },
    ]);
  });

  test("none", () => {
    expect(adapter.refuse({ app: "shop", settings: {}, functions })).toEqual([]);
  });
});

import { readFileSync } from "node:fs";
import type { DiscoveredFunction } from "@anyfn/build";
import { type AnyFunction, defineFunction, http, queue, schedule } from "@anyfn/core";
import { expect, test } from "vitest";
import { adapter } from "./index.ts";

const found = (name: string, definition: AnyFunction, exportName = "fn"): DiscoveredFunction => ({
  name,
  exportName,
  file: `/src/a "b"/${name}.ts`,
  line: 1,
  column: 1,
  definition,
});
const validate = async (settings: unknown) => adapter.settings["~standard"].validate(settings);
async function defaults(settings: unknown = {}): Promise<unknown> {
  const result = await validate(settings);
  if (result.issues !== undefined) throw new Error(JSON.stringify(result.issues));
  return result.value;
}
const handler = () => {};

test("each function is an archive of its own, with its trigger's code alone", async () => {
  const functions = [
    found("get-order", defineFunction({ trigger: http.get("/"), handler }), "default"),
    found("fulfil", defineFunction({ trigger: queue("orders"), handler })),
  ];
  const plans = adapter.plan({ app: "shop", functions, settings: await defaults({ basePath: "/api" }) });
  expect(plans).toMatchObject([
    {
      directory: "get-order",
      functions: ["get-order"],
      bundle: { file: "index.cjs", format: "cjs", external: ["@google-cloud/functions-framework"] },
      zip: "get-order.zip",
    },
    { directory: "fulfil", functions: ["fulfil"], zip: "fulfil.zip" },
  ]);
  expect(plans[0]?.entry).toBe(
    [
      'import { http } from "@google-cloud/functions-framework";',
      'import { httpFunction } from "@anyfn/gcp/http";',
      'import { "default" as definition } from "/src/a \\"b\\"/get-order.ts";',
      "",
      'http("get-order", httpFunction(definition, {"name":"get-order","ownServer":true,"basePath":"/api","trustedProxies":0}));',
      "",
    ].join("\n"),
  );
  expect(plans[1]?.entry).toContain('import { queueFunction } from "@anyfn/gcp/queue";');
});

test("the package installs the version that this adapter depends on, and has no script to run", async () => {
  const functions = [found("fulfil", defineFunction({ trigger: queue("orders"), handler }))];
  const [plan] = adapter.plan({ app: "shop", functions, settings: await defaults({ node: "22" }) });
  const own = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const framework = "@google-cloud/functions-framework";
  expect(JSON.parse(plan?.files["package.json"] ?? "")).toEqual({
    name: "fulfil",
    private: true,
    main: "index.cjs",
    engines: { node: "22.x" },
    dependencies: { [framework]: own.dependencies[framework] },
  });
});

test.each([
  [defineFunction({ trigger: http.get("/"), timeout: 3600, handler }), undefined],
  [defineFunction({ trigger: http.get("/"), timeout: 3601, handler }), /after 3600 seconds.*timeout is 3601/],
  [defineFunction({ trigger: queue("q"), timeout: 601, handler }), /"queue" trigger after 600 seconds/],
  [defineFunction({ trigger: schedule("0 2 * * *"), timeout: 1800, handler }), undefined],
  [defineFunction({ trigger: queue("q"), memory: 32769, handler }), /at most 32768 MiB/],
])("what Google Cloud cannot do is refused: %#", async (definition, reason) => {
  const functions = [found("fn", definition)];
  const refusals = adapter.refuse({ app: "shop", functions, settings: await defaults() });
  expect(refusals.map((refusal) => refusal.function)).toEqual(reason === undefined ? [] : ["fn"]);
  if (reason !== undefined) expect(refusals[0]?.reason).toMatch(reason);
});

test.each([
  [{ node: "20" }, "node"],
  [{ basePath: "api" }, "basePath"],
  [{ basePath: "/api/" }, "basePath"],
  [{ trustedProxies: -1 }, "trustedProxies"],
  [{ location: "europe-west1" }, undefined],
  [{ region: "Europe" }, "region"],
  [{ project: "Shop" }, "project"],
])("settings are checked: %j", async (settings, path) => {
  const { issues = [] } = await validate(settings);
  expect(issues).toHaveLength(1);
  expect(issues[0]?.path?.[0]).toBe(path);
});

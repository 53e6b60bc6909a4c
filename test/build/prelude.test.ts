import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "@anyfn/build";
import { expect, it } from "vitest";
import { runNode } from "./node.ts";
import { createProject } from "./project.ts";

const event = JSON.stringify({
  version: "2.0",
  rawPath: "/",
  rawQueryString: "",
  headers: {},
  requestContext: {
    stage: "$default",
    domainName: "example.org",
    http: { method: "GET", sourceIp: "192.0.2.1" },
  },
});

/** A handler that finds out whether it and its adapter have the same classes. */
const handlerOf = (imports: string, seen: string) => `
import { AnyfnError, defineFunction, HttpError, http } from "@anyfn/core";
${imports}
export const NAME = defineFunction({
  trigger: http.get("/"),
  handler: async ({ json, ...event }, ctx) => {
    const error = await json().catch((error) => error);
    return { same: error instanceof HttpError && error instanceof AnyfnError, seen: ${seen} };
  },
});
`;

it("bundles that share core and adapter behave like the one that links them itself", async () => {
  const plain = handlerOf("", "event.method");
  const own = handlerOf('import { lambdaEvent } from "@anyfn/aws";', "typeof lambdaEvent");
  using project = createProject(
    {
      "anyfn.config.ts": 'export default { name: "shop", functions: ["src/*.ts"] };',
      "src/one.ts": plain.replace("NAME", "one"),
      "src/two.ts": plain.replace("NAME", "two"),
      "src/three.ts": own.replace("NAME", "three"),
      "src/four.ts": `import * as core from "@anyfn/core";\n${plain.replace("NAME", "four").replace("event.method", "core.http.get('/').kind")}`,
    },
    ["@anyfn/core", "@anyfn/aws", "anyfn"],
  );
  const { outDir, targets } = await build({ cwd: project.dir, targets: ["aws"] });
  const artifacts = targets[0]?.manifest.artifacts ?? [];
  const answers = artifacts.map(async ({ directory, modules }) => {
    const cwd = join(outDir, "aws", directory);
    const script = `
      const { handler } = await import("./index.mjs");
      console.log((await handler(${event}, { awsRequestId: "i-1" })).body);`;
    const { stdout } = await runNode(["--input-type=module", "--eval", script], { cwd });
    const { sources } = JSON.parse(readFileSync(join(cwd, "index.mjs.map"), "utf8")) as { sources: string[] };
    const packages = new Set(modules.map(({ name }) => /@anyfn\/[a-z]+/.exec(name)?.[0] ?? name));
    return {
      name: directory,
      body: stdout.trim(),
      maps: sources.some((source) => source.includes("@anyfn")) ? "all" : "the user's",
      packages: [...packages].sort(),
    };
  });
  expect(await Promise.all(answers)).toEqual([
    {
      name: "four",
      body: '{"same":true,"seen":"http"}',
      maps: "all",
      packages: ["@anyfn/aws", "@anyfn/core", "src/four.ts"],
    },
    {
      name: "one",
      body: '{"same":true,"seen":"GET"}',
      maps: "the user's",
      packages: ["@anyfn/aws", "@anyfn/core", "src/one.ts"],
    },
    {
      name: "three",
      body: '{"same":true,"seen":"function"}',
      maps: "all",
      packages: ["@anyfn/aws", "@anyfn/core", "src/three.ts"],
    },
    {
      name: "two",
      body: '{"same":true,"seen":"GET"}',
      maps: "the user's",
      packages: ["@anyfn/aws", "@anyfn/core", "src/two.ts"],
    },
  ]);
});

it("tells of an import that core does not have, when bundles share it as well", async () => {
  const code = 'import { defineFunction, http, sorry } from "@anyfn/core";\n';
  const functions = ["one", "two"].map(
    (name) =>
      `export const ${name} = defineFunction({ trigger: http.get("/${name}"), handler: () => String(sorry) });`,
  );
  using project = createProject(
    {
      "anyfn.config.ts": 'export default { name: "shop" };',
      "src/functions.ts": [code, ...functions].join("\n"),
    },
    ["@anyfn/core", "@anyfn/aws", "anyfn"],
  );
  await expect(build({ cwd: project.dir, targets: ["aws"] })).rejects.toThrow(
    /src\/functions\.ts:1:\d+.*"sorry"/s,
  );
});

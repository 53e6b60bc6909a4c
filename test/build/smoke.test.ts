import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "@anyfn/build";
import { describe, expect, it } from "vitest";
import { PACKAGES } from "./app.ts";
import { createProject } from "./project.ts";

const HELLO = `import { defineFunction, http } from "@anyfn/core";
export const hello = defineFunction({ trigger: http.get("/hello"), handler: () => "hi" });
`;

/** Whether the file stands in the project: discovery loads it there. Nobody can see which file is asked for. */
const AT_HOME = `import { existsSync } from "node:fs";
import { join } from "node:path";
const isAtHome = existsSync(join(import.meta.dirname, ["func", "tions.ts"].join("")));
`;
const elsewhere = (statement: string) => `${AT_HOME}${HELLO}if (!isAtHome) ${statement}\n`;
const ARTIFACTS = [
  ["aws", "aws/hello"],
  ["azure", "azure"],
  ["gcp", "gcp/hello"],
  ["node", "node"],
] as const;

const open = (source: string, config = "") =>
  createProject({ "src/functions.ts": source, "anyfn.config.ts": `export default { ${config} };` }, PACKAGES);

describe("the smoke test of a build", () => {
  it.each(ARTIFACTS)("refuses what throws when %s loads it, with its place", async (target, name) => {
    using project = open(elsewhere('throw new Error("far from home");'));
    await expect(build({ cwd: project.dir, targets: [target] })).rejects.toThrow(
      new RegExp(
        `^src/functions\\.ts:6:\\d+ {2}The artifact ${name} cannot be loaded: Error: far from home\\n.*\`smoke: false\``,
      ),
    );
    expect(existsSync(join(project.dir, "dist"))).toBe(false);
  });

  it.each(ARTIFACTS)("leaves %s out with `smoke: false`", async (target) => {
    using project = open(elsewhere('throw new Error("far from home");'), "smoke: false");
    const { targets } = await build({ cwd: project.dir, targets: [target] });
    expect(targets[0]?.manifest.artifacts).toHaveLength(1);
  });

  it.each([
    ["process.exit(3);", "The artifact aws/hello cannot be loaded: It ends the process with 3."],
    [
      "await new Promise(() => {});",
      "The artifact aws/hello cannot be loaded: It ends the process, or waits for something that never comes.",
    ],
    ['process.nextTick(() => { throw new Error("late"); });', "Error: late"],
  ])("refuses what ends the process: %s", async (statement, message) => {
    using project = open(elsewhere(statement));
    await expect(build({ cwd: project.dir, targets: ["aws"] })).rejects.toThrow(message);
  });

  it("ends whatever files leave running, and names every artifact at fault", async () => {
    const more = `setInterval(() => {}, 1000);
export const other = defineFunction({ trigger: http.get("/other"), handler: () => isAtHome });
${elsewhere('throw new Error("far from home");').replace(AT_HOME, "").replace(HELLO, "")}`;
    using project = open(`${AT_HOME}${HELLO}${more}`);
    await expect(build({ cwd: project.dir, targets: ["aws"] })).rejects.toThrow(
      /aws\/hello cannot be loaded[\s\S]*aws\/other cannot be loaded/,
    );
  });

  it("counts what Azure would see", async () => {
    // As the library behaves where nobody supplies `@azure/functions-core`: every registration goes nowhere.
    using project = createProject(
      {
        "src/functions.ts": HELLO,
        "node_modules/@azure/functions/package.json": '{ "name": "@azure/functions", "main": "index.js" }',
        "node_modules/@azure/functions/index.js":
          "exports.app = new Proxy({}, { get: () => () => {} });\nexports.HttpResponse = class {};",
      },
      PACKAGES.filter((name) => name !== "@azure/functions"),
    );
    await expect(build({ cwd: project.dir, targets: ["azure"] })).rejects.toThrow(
      "The artifact azure would not work: It registers 0 of 1 functions; missing: hello.",
    );
  });
});

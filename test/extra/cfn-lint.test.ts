import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "@anyfn/build";
import { afterAll, describe, expect, it } from "vitest";

const { status } = spawnSync("cfn-lint", ["--version"]);
const folder = mkdtempSync(join(tmpdir(), "anyfn-cfn-lint-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** AWS's linter of templates, which applies the serverless transform first. Installed with `pip install cfn-lint`. */
describe("cfn-lint", () => {
  it("is here, or said to be missing", () => {
    if (status !== 0)
      console.warn("cfn-lint is missing, so that no template is linted: pip install cfn-lint");
    expect([0, null]).toContain(status);
  });
  if (status !== 0) return;

  it.each(["orders", "images", "rest-api"])(
    "finds nothing in the example %s, not even hints",
    async (name) => {
      const cwd = join(import.meta.dirname, "../../examples", name);
      const { targets } = await build({ cwd, outDir: join(folder, name), targets: ["aws"] });
      const template = join(String(targets[0]?.directory), "template.json");
      const linted = spawnSync("cfn-lint", [template, "--include-checks", "I"], { encoding: "utf8" });
      expect({ found: linted.stdout, status: linted.status }).toEqual({ found: "", status: 0 });
    },
  );
});

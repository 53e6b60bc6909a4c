import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BuildResult, type BuiltTarget, build } from "@anyfn/build";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokenReferences, type CloudFormation, specProblems } from "../support/service-spec.ts";
import { createProject, type Project } from "./project.ts";

const FILES = {
  "anyfn.config.ts": `import { defineConfig } from "anyfn";
export default defineConfig({ name: "shop", targets: { aws: { create: ["orders"], functions: { live: { streaming: true } } } } });
`,
  "src/functions.ts": `import {
  bus, changes, defineFunction, direct, http, queue, schedule, storage, stream, topic,
} from "@anyfn/core";
const handler = () => undefined;
export const page = defineFunction({ trigger: http.get("/pages/{id}"), handler });
export const live = defineFunction({ trigger: http.get("/live"), handler });
export const fulfil = defineFunction({ trigger: queue("orders"), handler });
export const ship = defineFunction({ trigger: topic("shipments"), handler });
export const nightly = defineFunction({ trigger: schedule("0 2 * * *"), handler });
export const resize = defineFunction({ trigger: storage("images"), handler });
export const follow = defineFunction({ trigger: changes("customers"), handler });
export const count = defineFunction({ trigger: stream("clicks"), handler });
export const react = defineFunction({ trigger: bus("events"), handler });
export const vat = defineFunction({ trigger: direct(), handler });
`,
};

const read = (directory: string, name: string) => JSON.parse(readFileSync(join(directory, name), "utf8"));

function builtFor({ targets }: BuildResult): BuiltTarget & { readonly template: CloudFormation } {
  const [target] = targets;
  if (target === undefined) throw new Error("Nothing was built.");
  return { ...target, template: read(target.directory, "template.json") };
}

/** Zips that a template names, and that are not where it says. */
function missingZips(directory: string, { Resources }: CloudFormation): unknown[] {
  const zips = Object.values(Resources)
    .filter(({ Type }) => Type === "AWS::Serverless::Function")
    .map(({ Properties }) => Properties.CodeUri);
  expect(zips.length).toBeGreaterThan(0);
  return zips.filter((zip) => !existsSync(join(directory, String(zip))));
}

describe("what is built for AWS", () => {
  let project: Project;
  beforeAll(() => {
    project = createProject(FILES, ["@anyfn/core", "@anyfn/aws", "anyfn"]);
  });
  afterAll(() => project[Symbol.dispose]());

  it("has a template of every trigger, as AWS specifies its resources, with the zips that were built", async () => {
    const { directory, template, manifest } = builtFor(await build({ cwd: project.dir }));
    expect(specProblems(template)).toEqual([]);
    expect(brokenReferences(template)).toEqual([]);
    expect(missingZips(directory, template)).toEqual([]);
    expect(manifest.infrastructure).toEqual([
      { name: "template.json", bytes: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
  });

  it("is Terraform's when asked for, and the template goes", async () => {
    await build({ cwd: project.dir });
    const { targets } = await build({ cwd: project.dir, iac: "terraform" });
    const [target] = targets;
    const directory = String(target?.directory);
    expect(target?.manifest.infrastructure.map(({ name }) => name)).toEqual(["main.tf.json"]);
    expect(existsSync(join(directory, "template.json"))).toBe(false);
    const { resource } = read(directory, "main.tf.json");
    expect(Object.keys(resource.aws_lambda_function)).toHaveLength(10);
  });
});

describe.each(["orders", "images", "rest-api"])("the example %s", (name) => {
  it("has a template as AWS specifies its resources", async () => {
    const outDir = mkdtempSync(join(tmpdir(), "anyfn-infrastructure-"));
    try {
      const cwd = join(import.meta.dirname, "../../examples", name);
      const { directory, template } = builtFor(await build({ cwd, outDir, targets: ["aws"] }));
      expect(specProblems(template)).toEqual([]);
      expect(brokenReferences(template)).toEqual([]);
      expect(missingZips(directory, template)).toEqual([]);
    } finally {
      rmSync(outDir, { recursive: true, force: true });
    }
  });
});

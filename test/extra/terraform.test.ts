import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "@anyfn/build";
import { adapter } from "@anyfn/gcp/build";
import { afterAll, describe, expect, it } from "vitest";
import { emitBoth } from "../build/_azure-templates.ts";
import { EVERY, parse } from "../build/_cloud-app.ts";

const { status } = spawnSync("terraform", ["version"]);
const scratch = mkdtempSync(join(tmpdir(), "anyfn-terraform-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/**
 * Terraform itself on what is emitted. Without the provider it reads no references, so that each resource stands in as one
 * of Terraform's own, with the same name, arguments and references.
 */
describe("terraform", () => {
  it("is here, or said to be missing", () => {
    if (status !== 0) console.warn("terraform is missing, so that it has read no main.tf.json.");
    expect([0, null]).toContain(status);
  });
  if (status !== 0) return;

  it("reads all expressions and finds all that they refer to", async () => {
    const section = {
      topics: { "Loud News": { source: "push" } },
      create: ["uploads"],
      logRetentionDays: 7,
      environment: { GREETING: `$\{not.code} %{nor.this}` },
    };
    const settings = await parse(adapter.settings, section);
    const input = { app: "shop", functions: EVERY, settings };
    const artifacts = adapter.plan(input);
    const files = adapter.infrastructure?.({ ...input, artifacts, iac: "native" }) ?? {};
    expect(validate(files["main.tf.json"] ?? "")).toEqual([]);
  });

  it("reads the same of Azure", async () => {
    const { files, created } = await emitBoth("terraform");
    for (const emitted of [files, created]) {
      expect(Object.keys(emitted)).toEqual(["main.tf.json", "events/main.tf.json"]);
      for (const text of Object.values(emitted)) expect(validate(text)).toEqual([]);
    }
  });

  it("finds what is wrong", () => {
    const body = { a: { name: `$\{google_project.b.name}` } };
    expect(validate(JSON.stringify({ resource: { google_project: body } }))).toContainEqual(
      expect.stringContaining("Reference to undeclared resource"),
    );
    const cut = { resource: { google_project: { a: { name: `$\{substr("a", 1}` } } } };
    expect(validate(JSON.stringify(cut))).not.toEqual([]);
  });

  it.each(["orders", "images", "rest-api"])("reads the example %s", async (name) => {
    const cwd = join(import.meta.dirname, "../../examples", name);
    const { targets } = await build({ cwd, outDir: join(scratch, name), targets: ["gcp"] });
    const file = join(String(targets[0]?.directory), "main.tf.json");
    expect(validate(readFileSync(file, "utf8"))).toEqual([]);
  });
});

interface Configuration {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Body>>>>;
  readonly data?: Configuration["resource"];
  readonly variable?: object;
  readonly output?: object;
  readonly locals?: object;
}

/** What Terraform says against a configuration whose resources are played by its own. */
function validate(text: string): readonly string[] {
  const { resource, data = {}, variable, output, locals }: Configuration = JSON.parse(played(text));
  const stand = (blocks: Configuration["resource"], prefix: string) =>
    Object.entries(blocks).flatMap(([type, named]) =>
      Object.entries(named).map(([name, { depends_on, for_each, ...input }]) => [
        `${prefix}${type}--${name}`,
        { input, ...(depends_on ? { depends_on } : {}), ...(for_each ? { for_each } : {}) },
      ]),
    );
  const blocks = [...stand(resource, ""), ...stand(data, "data--")];
  const folder = mkdtempSync(join(scratch, "run-"));
  const configuration = {
    resource: { terraform_data: Object.fromEntries(blocks) },
    variable,
    output,
    locals,
  };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration));
  const run = (...args: readonly string[]) =>
    spawnSync("terraform", args, {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 2 ** 26,
      env: { ...process.env, CHECKPOINT_DISABLE: "1" },
    });
  run("init", "-backend=false", "-input=false");
  const { diagnostics }: Validation = JSON.parse(run("validate", "-json").stdout);
  return diagnostics.map(({ summary, detail }) => `${summary}: ${detail}`);
}

interface Validation {
  readonly diagnostics: readonly { readonly summary: string; readonly detail: string }[];
}

type Body = {
  readonly depends_on?: readonly string[];
  readonly for_each?: string;
  readonly [name: string]: unknown;
};

/** References to resources as references to those that stand in for them; what they depend on has no attribute. */
function played(text: string): string {
  return (
    text
      // The archives are elsewhere.
      .replaceAll("filesha256(", "sha256(")
      .replace(/"((?:google|azapi)_\w+)\.([\w-]+)"(?=[,\s\]])/g, '"terraform_data.$1--$2"')
      .replace(
        /\b(data\.)?((?:google|azapi)_\w+)\.([\w-]+)\.(?=\w)/g,
        (_found, isData, type, name) => `terraform_data.${isData ? "data--" : ""}${type}--${name}.output.`,
      )
  );
}

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runNode } from "./node.ts";
import { createProject, FAKE_ADAPTER } from "./project.ts";

const packageFolder = join(import.meta.dirname, "../../packages/cli");
const anyfn = (args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}) =>
  runNode([join(packageFolder, "bin/anyfn.js"), ...args], { env });

const PROJECT = {
  ...FAKE_ADAPTER,
  "anyfn.config.ts": `import { defineConfig } from "anyfn";
export default defineConfig({ name: "shop", targets: { fake: {} } });
`,
  // The timer is what a database's client leaves behind: the command must end all the same.
  "src/functions.ts": `import { defineFunction, http } from "@anyfn/core";
setInterval(() => {}, 1000);
export const hello = defineFunction({ trigger: http.get("/hello"), handler: () => "hi" });
`,
};

describe("anyfn build", () => {
  it("says what came of it in a table", async () => {
    using project = createProject(PROJECT);
    const { code, stdout, stderr } = await anyfn(["build", "--cwd", project.dir]);
    expect(stderr).toBe("");
    const [head, row, gap, sum] = stdout.split("\n");
    expect(head).toMatch(/^target +artifact +functions +files +bundle +gzip +zip +time$/);
    expect(row).toMatch(/^fake +hello +1 +3 +[\d.]+ k?B +[\d.]+ k?B +[\d.]+ k?B +[\d.]+ m?s$/);
    expect(gap).toBe("");
    expect(sum).toMatch(/^Built 1 artifact in [\d.]+ m?s: /);
    expect(sum?.endsWith(join(project.dir, "dist"))).toBe(true);
    expect(code).toBe(0);
  });

  it("prints the manifests as JSON and nothing else", async () => {
    using project = createProject(PROJECT);
    const { code, stdout, stderr } = await anyfn([
      "build",
      "--cwd",
      project.dir,
      "--json",
      "--out-dir",
      "out",
    ]);
    expect([code, stderr]).toEqual([0, ""]);
    const { app, warnings, targets } = JSON.parse(stdout);
    expect([app, warnings]).toEqual(["shop", []]);
    expect(targets).toEqual([JSON.parse(readFileSync(join(project.dir, "out/fake/manifest.json"), "utf8"))]);
  });

  it("ends with 1 and says why when the functions cannot be built", async () => {
    using project = createProject({ ...PROJECT, "src/functions.ts": "export const a = (;" });
    const { code, stdout, stderr } = await anyfn(["build", "--cwd", project.dir]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^error: src\/functions\.ts:1:19 {2}The file has a syntax error: /);
    expect(stderr).not.toContain("at ");
    expect(existsSync(join(project.dir, "dist"))).toBe(false);
  });
});

describe("a function file that takes over the process", () => {
  const LOADED =
    "Functions are found by loading their files, so what stands outside of handlers runs during the build.\n";
  const load = async (line: string, args: readonly string[] = []) => {
    const source = `${PROJECT["src/functions.ts"].replace(/setInterval.*/, "")}${line}\n`;
    using project = createProject({ ...PROJECT, "src/functions.ts": source });
    return await anyfn(["build", "--cwd", project.dir, ...args]);
  };

  it.each([
    [
      "process.exit(0);",
      "src/functions.ts:4:9  The file cannot be loaded: Error: It calls process.exit(0).\n",
    ],
    [
      "await new Promise(() => {});",
      "src/functions.ts  The file cannot be loaded: Error: It waits for something that never comes.\n",
    ],
    [
      'Promise.reject(new Error("late"));',
      "Something that a file started while it was loaded has failed: Error: late\n",
    ],
  ])("is told what it does: %s", async (line, message) => {
    expect(await load(line)).toEqual({ code: 1, stdout: "", stderr: `error: ${message}${LOADED}` });
  });

  it("prints to stderr", async () => {
    const { code, stdout, stderr } = await load('console.log("loading");', ["--json"]);
    expect([code, stderr]).toEqual([0, "loading\n"]);
    expect(JSON.parse(stdout)).toMatchObject({ app: "shop" });
  });
});

describe("anyfn", () => {
  it.each([[[]], [["--help"]], [["-h"]], [["help"]]])("lists the commands for %j", async (args) => {
    const { code, stdout } = await anyfn(args);
    expect(code).toBe(0);
    expect(stdout).toContain("Usage: anyfn <command>");
    expect(stdout).toMatch(/^ {2}build +Build the functions for their targets$/m);
  });

  it("shows a command's options", async () => {
    const { code, stdout } = await anyfn(["build", "--target", "aws", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("--target <names>");
  });

  it("tells its version", async () => {
    const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
    expect(await anyfn(["--version"])).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  it.each([
    [["biuld"], 'There is no command "biuld". Did you mean "build"? See anyfn --help.'],
    [
      ["launch"],
      'There is no command "launch". There is: build, check, deploy, rollback, remove, invoke, logs. See anyfn --help.',
    ],
    [["build", "--tarjet", "aws"], "Unknown option '--tarjet'. See anyfn build --help."],
    [["build", "--target", "aws,"], "--target needs names, separated by commas: --target aws,node"],
    [["build", "--iac", "pulumi"], "--iac takes native or terraform"],
    [["build", "--target"], "Option '--target <value>' argument missing. See anyfn build --help."],
  ])("ends with 2 and a hint for %j", async (args, message) => {
    expect(await anyfn(args)).toEqual({ code: 2, stdout: "", stderr: `error: ${message}\n` });
  });
});

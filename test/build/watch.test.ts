import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createProject, FAKE_ADAPTER, type Project } from "./project.ts";
import { startAnyfn } from "./running.ts";

const startWatching = (project: Project, args: readonly string[] = []) =>
  startAnyfn(["build", "--watch", ...args], { cwd: project.dir });

const hello = (name: string, text: string) => `import { defineFunction, http } from "@anyfn/core";
import { say } from "./say-${name}.ts";
import { shared } from "./shared.ts";
export const ${name} = defineFunction({ trigger: http.get("/${name}"), handler: () => say() + shared + "${text}" });
`;
const say = (text: string) => `export const say = (): string => "${text}";\n`;
const PROJECT = {
  ...FAKE_ADAPTER,
  "anyfn.config.ts": `export default { functions: ["src/fn-*.ts"], assets: ["data/**"], targets: { fake: {} } };`,
  "src/fn-one.ts": hello("one", "1"),
  "src/fn-two.ts": hello("two", "2"),
  "src/say-one.ts": say("one"),
  "src/say-two.ts": say("two"),
  "src/shared.ts": 'export const shared = "shared";\n',
  "data/a.txt": "a",
};
const change = (project: Project, path: string, text: string) => {
  mkdirSync(dirname(join(project.dir, path)), { recursive: true });
  writeFileSync(join(project.dir, path), text);
};
const bundled = (project: Project, name: string) =>
  readFileSync(join(project.dir, "dist/fake", name, "index.mjs"), "utf8");
const WATCHING = /^Watching for changes; Ctrl-C ends it\.$/;
const BUILT = /^Built .* in [\d.]+ m?s/;

describe("anyfn build --watch", () => {
  it("bundles again what a changed file is part of, and says so in one line", async () => {
    using project = createProject(PROJECT);
    await using watching = startWatching(project);
    expect(await watching.line(BUILT)).toContain("Built 2 artifacts");
    await watching.line(WATCHING);
    change(project, "src/say-one.ts", say("UNO"));
    expect(await watching.line(BUILT)).toMatch(/^Built fake\/one in [\d.]+ m?s$/);
    expect(bundled(project, "one")).toContain("UNO");
    change(project, "src/shared.ts", 'export const shared = "COMMON";\n');
    expect(await watching.line(BUILT)).toMatch(/^Built fake\/one, fake\/two in [\d.]+ m?s$/);
    expect(bundled(project, "one")).toContain("UNO");
    expect(bundled(project, "two")).toContain("COMMON");
    change(project, "data/a.txt", "b");
    expect(await watching.line(BUILT)).toMatch(/^Built fake\/one, fake\/two in /);
    expect(readFileSync(join(project.dir, "dist/fake/two/data/a.txt"), "utf8")).toBe("b");
  });

  it("sees files and folders that come and go, and a changed configuration", async () => {
    using project = createProject(PROJECT);
    await using watching = startWatching(project);
    await watching.line(WATCHING);
    change(project, "src/deep/er/three.ts", "export const three = 3;\n");
    await watching.line(BUILT);
    change(
      project,
      "src/say-one.ts",
      `import { three } from "./deep/er/three.ts";\nexport const say = (): string => "T" + three;\n`,
    );
    expect(await watching.line(BUILT)).toMatch(/^Built fake\/one in /);
    change(project, "src/deep/er/three.ts", 'export const three = "DREI";\n');
    expect(await watching.line(BUILT)).toMatch(/^Built fake\/one in /);
    expect(bundled(project, "one")).toContain("DREI");
    rmSync(join(project.dir, "src/fn-two.ts"));
    expect(await watching.line(BUILT)).toMatch(/^Built fake\/one in /);
    expect(() => bundled(project, "two")).toThrow("ENOENT");
    change(
      project,
      "anyfn.config.ts",
      PROJECT["anyfn.config.ts"].replace("fake: {}", 'fake: { region: "eu" }'),
    );
    expect(await watching.line(BUILT)).toMatch(/^Built fake\/one in /);
    expect(readFileSync(join(project.dir, "dist/fake/one/settings.json"), "utf8")).toBe('{"region":"eu"}');
  });

  it("survives errors, from the start on, and what files leave running", async () => {
    using project = createProject({ ...PROJECT, "src/shared.ts": "export const shared = (;\n" });
    await using watching = startWatching(project);
    expect(await watching.line(/^error: /)).toMatch(
      /^error: src\/shared\.ts:1:24 {2}The file has a syntax error: /,
    );
    await watching.line(WATCHING);
    change(project, "src/shared.ts", 'export const shared = "fine";\n');
    expect(await watching.line(BUILT)).toContain("Built 2 artifacts");
    await watching.line(WATCHING);
    change(project, "src/shared.ts", 'export const shared = "late";\nPromise.reject(new Error("later"));\n');
    await watching.line(/^error: .*later/);
    change(project, "src/shared.ts", 'export const shared = "again";\n');
    while (!bundled(project, "two").includes("again")) await watching.line(BUILT);
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "ends with 0 on %s, whatever files have left running",
    async (signal) => {
      using project = createProject({
        ...PROJECT,
        "src/shared.ts": 'setInterval(() => {}, 1000);\nexport const shared = "";\n',
      });
      await using watching = startWatching(project);
      await watching.line(WATCHING);
      watching.signal(signal);
      expect(await watching.closed).toBe(0);
    },
  );

  it("makes the same files as a build of its own", async () => {
    using project = createProject(PROJECT);
    await using watching = startWatching(project);
    await watching.line(WATCHING);
    change(project, "src/say-one.ts", say("changed"));
    await watching.line(BUILT);
    const manifest = readFileSync(join(project.dir, "dist/fake/manifest.json"), "utf8");
    await using other = startWatching(project, ["--out-dir", "other"]);
    await other.line(WATCHING);
    expect(readFileSync(join(project.dir, "other/fake/manifest.json"), "utf8")).toBe(manifest);
  });

  it("prints lines, and no JSON", async () => {
    using project = createProject(PROJECT);
    await using watching = startWatching(project, ["--json"]);
    expect(await watching.line(/^error: /)).toBe("error: --watch prints lines, and no --json");
  });
});

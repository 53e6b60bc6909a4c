import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runNode } from "./node.ts";
import { createShelfProject, type ShelfProject, sourceOf } from "./shelf.ts";

const bin = join(import.meta.dirname, "../../packages/cli/bin/anyfn.js");
const SECRET = "c0ffee-c0ffee-c0ffee";

async function anyfn(project: ShelfProject, command: string, env: Readonly<Record<string, string>> = {}) {
  const args = [bin, ...command.split(" "), "--target", "shelf"];
  return runNode(args, { cwd: project.dir, env: { ...project.env, SHELF_SECRET_KEY: SECRET, ...env } });
}

const write = (project: ShelfProject, functions: Readonly<Record<string, string>>) =>
  writeFileSync(join(project.dir, "src/functions.ts"), sourceOf(functions));

/** Without what changes from run to run. */
const steady = (text: string) =>
  text.replace(/in [\d.]+ m?s/g, "in <time>").replace(/size: \d+/g, "size: <n>");

/** Names of the changes that have begun or ended, in order. */
const begun = ({ journal }: ShelfProject) =>
  journal().flatMap((line) => /^begin .*\) (.*)$/.exec(line)?.[1] ?? []);

describe("anyfn deploy", () => {
  it("shows the plan, carries it out wave by wave, and tells the addresses", async () => {
    using project = createShelfProject(sourceOf({ hello: "1", bye: "1" }));
    const { code, stdout, stderr } = await anyfn(project, "deploy");
    expect(steady(stdout)).toBe(`shop, stage dev, on shelf: shelf 1

+  create  role      shop-dev-hello
+  create  role      shop-dev-bye
+  create  function  shop-dev-hello
+  create  function  shop-dev-bye
+  create  alias     shop-dev-hello
+  create  alias     shop-dev-bye

6 to create

Made 6 changes in <time>

hello  shelf://shop-dev-hello
bye    shelf://shop-dev-bye
`);
    const lines = stderr.split("\n").slice(0, -1);
    expect(lines.map((line) => line.replace(/-(?:hello|bye)$/, ""))).toEqual([
      "(1/6) created role shop-dev",
      "(2/6) created role shop-dev",
      "(3/6) created function shop-dev",
      "(4/6) created function shop-dev",
      "(5/6) created alias shop-dev",
      "(6/6) created alias shop-dev",
    ]);
    expect(code).toBe(0);
    const plan = stdout.indexOf("6 to create") + "6 to create\n".length;
    const [, printed = "0"] = /after (\d+) bytes/.exec(project.journal()[0] ?? "") ?? [];
    expect(Number(printed), "the plan is printed before the first change begins").toBe(plan);
    expect(begun(project).map((name) => name.split(" ")[0])).toEqual([
      ...["role", "role"],
      ...["function", "function"],
      ...["alias", "alias"],
    ]);
  });

  it("finds nothing to do the second time", async () => {
    using project = createShelfProject(sourceOf({ hello: "1" }));
    await anyfn(project, "deploy");
    const before = [project.shelf(), project.journal()];
    const { code, stdout, stderr } = await anyfn(project, "deploy");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(`shop, stage dev, on shelf: shelf 1

3 kept

Nothing to do: all of it is deployed as it is declared.

hello  shelf://shop-dev-hello
`);
    expect([project.shelf(), project.journal()]).toEqual(before);
  });

  it("updates what has changed, and deletes what is gone from the source", async () => {
    using project = createShelfProject(sourceOf({ hello: "1", bye: "1" }));
    await anyfn(project, "deploy");
    write(project, { hello: "2", other: "1" });
    const { stdout } = await anyfn(project, "deploy --dry-run --stage dev --parameter Board=2=3");
    expect(steady(stdout)).toBe(`shop, stage dev, on shelf: shelf 2=3

+  create  role      shop-dev-other
~  update  function  shop-dev-hello  code: other than before
                                     size: <n>
+  create  function  shop-dev-other
~  update  alias     shop-dev-hello
+  create  alias     shop-dev-other
-  delete  role      shop-dev-bye
-  delete  function  shop-dev-bye
-  delete  alias     shop-dev-bye

3 to create, 2 to update, 3 to delete, 1 kept

A dry run: nothing was changed.
`);
    expect(Object.keys(project.shelf())).not.toContain("role shop-dev-other");
    await anyfn(project, "deploy");
    expect(
      Object.keys(project.shelf())
        .filter((key) => key.startsWith("role"))
        .sort(),
    ).toEqual(["role shop-dev-hello", "role shop-dev-other"]);
  });

  it("deploys some of the functions alone", async () => {
    using project = createShelfProject(sourceOf({ hello: "1", bye: "1", other: "1" }));
    await anyfn(project, "deploy --stage prod --function hello,bye --function hello");
    expect(
      Object.keys(project.shelf())
        .filter((key) => key.startsWith("role"))
        .sort(),
    ).toEqual(["role shop-prod-bye", "role shop-prod-hello"]);
  });

  it("is done even when the addresses are not known", async () => {
    using project = createShelfProject(sourceOf({ hello: "1" }));
    const { code, stderr } = await anyfn(project, "deploy", { SHELF_MUTE: "1" });
    expect(code).toBe(0);
    expect(stderr).toContain("warning: The addresses are not known. Shelf could not be asked: no reply\n");
  });
});

describe("a deployment that fails", () => {
  it("finishes what has begun, begins nothing later, and says what serves", async () => {
    using project = createShelfProject(sourceOf({ hello: "1", bye: "1" }));
    await anyfn(project, "deploy");
    const before = project.shelf();
    write(project, { hello: "2", bye: "2" });
    const { code, stderr } = await anyfn(project, "deploy", { SHELF_FAIL: "function shop-dev-hello" });
    expect(code).toBe(1);
    expect(stderr).toBe(`(1/4) updated function shop-dev-bye
error: 1 of 4 changes were made, then this failed:
  update function shop-dev-hello: ShelfFullException: The shelf is full; you signed with ***
What served before serves as it did.
Correct the cause and run the same command again: it goes on where this one stopped.
`);
    const { "function shop-dev-bye": _, ...rest } = project.shelf();
    expect(before).toMatchObject(rest);
    expect((await anyfn(project, "deploy")).code).toBe(0);
    expect((await anyfn(project, "deploy --dry-run")).stdout).toContain("\n6 kept\n");
  });

  it("names the functions that have other code, and the way back", async () => {
    using project = createShelfProject(sourceOf({ hello: "1", bye: "1" }));
    await anyfn(project, "deploy");
    write(project, { hello: "2", bye: "2" });
    const { stderr } = await anyfn(project, "deploy", { SHELF_FAIL: "alias shop-dev-bye" });
    expect(stderr).toContain(
      "Other code already serves hello: anyfn rollback --function hello takes that back.\n",
    );
    const back = await anyfn(project, "rollback --function hello");
    expect(back.stdout).toContain("~  update  alias  shop-dev-hello\n");
    expect(back.code).toBe(0);
  });

  it("never prints credentials, with or without an error's cause", async () => {
    using project = createShelfProject(sourceOf({ hello: "1" }));
    const ended = [
      await anyfn(project, "deploy", { SHELF_FAIL: "role shop-dev-hello" }),
      await anyfn(project, "deploy", { SHELF_DOWN: `refused: Bearer ${SECRET} and key ${SECRET}` }),
      await anyfn(project, "deploy --json", { SHELF_FAIL: "role shop-dev-hello" }),
    ];
    for (const { code, stdout, stderr } of ended) {
      expect(code).toBe(1);
      expect(stderr).toContain("***");
      expect(stdout + stderr).not.toContain(SECRET);
    }
    expect(ended[1]?.stderr).toBe(
      "error: Shelf could not be asked: fetch failed: refused: Bearer *** and key ***\n",
    );
  });

  it("says so before anything is built when the target has no deployer", async () => {
    using project = createShelfProject(sourceOf({ hello: "1" }));
    const ended = await runNode([bin, "deploy", "--target", "fake"], { cwd: project.dir });
    expect(ended).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "error: Fake is nothing that anyfn deploys to: run what anyfn build --target fake has made wherever you like.\n",
    });
  });
});

describe("--json", () => {
  const stateOf = (stdout: string) =>
    JSON.parse(stdout).changes.map(({ kind, state }: { kind: string; state: string }) => `${kind} ${state}`);

  it("prints the plan and what became of it, and nothing else", async () => {
    using project = createShelfProject(sourceOf({ hello: "1" }));
    const { code, stdout, stderr } = await anyfn(project, "deploy --json");
    expect([code, stderr]).toEqual([0, ""]);
    const change = { action: "create", name: "shop-dev-hello", details: [], switches: null, state: "done" };
    expect(JSON.parse(stdout)).toEqual({
      app: "shop",
      target: "shelf",
      stage: "dev",
      place: "shelf 1",
      dryRun: false,
      warnings: [],
      changes: [
        { ...change, wave: 1, kind: "role" },
        { ...change, wave: 2, kind: "function" },
        { ...change, wave: 3, kind: "alias", switches: "hello" },
      ],
      addresses: [{ function: "hello", url: "shelf://shop-dev-hello" }],
    });
  });

  it("tells what was only planned, what failed and what was kept", async () => {
    using project = createShelfProject(sourceOf({ hello: "1" }));
    const dry = await anyfn(project, "deploy --json --dry-run");
    expect(stateOf(dry.stdout)).toEqual(["role planned", "function planned", "alias planned"]);
    expect(JSON.parse(dry.stdout)).toMatchObject({ dryRun: true, addresses: [] });
    const failed = await anyfn(project, "deploy --json", { SHELF_FAIL: "function shop-dev-hello" });
    expect(failed.code).toBe(1);
    expect(stateOf(failed.stdout)).toEqual(["role done", "function failed", "alias planned"]);
    const again = await anyfn(project, "deploy --json");
    expect(stateOf(again.stdout)).toEqual(["role kept", "function done", "alias done"]);
  });
});

describe("anyfn rollback", () => {
  it("brings back the code before, and then the code after", async () => {
    using project = createShelfProject(sourceOf({ hello: "1" }));
    const alias = () => (project.shelf()["alias shop-dev-hello"] as { readonly now: string }).now;
    await anyfn(project, "deploy");
    const first = alias();
    expect((await anyfn(project, "rollback")).stdout).toContain(
      "\nNothing to do: no function has other code to go back to.\n",
    );
    write(project, { hello: "2" });
    await anyfn(project, "deploy");
    const second = alias();
    await anyfn(project, "rollback --dry-run");
    expect(alias()).toBe(second);
    const { code, stdout } = await anyfn(project, "rollback");
    expect([code, steady(stdout)]).toEqual([
      0,
      `shop, stage dev, on shelf: shelf 1

~  update  alias  shop-dev-hello

1 to update

Made 1 change in <time>
`,
    ]);
    expect(alias()).toBe(first);
    await anyfn(project, "rollback");
    expect(alias()).toBe(second);
  });
});

describe("anyfn remove", () => {
  it("deletes what deployments of the stage have made, and nothing else", async () => {
    using project = createShelfProject(sourceOf({ hello: "1" }));
    await anyfn(project, "deploy");
    await anyfn(project, "deploy --stage prod");
    const dry = await anyfn(project, "remove --dry-run");
    expect([dry.code, dry.stdout]).toEqual([
      0,
      expect.stringContaining("-  delete  role      shop-dev-hello"),
    ]);
    expect(Object.keys(project.shelf())).toHaveLength(6);
    const { code, stdout } = await anyfn(project, "remove --yes");
    expect([code, stdout]).toEqual([0, expect.stringContaining("\n3 to delete\n")]);
    expect(Object.keys(project.shelf()).sort()).toEqual([
      "alias shop-prod-hello",
      "function shop-prod-hello",
      "role shop-prod-hello",
    ]);
    const again = await anyfn(project, "remove --yes");
    expect(again.stdout).toContain("\nNothing there.\n\nNothing to delete.\n");
  });

  it("does not delete where nobody can be asked", async () => {
    using project = createShelfProject(sourceOf({ hello: "1" }));
    await anyfn(project, "deploy");
    expect(await anyfn(project, "remove")).toEqual({
      code: 2,
      stdout: "",
      stderr: "error: Nobody can be asked here. Look at --dry-run, then delete with --yes.\n",
    });
    expect(Object.keys(project.shelf())).toHaveLength(3);
  });
});

describe("a mistake", () => {
  it.each([
    ["deploy --function helo", 1, 'There is no function "helo". Did you mean "hello"?'],
    ["deploy --function nothing-like-it", 1, 'There is no function "nothing-like-it". There are: "hello".'],
    [
      "deploy --function hello,",
      2,
      "--function needs names, separated by commas: --function place-order,fulfil",
    ],
    ["deploy --parameter Board", 2, "--parameter takes a name and a value: Name=value"],
    ["deploy --parameter A=1 --parameter A=2", 2, "--parameter names A twice. Name it once."],
    [
      "deploy --stage PROD",
      1,
      '"PROD" is no name of a stage. Take lower-case letters, digits and dashes, 20 at most: dev, prod.',
    ],
    ["deploy --target fake", 2, "--target takes one here: --target fake"],
    ["deploy --yes", 2, "Unknown option '--yes'. See anyfn deploy --help."],
    ["remove --function hello", 2, "Unknown option '--function'. See anyfn remove --help."],
  ])("%s ends with %i and says what to write", async (command, code, message) => {
    using project = createShelfProject(sourceOf({ hello: "1" }));
    expect(await anyfn(project, command)).toEqual({ code, stdout: "", stderr: `error: ${message}\n` });
    expect(project.journal()).toEqual([]);
  });

  it("asks for a target, and suggests the nearest", async () => {
    using project = createShelfProject(sourceOf({ hello: "1" }));
    const none = await runNode([bin, "deploy"], { cwd: project.dir });
    expect(none).toEqual({ code: 2, stdout: "", stderr: "error: Say where: --target aws\n" });
    const other = await runNode([bin, "deploy", "--target", "shelv"], { cwd: project.dir });
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('There is no target "shelv". Did you mean "shelf"?');
  });
});

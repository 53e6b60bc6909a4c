import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { command as remove } from "../../packages/cli/src/commands/remove.ts";
import type { Terminal } from "../../packages/cli/src/terminal.ts";
import { runNode } from "./node.ts";
import { startAnyfn } from "./running.ts";
import { createShelfProject, type ShelfProject, sourceOf } from "./shelf.ts";

const bin = join(import.meta.dirname, "../../packages/cli/bin/anyfn.js");
const SOURCE = sourceOf({ hello: "1" });
const STOPPING = /^Stopping when what has begun is done; Ctrl-C again ends at once\.$/;

const start = (project: ShelfProject, command: string, env: Readonly<Record<string, string>> = {}) =>
  startAnyfn([...command.split(" "), "--target", "shelf"], {
    cwd: project.dir,
    env: { ...project.env, ...env },
  });
const deploy = (project: ShelfProject) =>
  runNode([bin, "deploy", "--target", "shelf"], { cwd: project.dir, env: project.env });

describe("Ctrl-C", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "lets what has begun finish, and begins nothing else: %s",
    async (signal) => {
      using project = createShelfProject(SOURCE);
      await using running = start(project, "deploy", { SHELF_HOLD: "role shop-dev-hello" });
      await running.line(/^3 to create$/);
      running.signal(signal);
      await running.line(STOPPING);
      expect(project.shelf()).toEqual({});
      writeFileSync(join(project.dir, "shelf.json.go"), "");
      await running.line(/^\(1\/3\) created role shop-dev-hello$/);
      expect(await running.line(/^error: /)).toBe("error: Stopped after 1 of 3 changes.");
      await running.line(/^What served before serves as it did\.$/);
      await running.line(/^Run the same command again: it goes on where this one stopped\.$/);
      expect(await running.closed).toBe(130);
      expect(project.shelf()).toEqual({ "role shop-dev-hello": true });
      expect((await deploy(project)).stdout).toContain("\n2 to create, 1 kept\n");
    },
  );

  it("ends at once the second time", async () => {
    using project = createShelfProject(SOURCE);
    await using running = start(project, "deploy", { SHELF_HOLD: "role shop-dev-hello" });
    await running.line(/^3 to create$/);
    running.signal("SIGINT");
    await running.line(STOPPING);
    running.signal("SIGINT");
    expect(await running.line(/^error: /)).toBe(
      "error: Ended while changes were being made. Run the same command again: its plan shows what is left.",
    );
    expect(await running.closed).toBe(130);
    expect(project.shelf()).toEqual({});
  });

  it("ends at once while nothing is changed yet", async () => {
    using project = createShelfProject(SOURCE);
    await using running = start(project, "deploy", { SHELF_HANGS: "1" });
    await running.line(/^asking the shelf$/);
    running.signal("SIGINT");
    expect(await running.line(/^error: /)).toBe("error: Ended. Nothing was changed.");
    expect(await running.closed).toBe(130);
  });

  it("is how to end the following of a log", async () => {
    using project = createShelfProject(SOURCE);
    await using running = start(project, "logs hello --follow");
    await running.line(/following$/);
    running.signal("SIGINT");
    expect(await running.closed).toBe(0);
  });

  it("is not needed when nobody reads the log any more", async () => {
    using project = createShelfProject(SOURCE);
    await using running = start(project, "logs hello --follow");
    await running.line(/following$/);
    running.hangUp();
    expect(await running.closed).toBe(0);
  });
});

describe("anyfn remove on a terminal", () => {
  const asking = (answer: string | undefined) => {
    const events: string[] = [];
    const note = (line: string) => void events.push(line);
    const ask = async (question: string) => {
      note(question);
      return answer;
    };
    const terminal: Terminal = {
      ...{ print: note, note, progress: () => {}, error: note },
      ...{ ask, isLive: true, color: false },
    };
    return { events, terminal };
  };
  const removeFrom = (project: ShelfProject, terminal: Terminal) => {
    for (const [name, value] of Object.entries(project.env)) vi.stubEnv(name, value);
    return remove.run(["--target", "shelf", "--cwd", project.dir], terminal);
  };

  it("shows what would be deleted, and asks for the stage's name", async () => {
    using project = createShelfProject(SOURCE);
    await deploy(project);
    const { events, terminal } = asking("dev ");
    await removeFrom(project, terminal);
    const question = events.indexOf("Type the stage's name to delete:");
    expect(events.indexOf("3 to delete")).toBeGreaterThan(0);
    expect(question).toBeGreaterThan(events.indexOf("3 to delete"));
    expect(project.shelf()).toEqual({});
  });

  it.each(["prod", "y", "", undefined])("deletes nothing for the answer %j", async (answer) => {
    using project = createShelfProject(SOURCE);
    await deploy(project);
    const before = project.shelf();
    await expect(removeFrom(project, asking(answer).terminal)).rejects.toMatchObject({
      code: "deploy",
      message: 'That is not "dev". Nothing was deleted.',
    });
    expect(project.shelf()).toEqual(before);
  });
});

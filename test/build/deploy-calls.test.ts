import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runNode } from "./node.ts";
import { createShelfProject, type ShelfProject, sourceOf } from "./shelf.ts";

const bin = join(import.meta.dirname, "../../packages/cli/bin/anyfn.js");
const SOURCE = `${sourceOf({ hello: "1" })}
export const getOne = defineFunction({ trigger: http.get("/things/{id}"), handler: () => "one" });
export const add = defineFunction({ trigger: direct(), handler: () => 3 });
export const work = defineFunction({ trigger: queue("jobs"), handler: () => {} });
`;

let project: ShelfProject;
beforeAll(() => {
  project = createShelfProject(SOURCE);
  writeFileSync(join(project.dir, "event.json"), '{"Records":["ä"]}');
  writeFileSync(join(project.dir, "image.png"), Uint8Array.of(0x89, 0x50, 0xff));
});
afterAll(() => project[Symbol.dispose]());

const anyfn = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runNode([bin, ...args, "--target", "shelf"], { cwd: project.dir, env: { ...project.env, ...env } });

describe("anyfn invoke", () => {
  it("prints the body to stdout, and status and headers to stderr", async () => {
    const { code, stdout, stderr } = await anyfn(["invoke", "hello"]);
    expect([code, stderr]).toEqual([0, "200\ncontent-type: text/plain\n"]);
    expect(JSON.parse(stdout)).toEqual({
      function: "hello",
      method: "GET",
      path: "/hello",
      headers: {},
      stage: "dev",
    });
  });

  it("sends what it is told", async () => {
    const headers = [
      "--header",
      "Accept: text/html",
      "--header",
      "accept:image/*",
      "--header",
      "x-time: 10:30",
    ];
    const { stdout } = await anyfn([
      ...["invoke", "get-one", "--stage", "prod", "--method", "post", "--path", "/things/7?a=%20"],
      ...headers,
      ...["--data", "help"],
    ]);
    expect(JSON.parse(stdout)).toEqual({
      function: "get-one",
      method: "POST",
      path: "/things/7?a=%20",
      headers: { accept: "text/html, image/*", "x-time": "10:30" },
      data: "help",
      stage: "prod",
    });
  });

  it("reads data from a file", async () => {
    const { stdout, stderr } = await anyfn(["invoke", "work", "--data", "@event.json"]);
    expect([JSON.parse(stdout).data, stderr]).toEqual(['{"Records":["ä"]}', ""]);
  });

  it("reads data that is piped in", async () => {
    const child = spawn(process.execPath, [bin, "invoke", "add", "--data", "-", "--target", "shelf"], {
      cwd: project.dir,
      env: { ...process.env, NODE_OPTIONS: "", ...project.env },
    });
    child.stdin.end("[1,2]");
    expect(JSON.parse(await text(child.stdout)).data).toBe("[1,2]");
  });

  it("prints the answer as JSON", async () => {
    const { code, stdout, stderr } = await anyfn(["invoke", "hello", "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const { output, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({ ok: true, status: 200, headers: { "content-type": "text/plain" } });
    expect(JSON.parse(output)).toMatchObject({ function: "hello" });
  });

  it.each([[[]], [["--json"]]])(
    "ends with 1 when the function fails, and prints its answer: %j",
    async (more) => {
      const { code, stdout, stderr } = await anyfn(["invoke", "hello", "--path", "/missing", ...more]);
      expect(code).toBe(1);
      expect(stdout).toContain("/missing");
      expect(stderr).toMatch(/(?:^|\n)error: hello has answered with 404\.\n$/);
    },
  );

  it.each<[readonly string[], number, string]>([
    [[], 2, "Name one function: anyfn invoke place-order --target aws"],
    [["hello", "add"], 2, "Name one function: anyfn invoke place-order --target aws"],
    [["getOne"], 1, 'There is no function "getOne". Did you mean "get-one"?'],
    [["hello", "--header", "accept"], 2, '--header takes a name and a value: "accept: text/html"'],
    [["hello", "--header", "a b: c"], 2, '--header takes a name and a value: "accept: text/html"'],
    [
      ["add", "--data", "@nothing.json"],
      2,
      "The file of --data cannot be read: nothing.json (ENOENT). Name one that is there.",
    ],
    [["hello", "--data", "@image.png"], 2, "image.png is no UTF-8 text. Only text can be sent from here."],
    [["get-one"], 1, "get-one serves /things/{id}. Name a path without braces: --path /..."],
    [
      ["work"],
      1,
      "work has a queue trigger. Name a file with the provider's own payload: --data @event.json",
    ],
  ])("%j ends with %i and says what to write", async (args, code, message) => {
    expect(await anyfn(["invoke", ...args])).toEqual({ code, stdout: "", stderr: `error: ${message}\n` });
  });

  it("passes on why the provider cannot be reached", async () => {
    const ended = await anyfn(["invoke", "hello"], { SHELF_DOWN: "no connection" });
    expect(ended).toEqual({
      code: 1,
      stdout: "",
      stderr: "error: Shelf could not be asked: no connection\n",
    });
  });
});

describe("anyfn logs", () => {
  const timeOf = (stdout: string) => Date.parse(stdout.split("  ")[0] ?? "");

  it.each([
    [[], 10 * 60_000],
    [["--since", "30s"], 30_000],
    [["--since", "2h"], 2 * 3_600_000],
    [["--since", "1d"], 86_400_000],
  ])("prints lines with their times: %j", async (args, back) => {
    const before = Date.now();
    const { code, stdout, stderr } = await anyfn(["logs", "hello", ...args]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z {2}hello since\n$/);
    expect(timeOf(stdout)).toBeGreaterThanOrEqual(before - back);
    expect(timeOf(stdout)).toBeLessThanOrEqual(Date.now() - back);
  });

  it("prints an object of JSON a line", async () => {
    const { stdout } = await anyfn(["logs", "hello", "--json"]);
    expect(JSON.parse(stdout)).toEqual({ time: expect.stringMatching(/Z$/), text: "hello since\n" });
  });

  it("says when there is nothing", async () => {
    const ended = await anyfn(["logs", "hello", "--since", "5m"], { SHELF_EMPTY: "1" });
    expect(ended).toEqual({ code: 0, stdout: "", stderr: "No lines in the last 5m.\n" });
  });

  it.each([
    [["hello", "--since", "yesterday"], 2, "--since takes a time such as 30s, 10m, 2h or 1d"],
    [[], 2, "Name one function: anyfn logs place-order --target aws"],
    [["helo"], 1, 'There is no function "helo". Did you mean "hello"?'],
  ])("%j ends with %i and says what to write", async (args, code, message) => {
    expect(await anyfn(["logs", ...args])).toEqual({ code, stdout: "", stderr: `error: ${message}\n` });
  });
});

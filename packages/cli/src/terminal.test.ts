import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { createTerminal, paint } from "./terminal.ts";

function capture(isTTY: boolean, env: Readonly<Record<string, string>> = {}) {
  const written: string[] = [];
  const output = { isTTY, columns: 10, write: (text: string) => written.push(text) };
  return { written, terminal: createTerminal(output, output, env) };
}

it("writes plain lines and no progress where nobody watches", () => {
  const { terminal, written } = capture(false);
  terminal.progress("one of a hundred");
  terminal.error("no");
  terminal.print("done");
  expect(written).toEqual(["error: no\n", "done\n"]);
});

it("shows one line of progress on a terminal, as long as fits, and clears it", () => {
  const { terminal, written } = capture(true, { NO_COLOR: "1" });
  terminal.progress("one of a hundred");
  terminal.progress("two");
  terminal.print("done");
  terminal.print("again");
  expect(written).toEqual(["one of a ", "\r\u001b[2K", "two", "\r\u001b[2K", "done\n", "again\n"]);
});

it.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: "1" }, false],
  [true, { NO_COLOR: "" }, true],
  [true, { TERM: "dumb" }, false],
])("a terminal (%s) with %j has colours: %s", (isTTY, env, expected) => {
  const { terminal } = capture(isTTY, env as Record<string, string>);
  expect(terminal.color).toBe(expected);
  expect(paint(terminal, "red", "no")).toBe(expected ? "\u001b[31mno\u001b[0m" : "no");
});

it("writes no progress into the log of a build server", () => {
  const { terminal, written } = capture(true, { CI: "true", NO_COLOR: "1" });
  terminal.progress("one");
  terminal.print("done");
  expect(written).toEqual(["done\n"]);
});

it("writes a line that stays over the progress, watched or not", () => {
  const { terminal, written } = capture(true, { NO_COLOR: "1" });
  terminal.progress("one");
  terminal.note("two");
  expect(written).toEqual(["one", "\r\u001b[2K", "two\n"]);
  const plain = capture(false);
  plain.terminal.note("two");
  expect([plain.written, plain.terminal.isLive, terminal.isLive]).toEqual([["two\n"], false, true]);
});

it("asks where somebody can answer", async () => {
  const written: string[] = [];
  const output = { isTTY: true, write: (text: string) => written.push(text) };
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const terminal = createTerminal(output, output, { NO_COLOR: "1" }, input);
  const first = terminal.ask?.("Sure?");
  input.write("yes\nand more");
  expect(await first).toBe("yes");
  expect(written).toEqual(["Sure? "]);
  const second = terminal.ask?.("Really?");
  input.end();
  expect(await second).toBeUndefined();
  terminal.error("nothing");
  expect(written.slice(1)).toEqual(["Really? ", "\n", "error: nothing\n"]);
});

it.each([
  [true, false],
  [false, true],
])("asks nobody where input (%s) or output (%s) is no terminal", (input, output) => {
  const stderr = { isTTY: output, write: () => {} };
  const stdin = Object.assign(new PassThrough(), { isTTY: input });
  expect(createTerminal(stderr, stderr, {}, stdin).ask).toBeUndefined();
});

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Manifest } from "./manifest.ts";
import { writeTarget } from "./write.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "anyfn-write-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const manifestOf = (...names: readonly string[]): Manifest => ({
  app: "shop",
  target: "fake",
  functions: [],
  artifacts: [
    {
      directory: ".",
      functions: [],
      bundle: "index.mjs",
      files: names.map((name) => ({ name, bytes: 0, gzipBytes: 0, sha256: "" })),
      zip: null,
      modules: [],
      assets: [],
      packages: {},
    },
  ],
  infrastructure: [],
});
const data = Buffer.from("new");

it("writes into folders that are not there yet, and the manifest", () => {
  const target = join(folder, "dist/fake");
  writeTarget(target, new Map([["a/b/c.txt", data]]), manifestOf("a/b/c.txt"));
  expect(readFileSync(join(target, "a/b/c.txt"), "utf8")).toBe("new");
  expect(JSON.parse(readFileSync(join(target, "manifest.json"), "utf8"))).toEqual(manifestOf("a/b/c.txt"));
});

it("never removes what lies outside, whatever a manifest says", () => {
  const target = join(folder, "dist");
  mkdirSync(target);
  writeFileSync(join(folder, "precious.txt"), "");
  const paths = ["../precious.txt", join(folder, "precious.txt")];
  writeFileSync(join(target, "manifest.json"), JSON.stringify(manifestOf(...paths)));
  writeTarget(target, new Map([["index.mjs", data]]), manifestOf("index.mjs"));
  expect(existsSync(join(folder, "precious.txt"))).toBe(true);
});

it.each(["{ not json", "[]", '{ "name": "of somebody else" }'])(
  "takes over a folder whose manifest is %s",
  (text) => {
    writeFileSync(join(folder, "manifest.json"), text);
    writeFileSync(join(folder, "old.txt"), "");
    writeTarget(folder, new Map([["index.mjs", data]]), manifestOf("index.mjs"));
    expect(existsSync(join(folder, "old.txt"))).toBe(true);
    expect(JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"))).toEqual(manifestOf("index.mjs"));
  },
);

it("says that a folder cannot be written", () => {
  writeFileSync(join(folder, "file"), "");
  const target = join(folder, "file/dist");
  const writing = () => writeTarget(target, new Map([["index.mjs", data]]), manifestOf("index.mjs"));
  expect(writing).toThrow(
    expect.objectContaining({
      code: "build",
      message: expect.stringContaining("Correct its rights, or set `outDir`."),
    }),
  );
});

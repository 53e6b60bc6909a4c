import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize, relative } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const adapters = globSync("adapters/*/package.json", { cwd: root }).map((file) => basename(dirname(file)));

/** Files of the repository by pattern, without what is installed or built. */
function filesOf(...patterns: readonly string[]): string[] {
  const exclude = ["**/node_modules/**", "**/dist/**"];
  return globSync([...patterns], { cwd: root, exclude }).sort();
}

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** What a module imports or exports from, types included; not the imports that it writes into another's source. */
function importsOf(file: string): string[] {
  const found = read(file).matchAll(
    /^(?:(?:import|export|\})[^"'`]*?\bfrom|import) "([^"\n]+)"|\bimport\("([^"\n]+)"\)/gm,
  );
  return [...found].map(([, statement, call]) => statement ?? call ?? "");
}

/** Source without its comments and texts. */
function codeOf(file: string): string {
  return read(file).replace(
    /\/\*[\s\S]*?\*\/|(?<![:"'`\\])\/\/.*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g,
    "",
  );
}

const isTest = (file: string): boolean => file.endsWith(".test.ts");
const core = filesOf("packages/core/src/**/*.ts");
const runtime = filesOf("adapters/*/src/**/*.ts").filter(
  (file) => !isTest(file) && !/\/src\/(?:build|deploy)\//.test(file),
);
const building = filesOf("adapters/*/src/{build,deploy}/**/*.ts").filter((file) => !isTest(file));
const sources = [...core, ...filesOf("adapters/*/src/**/*.ts")];

test("there is something to look at", () => {
  expect(adapters).toEqual(expect.arrayContaining(["aws", "azure", "gcp", "node"]));
  expect(core.length).toBeGreaterThan(30);
  expect(runtime.length).toBeGreaterThan(40);
  expect(building.length).toBeGreaterThan(3);
  expect(importsOf("adapters/node/src/index.ts")).toContain("@anyfn/core/adapter");
  expect(codeOf("packages/core/src/index.ts")).not.toMatch(/\.ts/);
});

describe("core", () => {
  const own = core.filter((file) => !isTest(file));

  test.each(own)("%s imports its own files and nothing else", (file) => {
    expect(importsOf(file).filter((name) => !isWithin("packages/core/src", file, name))).toEqual([]);
  });

  test.each(own)("%s names no provider", (file) => {
    const named = /\b(?:aws|amazon|lambda|azure|microsoft|gcp|google|cloudflare|knative|node:\w+)\b/gi;
    expect(read(file).match(named) ?? []).toEqual([]);
  });
});

describe("adapters at run time", () => {
  test.each(runtime)("%s imports its own folder and core", (file) => {
    const folder = join("adapters", file.split(/[\\/]/)[1] ?? "", "src");
    const others = importsOf(file).filter(
      (name) => !["@anyfn/core", "@anyfn/core/adapter"].includes(name) && !isWithin(folder, file, name),
    );
    expect(others).toEqual([]);
  });

  test.each(runtime)("%s does not import its own build", (file) => {
    expect(importsOf(file).filter((name) => /(?:^|\/)(?:build|deploy)\//.test(name))).toEqual([]);
  });
});

describe("adapters at build time", () => {
  test.each(building)("%s imports no other adapter", (file) => {
    const others = importsOf(file).filter(
      (name) => /^@anyfn\//.test(name) && !/^@anyfn\/(?:core|build)\b/.test(name),
    );
    expect(others).toEqual([]);
  });
});

describe("code", () => {
  test.each(sources)("%s has no any and suppresses nothing", (file) => {
    expect(codeOf(file).match(/(?:[:<|&,=]|\bas)\s*any\b(?!\s*[:(,])|\bany\[\]/g) ?? []).toEqual([]);
    const suppressions = read(file).match(/biome-ignore|eslint-disable|oxlint-disable|@ts-[a-z-]+/g) ?? [];
    // In a test of types it is the assertion.
    expect(suppressions.filter((name) => !(isTest(file) && name === "@ts-expect-error"))).toEqual([]);
  });

  test.each(filesOf("{packages,adapters,examples,test}/**/*.{ts,mjs,cjs}", "*.ts"))(
    "%s has at most 400 lines",
    (file) => {
      expect(read(file).split("\n").length).toBeLessThanOrEqual(401);
    },
  );

  test("no file knows the machine that it was written on", () => {
    const texts = filesOf(
      "**/*.{ts,mts,cts,mjs,cjs,js,json,jsonl,md,yml,yaml,txt,html}",
      ".ci/*",
      ".changeset/*",
    );
    const place = new RegExp(["/wo", "rk\\b"].join(""));
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((file) => place.test(read(file)))).toEqual([]);
  });
});

describe("packages", () => {
  const manifests = filesOf("packages/*/package.json", "adapters/*/package.json");

  test.each(manifests)("every entry of %s has a source", (file) => {
    const { exports, bin } = JSON.parse(read(file)) as {
      readonly exports: Record<string, { readonly types: string; readonly default: string }>;
      readonly bin?: Record<string, string>;
    };
    const targets = [
      ...Object.values(exports).flatMap((entry) => [entry.types, entry.default]),
      ...Object.values(bin ?? {}),
    ];
    expect(targets.length).toBeGreaterThan(1);
    const missing = targets.filter(
      (target) => !existsSync(join(root, dirname(file), target)) && !hasSource(dirname(file), target),
    );
    expect(missing).toEqual([]);
  });
});

/** Whether a relative import stays below a folder. */
function isWithin(folder: string, file: string, specifier: string): boolean {
  if (!/^\.{1,2}\//.test(specifier)) return false;
  return !relative(normalize(folder), join(dirname(file), specifier)).startsWith("..");
}

function hasSource(folder: string, target: string): boolean {
  const name = target.replace(/^\.\/dist\//, "").replace(/(?:\.d\.ts|\.js)$/, "");
  return [`${name}.ts`, `${name}/index.ts`, `triggers/${name}.ts`].some((file) =>
    existsSync(join(root, folder, "src", file)),
  );
}

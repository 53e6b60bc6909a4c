import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const pages = globSync(["*.md", "adapters/*.md", "{adapters,packages,examples}/*/README.md"], {
  cwd: root,
}).sort();

/** Fenced blocks of TypeScript, with the file and region that the comment above names. */
function codeBlocks(page: string): { readonly source: string | undefined; readonly code: string }[] {
  const text = readFileSync(join(root, page), "utf8");
  const blocks = text.matchAll(/(?:<!-- code: (\S+) -->\n)?```ts\n([\s\S]*?)```/g);
  return [...blocks].map(([, source, code = ""]) => ({ source, code }));
}

function regionOf(source: string): string {
  const [file = "", region] = source.split("#");
  const text = readFileSync(join(root, file), "utf8");
  if (region === undefined) return text;
  const [, inner] =
    new RegExp(`// #region ${region}\\n([\\s\\S]*?)// #endregion ${region}\\n`).exec(text) ?? [];
  if (inner === undefined) throw new Error(`${file} has no region "${region}".`);
  return inner;
}

test("there are pages with code", () => {
  expect(pages).toContain("README.md");
  expect(codeBlocks("README.md").length).toBeGreaterThan(1);
});

describe.each(pages)("%s", (page) => {
  test.each(codeBlocks(page))("block $# is a region of a compiled file", ({ source, code }) => {
    expect(source, `Name the file above the block:\n${code}`).toBeDefined();
    expect(code).toBe(regionOf(source ?? ""));
  });

  test("its links lead somewhere", () => {
    const links = [...readFileSync(join(root, page), "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
      ([, link = ""]) => link,
    );
    for (const link of links) {
      expect(globSync(join(root, page, "..", link)), `${page} links to ${link}`).toHaveLength(1);
    }
  });
});

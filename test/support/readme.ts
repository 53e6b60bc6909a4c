import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const README = join(import.meta.dirname, "../../README.md");

/** What stands in a generated section of the README. @throws Error for a section that is not there. */
export function readSection(name: string): string {
  const [, content] = sectionOf(name).exec(readFileSync(README, "utf8")) ?? [];
  if (content === undefined) throw new Error(`The README has no generated section "${name}".`);
  return content;
}

/** Puts new content into a generated section of the README. */
export function writeSection(name: string, content: string): void {
  const text = readFileSync(README, "utf8");
  writeFileSync(
    README,
    text.replace(sectionOf(name), () => `<!-- generated: ${name} -->\n${content}<!-- /generated -->`),
  );
}

function sectionOf(name: string): RegExp {
  return new RegExp(`<!-- generated: ${name} -->\\n([\\s\\S]*?)<!-- /generated -->`);
}

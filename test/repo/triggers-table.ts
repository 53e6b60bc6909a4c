import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aws } from "@anyfn/aws";
import { azure } from "@anyfn/azure";
import type { Adapter } from "@anyfn/core/adapter";
import { gcp } from "@anyfn/gcp";
import { node } from "@anyfn/node";

const README = join(import.meta.dirname, "../../README.md");
const ADAPTERS: readonly Adapter[] = [aws, azure, gcp, node];
const SECTION = /(<!-- generated: triggers -->\n)[\s\S]*?(<!-- \/generated -->)/;

/** The README's table of provider and trigger, from the adapters' capabilities. */
export function triggersTable(): string {
  const kinds = Object.keys(aws.capabilities) as (keyof typeof aws.capabilities)[];
  const rows = kinds.map((kind) => {
    const cells = ADAPTERS.map(({ capabilities }) => {
      const trigger = capabilities[kind];
      return "unsupported" in trigger ? "–" : trigger.sources.join(", ");
    });
    return `| \`${kind}\` | ${cells.join(" | ")} |`;
  });
  const head = `| trigger | ${ADAPTERS.map(({ title }) => title).join(" | ")} |`;
  return [head, `|${"---|".repeat(ADAPTERS.length + 1)}`, ...rows, ""].join("\n");
}

/** The README's text, and the same with the table brought up to date. */
export function readme(): { readonly now: string; readonly fresh: string } {
  const now = readFileSync(README, "utf8");
  return {
    now,
    fresh: now.replace(SECTION, (_, start: string, end: string) => `${start}${triggersTable()}${end}`),
  };
}

if (import.meta.main) writeFileSync(README, readme().fresh);

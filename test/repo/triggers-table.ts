import { aws } from "@anyfn/aws";
import { azure } from "@anyfn/azure";
import type { Adapter } from "@anyfn/core/adapter";
import { gcp } from "@anyfn/gcp";
import { node } from "@anyfn/node";
import { writeSection } from "../support/readme.ts";

const ADAPTERS: readonly Adapter[] = [aws, azure, gcp, node];

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

if (import.meta.main) writeSection("triggers", triggersTable());

import type { AnyFunction } from "@anyfn/core";

/**
 * Replacements for the names in core's `features.ts`: what none of these functions uses is left out of their bundle.
 * The definitions were checked when they were evaluated, and every target runs on Node.
 */
export function withoutUnused(definitions: readonly AnyFunction[]): Readonly<Record<string, string>> {
  const triggers: readonly object[] = definitions.map(({ trigger }) => trigger);
  const uses = (...options: string[]): boolean =>
    triggers.some((trigger) =>
      options.some((option) => (trigger as Record<string, unknown>)[option] !== undefined),
    );
  return {
    ANYFN_CHECKS: "false",
    ANYFN_WEB: "false",
    ...(definitions.some(({ use }) => use.length > 0) ? {} : { ANYFN_MIDDLEWARE: "false" }),
    ...(uses("cors") ? {} : { ANYFN_CORS: "false" }),
    ...(uses("params", "query", "body") ? {} : { ANYFN_SCHEMAS: "false" }),
  };
}

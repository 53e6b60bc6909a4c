import type { Change } from "@anyfn/build";

/** A resource that stays as it is. */
export function keep(kind: string, name: string, ...details: readonly string[]): Change {
  return { action: "keep", kind, name, details };
}

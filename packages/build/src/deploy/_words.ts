import { toError } from "@anyfn/core/adapter";

/** What an error says, in its own words; providers put what matters into the names of theirs. */
export function wordsOf(thrown: unknown): string {
  const error: Error & { readonly code?: unknown; readonly errors?: unknown } = toError(thrown);
  const { name, cause } = error;
  // Node tries every address of a host, and says nothing itself when all of them fail.
  const errors: readonly unknown[] = Array.isArray(error.errors) ? error.errors : [];
  const message = error.message || [...new Set(errors.map(wordsOf))].join(", ") || String(error.code ?? name);
  if (["Error", "AnyfnError", "AggregateError"].includes(name)) return message;
  // `fetch failed` hides what failed in its cause.
  if (error instanceof TypeError && cause instanceof Error) return `${message}: ${wordsOf(cause)}`;
  return message === name ? name : `${name}: ${message}`;
}

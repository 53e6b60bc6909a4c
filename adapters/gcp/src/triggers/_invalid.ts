import { AnyfnError } from "@anyfn/core";

/** The error for a member that is missing or of the wrong type; it never shows the value. */
export function invalid(path: string, problem: string): AnyfnError {
  return new AnyfnError(
    "invalid-payload",
    `The member ${path} is not valid: ${problem}. Deliver events as the service sends them.`,
    { path },
  );
}

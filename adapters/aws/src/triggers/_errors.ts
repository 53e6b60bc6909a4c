import { AnyfnError, type TriggerKind } from "@anyfn/core";

/** The error for a member of the native event that is not what the source documents. */
export function invalidPayload(
  trigger: TriggerKind,
  path: string,
  problem: string,
  cause?: unknown,
): AnyfnError {
  return new AnyfnError("invalid-payload", `The event's ${path} ${problem}. Check its sender.`, {
    provider: "aws",
    trigger,
    path,
    cause,
  });
}

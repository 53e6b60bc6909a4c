import type { Deployment } from "./kind.ts";

/** What an alias remembers, as JSON in its description: 256 characters at most. */
export interface Mark {
  /** Of the deployment that published what it points at, or that was rolled back. */
  readonly deployment: string;
  /** When it was moved: an ISO date. */
  readonly time: string;
  /** The version that it pointed at before; undefined for a new function. */
  readonly before?: string | undefined;
  /** Whether the deployment was rolled back. */
  readonly back?: boolean | undefined;
}

/** Writes a mark. */
export function toDescription(mark: Mark): string {
  return JSON.stringify(mark);
}

/** Reads a mark; undefined when someone else wrote the description. */
export function fromDescription(description: string | undefined): Mark | undefined {
  try {
    const mark = JSON.parse(description ?? "");
    return typeof mark?.deployment === "string" && typeof mark.time === "string" ? mark : undefined;
  } catch {
    return undefined;
  }
}

/** The mark that was written last. */
export function newest(marks: readonly (Mark | undefined)[]): Mark | undefined {
  return marks.reduce(
    (best, mark) => (mark === undefined || (best && best.time > mark.time) ? best : mark),
    undefined,
  );
}

/** One that follows a failed one with the same content goes on with it: a rollback takes both back. */
export function nextDeployment(
  marks: readonly (Mark | undefined)[],
  content: string,
  time: string,
): Deployment {
  const last = newest(marks);
  const goesOn = last !== undefined && last.back !== true && last.deployment.startsWith(`${content}@`);
  return { id: goesOn ? last.deployment : `${content}@${time}`, time };
}

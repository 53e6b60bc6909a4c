import { deployError } from "../_problem.ts";
import { wordsOf } from "./_words.ts";
import type { Change, Plan } from "./deployer.ts";

/** What a deployment is doing. */
export type DeployProgress =
  | {
      readonly kind: "begun" | "done" | "failed";
      readonly change: Change;
      readonly done: number;
      readonly total: number;
    }
  | { readonly kind: "waiting"; readonly change: Change; readonly doing: string };

/** How many changes go on at once: providers answer more with "too many requests". */
const AT_ONCE = 6;
/** How many names a message lists. */
const LISTED = 5;

/** The changes of a plan that are not `keep`. */
export function changesOf({ waves }: Plan): readonly Change[] {
  return waves.flat().filter(({ action }) => action !== "keep");
}

/**
 * Carries out a plan, wave by wave. After a failure or the signal what has begun is awaited, and nothing else begins.
 *
 * @throws AnyfnError `deploy` that names what failed and why, which functions have other code by then, and what to do.
 */
export async function apply(
  plan: Plan,
  signal: AbortSignal,
  onProgress: (progress: DeployProgress) => void,
): Promise<void> {
  const total = changesOf(plan).length;
  const done: Change[] = [];
  const failed: Failed[] = [];
  for (const wave of plan.waves) {
    const queue = wave.filter(({ action }) => action !== "keep").values();
    const tell = (kind: "begun" | "done" | "failed", change: Change): void =>
      onProgress({ kind, change, done: done.length, total });
    const work = async (): Promise<void> => {
      while (failed.length === 0 && !signal.aborted) {
        const { value: change } = queue.next();
        if (change === undefined) return;
        tell("begun", change);
        try {
          await change.run?.((doing) => onProgress({ kind: "waiting", change, doing }));
        } catch (error) {
          failed.push({ change, error });
          tell("failed", change);
          continue;
        }
        done.push(change);
        tell("done", change);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (failed.length > 0) throw failureOf(failed, done, total);
    if (signal.aborted && done.length < total) throw stopOf(done, total);
  }
}

interface Failed {
  readonly change: Change;
  readonly error: unknown;
}

function failureOf(failed: readonly Failed[], done: readonly Change[], total: number): Error {
  const lines = failed.map(
    ({ change, error }) => `  ${change.action} ${change.kind} ${change.name}: ${wordsOf(error)}`,
  );
  return deployError(
    `${done.length} of ${total} changes were made, then this failed:\n${lines.join("\n")}\n${stateAfter(done)}\n` +
      "Correct the cause and run the same command again: it goes on where this one stopped.",
    failed[0]?.error,
  );
}

function stopOf(done: readonly Change[], total: number): Error {
  return deployError(
    `Stopped after ${done.length} of ${total} changes.\n${stateAfter(done)}\n` +
      "Run the same command again: it goes on where this one stopped.",
  );
}

/** What callers meet after some of the changes. */
function stateAfter(done: readonly Change[]): string {
  const switched = done.filter(({ switches }) => switches !== undefined);
  const first = switched.filter(({ action }) => action === "create").map(functionOf);
  const other = switched.filter(({ action }) => action !== "create").map(functionOf);
  const deleted = done.filter(({ action }) => action === "delete");
  const lines = [
    ...(first.length === 0 ? [] : [`For the first time there is now ${listOf(first)}.`]),
    ...(other.length === 0
      ? []
      : [
          `Other code already serves ${listOf(other)}: anyfn rollback --function ${other.join(",")} takes that back.`,
        ]),
    ...(deleted.length === 0
      ? []
      : [`Deleted already: ${listOf(deleted.map(({ kind, name }) => `${kind} ${name}`))}.`]),
  ];
  const rest = lines.length === 0 ? "What served before" : "What else served before";
  return [...lines, `${rest} serves as it did.`].join("\n");
}

function functionOf({ switches = "" }: Change): string {
  return switches;
}

function listOf(names: readonly string[]): string {
  const sorted = [...names].sort();
  const rest = sorted.length - LISTED;
  return rest > 0 ? `${sorted.slice(0, LISTED).join(", ")} and ${rest} more` : sorted.join(", ");
}

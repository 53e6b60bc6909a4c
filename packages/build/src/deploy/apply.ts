import { toError } from "@anyfn/core/adapter";
import { deployError } from "../_problem.ts";
import type { Change, Plan } from "./deployer.ts";

/** What a deployment is doing. */
export type DeployProgress =
  | {
      readonly kind: "begun" | "done";
      readonly change: Change;
      readonly done: number;
      readonly total: number;
    }
  | { readonly kind: "waiting"; readonly change: Change; readonly doing: string };

/** How many changes go on at once: providers answer more with "too many requests". */
const AT_ONCE = 6;

/** The changes of a plan that are not `keep`. */
export function changesOf({ waves }: Plan): readonly Change[] {
  return waves.flat().filter(({ action }) => action !== "keep");
}

/**
 * Carries out a plan, wave by wave. After a failure what has begun is awaited, and nothing else begins.
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
  for (const wave of plan.waves) {
    const failed: Failed[] = [];
    const queue = wave.filter(({ action }) => action !== "keep").values();
    const work = async (): Promise<void> => {
      for (const change of queue) {
        if (failed.length > 0) return;
        try {
          signal.throwIfAborted();
          onProgress({ kind: "begun", change, done: done.length, total });
          await change.run?.((doing) => onProgress({ kind: "waiting", change, doing }));
          done.push(change);
          onProgress({ kind: "done", change, done: done.length, total });
        } catch (error) {
          failed.push({ change, error });
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (failed.length > 0) throw failureOf(failed, done, total);
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
  const switched = done.flatMap(({ switches }) => switches ?? []).sort();
  const serving =
    switched.length === 0
      ? "What served before serves as it did."
      : `New code already serves ${switched.join(", ")}; all others serve as before. anyfn rollback takes these back.`;
  return deployError(
    `${done.length} of ${total} changes were made, then this failed:\n${lines.join("\n")}\n${serving}\n` +
      "Correct the cause and run the same command again: it goes on where this one stopped.",
    failed[0]?.error,
  );
}

/** Providers' errors carry what matters in their names. */
function wordsOf(error: unknown): string {
  const { name, message } = toError(error);
  return name === "Error" || name === "AnyfnError" ? message : `${name}: ${message}`;
}

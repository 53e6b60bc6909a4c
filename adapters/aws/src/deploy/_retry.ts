import { deployError } from "./_errors.ts";
import type { Aws } from "./kind.ts";

/** How long something may take. */
export interface Patience {
  /** What is waited for: `the role to become known`. */
  readonly doing: string;
  /** Milliseconds altogether; a minute by default. */
  readonly longest?: number;
}

const MINUTE = 60_000;
/** Milliseconds. */
const SLOWEST = 5000;

/** Tries again, ever more slowly, for as long as an error is one that passes. */
export async function retry<T>(
  aws: Pick<Aws, "wait" | "tell">,
  act: () => Promise<T>,
  passes: (error: unknown) => boolean,
  { doing, longest = MINUTE }: Patience,
): Promise<T> {
  let waited = 0;
  for (let pause = 500; ; pause = Math.min(pause * 2, SLOWEST)) {
    try {
      return await act();
    } catch (error) {
      if (waited >= longest || !passes(error)) throw error;
    }
    aws.tell(`waiting for ${doing}`);
    await aws.wait(pause);
    waited += pause;
  }
}

/** Asks, ever more slowly, until there is an answer. @throws AnyfnError `deploy` when it takes too long. */
export async function until<T>(
  aws: Pick<Aws, "wait" | "tell">,
  ask: () => Promise<T | undefined>,
  { doing, longest = 5 * MINUTE }: Patience,
): Promise<T> {
  let waited = 0;
  for (let pause = 250; ; pause = Math.min(pause * 2, SLOWEST)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (waited >= longest) {
      throw deployError(
        `Waited ${longest / 1000} seconds for ${doing}, in vain. Run the same command again.`,
      );
    }
    aws.tell(`waiting for ${doing}`);
    await aws.wait(pause);
    waited += pause;
  }
}

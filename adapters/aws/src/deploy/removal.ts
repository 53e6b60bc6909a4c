import type { Plan, StageInput } from "@anyfn/build";
import { deployError } from "./_errors.ts";
import { inParallel } from "./_parallel.ts";
import type { Aws } from "./kind.ts";
import { deletions, findOthers, isKept } from "./others.ts";

/** Finds out what would delete all that the stage's deployments have made, whether it is still declared or not. */
export async function planRemoval({ only }: StageInput, aws: Aws): Promise<Plan> {
  if (only !== undefined) {
    throw deployError(
      "A stage is removed as a whole. To remove one function, delete it from the source and deploy.",
    );
  }
  const others = await findOthers(aws, new Set());
  // What would hold users' data goes where it holds none.
  const full = await inParallel(others.filter(isKept), async (other) => {
    const isEmpty = (await other.kind.isEmpty?.(aws, other.found)) ?? false;
    return isEmpty ? [] : [other];
  });
  return {
    place: `account ${aws.account}, ${aws.region}`,
    waves: deletions(aws, others, full.flat()),
    addresses: async () => [],
  };
}

import type { Change } from "@anyfn/build";
import { deployError, explained } from "./_errors.ts";
import { inParallel } from "./_parallel.ts";
import { type Aws, type Found, KEPT, type ResourceKind } from "./kind.ts";
import { KINDS } from "./kinds/index.ts";

/** A resource of the stage that is there, whether it is declared or not. */
export interface Other {
  readonly kind: ResourceKind;
  readonly found: Found;
}

/** All resources of the stage but those with the given keys: type and id. */
export async function findOthers(aws: Aws, declared: ReadonlySet<string>): Promise<readonly Other[]> {
  const lists = await inParallel(KINDS, async (kind) => {
    const all = (await kind.list?.(aws)) ?? [];
    return all.map((found) => ({ kind, found }));
  });
  return lists.flat().filter(({ kind, found }) => !declared.has(`${kind.type} ${found.id}`));
}

/** Whether something holds users' data. */
export const isKept = ({ found }: Other): boolean => found.tags?.[KEPT] !== undefined;

/** Deletes resources, those first that were made last; some are kept, such as what holds users' data. */
export function deletions(
  aws: Aws,
  others: readonly Other[],
  kept: readonly Other[] = others.filter(isKept),
): readonly (readonly Change[])[] {
  const gone = others.filter((other) => !kept.includes(other));
  const parents = new Set(gone.map(({ found }) => found.id));
  const alone = gone
    .filter(({ found }) => found.parent === undefined || !parents.has(found.parent))
    .toSorted((a, b) => (a.found.name < b.found.name ? -1 : 1));
  const waves = KINDS.toReversed().map((kind) =>
    alone.filter((other) => other.kind === kind).map(({ found }) => deletion(aws, kind, found)),
  );
  return [...waves, kept.map(({ kind, found }) => keeping(kind, found))].filter(({ length }) => length > 0);
}

function deletion(aws: Aws, kind: ResourceKind, found: Found): Change {
  const { name } = found;
  return {
    action: "delete",
    kind: kind.label,
    name,
    details: [],
    run: (tell) =>
      explained(async () => {
        // Between the plan and now someone has read it, or has been asked.
        const isFull = isKept({ kind, found }) && (await kind.isEmpty?.(aws, found)) === false;
        if (isFull) throw deployError(`The ${kind.label} ${name} was empty, and now holds data. It is kept.`);
        await kind.remove({ aws: { ...aws, tell }, name }, found);
      }),
  };
}

function keeping({ label }: ResourceKind, { name }: Found): Change {
  return {
    action: "keep",
    kind: label,
    name,
    details: ["holds data, which only you may delete"],
  };
}

import type { Node } from "./model.ts";

/** Nodes in waves: what functions need, functions, and all else, which may point at them. */
export interface Waves {
  readonly before: readonly (readonly Node[])[];
  readonly functions: readonly Node[];
  readonly after: readonly (readonly Node[])[];
}

/** Nodes of a model, by when they are made. */
export function wavesOf(nodes: ReadonlyMap<string, Node>): Waves {
  const all = [...nodes.values()];
  const functions = all.filter(({ artifact }) => artifact !== undefined);
  const needed = new Set<string>();
  const need = (node: Node | undefined): void => {
    for (const id of node?.needs ?? []) {
      if (needed.has(id)) continue;
      needed.add(id);
      need(nodes.get(id));
    }
  };
  functions.forEach(need);
  return {
    before: levelsOf(all.filter(({ logicalId }) => needed.has(logicalId))),
    functions,
    after: levelsOf(all.filter((node) => !needed.has(node.logicalId) && !functions.includes(node))),
  };
}

/** Nodes, which stand after what they need, in levels that need only the levels before. */
export function levelsOf(nodes: readonly Node[]): readonly (readonly Node[])[] {
  const levels = new Map<string, number>();
  const result: Node[][] = [];
  for (const node of nodes) {
    const level = Math.max(-1, ...node.needs.map((id) => levels.get(id) ?? -1)) + 1;
    levels.set(node.logicalId, level);
    result[level] = [...(result[level] ?? []), node];
  }
  return result;
}

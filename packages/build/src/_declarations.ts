import { parseSync } from "rolldown/utils";
import { declaratorsOf, isNode, type Node, nameOf, nodesOf } from "./_syntax.ts";

/** Line and column in generated code, from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * Finds where the members of a module's exported namespaces are declared: `export * as f0 from "./functions.ts"`,
 * linked by rolldown, is `var ns = __exportAll({ getOrder: () => getOrder }); export { ns as f0 }`. Linking has
 * followed every re-export, so that no module needs to be resolved again.
 *
 * @returns Positions by `"<exported namespace>.<member>"`.
 */
export function findDeclarations(code: string): ReadonlyMap<string, Position> {
  const program = parseSync("linked.mjs", code).program as unknown as Node;
  const declarators = new Map(
    declaratorsOf(program).map((declarator) => [nameOf(declarator.id), declarator]),
  );
  const lines = lineStarts(code);
  const found = new Map<string, Position>();
  for (const [exported, local] of exportsOf(program)) {
    for (const [member, name] of membersOf(declarators.get(local))) {
      const declarator = declarators.get(name);
      if (declarator !== undefined)
        found.set(`${exported}.${member}`, positionOf(lines, startOf(declarator, member)));
    }
  }
  return found;
}

/** The default export's variable is rolldown's own; what is declared is its value. */
function startOf(declarator: Node, member: string): number {
  const { init } = declarator;
  return member === "default" && isNode(init) ? init.start : declarator.start;
}

function exportsOf(program: Node): ReadonlyArray<readonly [string, string]> {
  return nodesOf(program.body)
    .filter((statement) => statement.type === "ExportNamedDeclaration")
    .flatMap((statement) => nodesOf(statement.specifiers))
    .map(({ exported, local }) => [nameOf(exported) ?? "", nameOf(local) ?? ""]);
}

function membersOf(namespace: Node | undefined): ReadonlyArray<readonly [string, string]> {
  const call = namespace?.init;
  const [object] = isNode(call) ? nodesOf(call.arguments) : [];
  return nodesOf(object?.properties).map(({ key, value }) => {
    const body = isNode(value) ? value.body : undefined;
    return [nameOf(key) ?? "", isNode(body) && body.type === "Identifier" ? (nameOf(body) ?? "") : ""];
  });
}

function lineStarts(code: string): readonly number[] {
  const starts = [0];
  for (let at = code.indexOf("\n"); at !== -1; at = code.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function positionOf(lines: readonly number[], offset: number): Position {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lines[low] ?? 0) + 1 };
}

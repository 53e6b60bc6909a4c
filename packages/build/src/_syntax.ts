/** A node of a syntax tree in ESTree's form. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** Whether a value is a node. */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

/** The nodes of a list; none where it is no list. */
export function nodesOf(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The nodes directly below a node. */
export function childrenOf(node: Node): readonly Node[] {
  return Object.values(node).flatMap((value) => (isNode(value) ? [value] : nodesOf(value)));
}

/** The name of an identifier or of a literal key; undefined for anything else. */
export function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  const name = node.type === "Identifier" ? node.name : node.value;
  return typeof name === "string" ? name : undefined;
}

/** The declarators of a module's variables, exported or not. */
export function declaratorsOf(program: Node): readonly Node[] {
  return nodesOf(program.body).flatMap((statement) => {
    const declaration = isNode(statement.declaration) ? statement.declaration : statement;
    return declaration.type === "VariableDeclaration" ? nodesOf(declaration.declarations) : [];
  });
}

/** Positions of calls by the file they stand in. Here, since a declaration that users see must not lead to rolldown. */
export type PureCalls = ReadonlyMap<string, readonly number[]>;

import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseSync } from "rolldown/utils";
import { childrenOf, isNode, type Node, nameOf, nodesOf } from "./_syntax.ts";

/** Where a module asks for its own place: `import.meta.dirname`, `__filename`. */
export interface Base {
  readonly kind: "url" | "dirname" | "filename";
  readonly start: number;
  readonly end: number;
  /** `{ __dirname }`, which needs its name again. */
  readonly isShorthand: boolean;
  /** Whether it is a variable of CommonJS. */
  readonly isVariable: boolean;
}

/** A file that a module reads beside itself. */
export interface Reference {
  /** Absolute paths, of which the first that is there is meant. */
  readonly paths: readonly string[];
  readonly start: number;
  /** Text that is in a bundle which still has the reference; empty when that cannot be told. */
  readonly needle: string;
  /** Whether the path was put together from the module's place, so that it can mean nothing else. */
  readonly isExplicit: boolean;
  /** The path's text, where it can be replaced: in `new URL("./x", import.meta.url)`. */
  readonly url?: { readonly start: number; readonly end: number; readonly suffix: string } | undefined;
}

/** What a module says about places. */
export interface Places {
  readonly bases: readonly Base[];
  readonly references: readonly Reference[];
}

/** Modules without any of these need no look. */
export const MENTIONS_PLACE: RegExp =
  /import\.meta\.(?:url|dirname|filename)|__(?:dir|file)name|\.(?:wasm|proto)["'`]/;

const VARIABLES = ["__dirname", "__filename"];
const BINARY = /\.(?:wasm|proto)$/;

/**
 * Finds where a module asks for its own place, and the files that it reads beside it by well-known patterns:
 * `new URL("./x", import.meta.url)`, `join(import.meta.dirname, "x")`, `${__dirname}/x`, and names of `.wasm` and `.proto`.
 *
 * @param root - Folder from which the names of `.wasm` and `.proto` may count as well.
 */
export function findPlaces(file: string, code: string, root: string | undefined): Places {
  const program = parseSync(file, code).program as unknown as Node;
  const nodes = [...walk(program, undefined)];
  const declared = new Set(nodes.flatMap(({ node }) => declaredBy(node)));
  const isOwn = (node: Node) => VARIABLES.includes(nameOf(node) ?? "") && declared.has(nameOf(node) ?? "");
  const here = directoryNames(nodes.map(({ node }) => node));
  const bases = nodes.flatMap(({ node, parent }) => (isOwn(node) ? [] : baseOf(node, parent)));
  const references = nodes.flatMap(({ node, parent }) => referenceOf(node, parent, file, root, here));
  return { bases, references };
}

interface Visited {
  readonly node: Node;
  readonly parent: Node | undefined;
}

function* walk(node: Node, parent: Node | undefined): Generator<Visited> {
  yield { node, parent };
  for (const child of childrenOf(node)) yield* walk(child, node);
}

function declaredBy(node: Node): readonly string[] {
  const names = [node.type === "VariableDeclarator" ? nameOf(node.id) : undefined];
  if (/Function/.test(node.type)) names.push(...nodesOf(node.params).map(nameOf));
  return names.filter((name) => name !== undefined);
}

/** `__dirname`, and the constants that a module keeps its folder in. */
function directoryNames(nodes: readonly Node[]): ReadonlySet<string> {
  const names = new Set(["__dirname"]);
  for (const { type, id, init } of nodes) {
    const name = type === "VariableDeclarator" ? nameOf(id) : undefined;
    if (name !== undefined && isNode(init) && isDirectory(init, names)) names.add(name);
  }
  return names;
}

function baseOf(node: Node, parent: Node | undefined): readonly Base[] {
  const meta = metaName(node);
  const isVariable = node.type === "Identifier" && VARIABLES.includes(nameOf(node) ?? "");
  const kind = isVariable ? nameOf(node)?.slice(2) : meta;
  if (kind !== "url" && kind !== "dirname" && kind !== "filename") return [];
  const isShorthand = parent?.type === "Property" && parent.shorthand === true;
  if (isVariable && parent !== undefined && isName(node, parent)) return [];
  return [{ kind, start: node.start, end: node.end, isShorthand, isVariable }];
}

/** Whether an identifier is only the name of a member or of a key. */
function isName(node: Node, parent: Node): boolean {
  if (parent.computed === true) return false;
  if (parent.type === "Property" && parent.shorthand === true) return parent.key === node;
  return parent.property === node || parent.key === node;
}

/** `dirname` of `import.meta.dirname`. */
function metaName(node: Node): string | undefined {
  const isMeta = isNode(node.object) && node.object.type === "MetaProperty" && node.computed !== true;
  return isMeta ? nameOf(node.property) : undefined;
}

function isDirectory(node: Node, here: ReadonlySet<string>): boolean {
  if (metaName(node) === "dirname" || (node.type === "Identifier" && here.has(nameOf(node) ?? "")))
    return true;
  const [file] = nodesOf(node.arguments);
  return calledName(node) === "dirname" && file !== undefined && isFile(file);
}

function isFile(node: Node): boolean {
  if (metaName(node) === "filename" || (node.type === "Identifier" && nameOf(node) === "__filename"))
    return true;
  const [url] = nodesOf(node.arguments);
  return calledName(node) === "fileURLToPath" && url !== undefined && metaName(url) === "url";
}

/** `join` of `join(…)` and `path.join(…)`. */
function calledName({ type, callee }: Node): string | undefined {
  if (type !== "CallExpression" || !isNode(callee)) return undefined;
  return nameOf(callee.type === "MemberExpression" ? callee.property : callee);
}

function referenceOf(
  node: Node,
  parent: Node | undefined,
  file: string,
  root: string | undefined,
  here: ReadonlySet<string>,
): readonly Reference[] {
  if (node.type === "NewExpression" && nameOf(node.callee) === "URL") return urlReference(node, file);
  const parts = pathParts(node, here);
  if (parts !== undefined) {
    const path = join(dirname(file), ...parts);
    return [{ paths: [path], start: node.start, needle: needleOf(parts.at(-1) ?? ""), isExplicit: true }];
  }
  const text = textOf(node);
  if (text === undefined || !BINARY.test(text) || /^(?:Im|Ex)port/.test(parent?.type ?? "")) return [];
  const paths = [dirname(file), ...(root === undefined ? [] : [root])].map((folder) => join(folder, text));
  return [{ paths, start: node.start, needle: needleOf(text), isExplicit: false }];
}

function urlReference(node: Node, file: string): readonly Reference[] {
  const [path, base] = nodesOf(node.arguments);
  const text = path === undefined ? undefined : textOf(path);
  if (path === undefined || text === undefined || base === undefined || metaName(base) !== "url") return [];
  const url = new URL(text, pathToFileURL(file));
  if (url.protocol !== "file:") return [];
  const { search, hash } = url;
  return [
    {
      paths: [fileURLToPath(url)],
      start: node.start,
      needle: "",
      isExplicit: true,
      url: { start: path.start, end: path.end, suffix: search + hash },
    },
  ];
}

/** The parts of a path below the module's folder: of `join(here, "a", "b")`, `here + "/a"` and its template. */
function pathParts(node: Node, here: ReadonlySet<string>): readonly string[] | undefined {
  const [first, ...rest] = partsOf(node);
  if (first === undefined || rest.length === 0 || !isDirectory(first, here)) return undefined;
  const texts = rest.map(textOf);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

function partsOf(node: Node): readonly Node[] {
  if (["join", "resolve"].includes(calledName(node) ?? "")) return nodesOf(node.arguments);
  if (node.type === "BinaryExpression" && node.operator === "+") return nodesOf([node.left, node.right]);
  const [before, after, ...more] = nodesOf(node.quasis);
  if (node.type !== "TemplateLiteral" || before === undefined || after === undefined) return [];
  return textOf(before) === "" && more.length === 0 ? [...nodesOf(node.expressions), after] : [];
}

/** The text of a literal, of a template without expressions, or of a template's part. */
function textOf(node: Node): string | undefined {
  if (node.type === "Literal") return nameOf(node);
  if (node.type === "TemplateElement") return (node.value as { readonly cooked?: string }).cooked;
  const [only, ...more] = node.type === "TemplateLiteral" ? nodesOf(node.quasis) : [];
  return only === undefined || more.length > 0 ? undefined : textOf(only);
}

/** Only text that no printer of code writes in another way. */
function needleOf(text: string): string {
  return /^[\w./@-]+$/.test(text) ? text : "";
}

import { type Plugin, RolldownMagicString } from "rolldown";
import { parseSync } from "rolldown/utils";
import { isPackageFile } from "./_link.ts";
import { childrenOf, declaratorsOf, isNode, type Node, nameOf, nodesOf, type PureCalls } from "./_syntax.ts";

/** Packages whose calls only make a value: a declaration, or a schema. */
const PURE = /^(?:@anyfn\/core|zod|valibot|arktype)(?:\/|$)/;
const MENTIONS_PURE = /@anyfn\/core|zod|valibot|arktype/;

/**
 * Finds the calls that a bundle can do without when nobody uses what they make: `defineFunction(...)`,
 * `queue(...)`, `z.object(...)` in the declarations of a module. Rolldown knows purity by a function's declaration
 * or by name alone, and a name such as `http` or `queue` means something else in other modules.
 */
export function findPureCalls(file: string, code: string): readonly number[] {
  const program = parseSync(file, code).program as unknown as Node;
  const names = pureImports(program);
  if (names.size === 0) return [];
  const values = declaratorsOf(program).map((declarator) => declarator.init);
  const defaults = nodesOf(program.body)
    .filter((statement) => statement.type === "ExportDefaultDeclaration")
    .map((statement) => statement.declaration);
  const starts = [...values, ...defaults].filter(isNode).flatMap((value) => callsIn(value, names));
  return [...new Set(starts)];
}

/** Collects the pure calls of the user's modules while they are linked. */
export function collectPureCalls(into: Map<string, readonly number[]>): Plugin {
  return {
    name: "anyfn:collect-pure-calls",
    transform: {
      filter: { code: MENTIONS_PURE, id: { exclude: /[\\/]node_modules[\\/]/ } },
      handler(code, id) {
        const starts = isPackageFile(id) ? [] : findPureCalls(id, code);
        if (starts.length > 0) into.set(id, starts);
      },
    },
  };
}

/** Marks the calls as pure, so that rolldown drops the ones whose values are not used. One plugin serves all bundles. */
export function markPureCalls(calls: PureCalls): Plugin {
  // A file of many functions comes up in the bundle of each.
  const marked = new Map<string, { readonly from: string; readonly code: string; readonly map: string }>();
  const ids = [...calls.keys()].map((id) => id.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return {
    name: "anyfn:mark-pure-calls",
    transform: {
      filter: { id: new RegExp(`^(?:${ids.join("|") || "(?!)"})$`) },
      handler(code, id) {
        const known = marked.get(id);
        if (known?.from === code) return known;
        const text = new RolldownMagicString(code);
        for (const start of calls.get(id) ?? []) text.prependLeft(start, "/* @__PURE__ */ ");
        // A transform's own magic string gives a map of lines alone: stack traces would lose their columns.
        const map = text.generateMap({ hires: "boundary" }).toString();
        const result = { from: code, code: text.toString(), map };
        marked.set(id, result);
        return result;
      },
    },
  };
}

function pureImports(program: Node): ReadonlySet<string> {
  const imports = nodesOf(program.body).filter(
    (statement) => statement.type === "ImportDeclaration" && PURE.test(nameOf(statement.source) ?? ""),
  );
  const names = imports.flatMap((statement) =>
    nodesOf(statement.specifiers).map(({ local }) => nameOf(local)),
  );
  return new Set(names.filter((name) => name !== undefined));
}

function callsIn(node: Node, names: ReadonlySet<string>): readonly number[] {
  if (/Function|Class/.test(node.type)) return [];
  const own = node.type === "CallExpression" && names.has(rootOf(node)) ? [node.start] : [];
  return [...own, ...childrenOf(node).flatMap((child) => callsIn(child, names))];
}

/** The name with which a chain of calls and members starts: `z` of `z.int().positive()`. */
function rootOf(node: Node): string {
  const inner = node.callee ?? node.object;
  return isNode(inner) ? rootOf(inner) : (nameOf(node) ?? "");
}

import type { Plugin } from "rolldown";
import { isPackageFile, type Linked } from "./_link.ts";
import { type Prelude, pairsOf } from "./_prelude.ts";

/** What an artifact's own code calls the module that its prelude is. */
const PRELUDE = "anyfn:prelude";

/** Leaves the prelude out of an artifact's own code, and notes when a module wants what the prelude does not have. */
export function leaveOutPrelude(specifiers: readonly string[]): Plugin & { isComplete(): boolean } {
  let isComplete = true;
  return {
    name: "anyfn:prelude",
    isComplete: () => isComplete,
    resolveId: {
      filter: { id: /^@anyfn\// },
      handler(id, importer = "") {
        // A package may have a copy of its own.
        if (specifiers.includes(id) && !isPackageFile(importer)) return { id: PRELUDE, external: true };
        isComplete = false;
        return null;
      },
    },
  };
}

/**
 * Puts an artifact's own code behind what it uses of the prelude: on lines before it, in a scope of their own. What is
 * taken out of the code gives way to blanks, so that its source map stays true. Undefined when it uses the prelude in
 * a way that only linking can serve.
 */
export async function joinPrelude(own: Linked, prelude: Prelude): Promise<Linked | undefined> {
  const use = findImport(own.code) ?? findRequire(own.code);
  if (use === undefined) return undefined;
  const part = await prelude.partFor(use.names);
  if (part === undefined) return undefined;
  const locals = use.names.map((name) => part.locals.get(name));
  const head = `${use.head}(()=>{${part.code}\nreturn${use.toResult(locals)}})();\n`;
  const { map } = own;
  return {
    ...own,
    code: head + use.code,
    map: map.replace('"mappings":"', `"mappings":"${";".repeat(head.split("\n").length - 1)}`),
    modules: [...prelude.modules, ...own.modules],
    inputs: [...prelude.inputs, ...own.inputs],
  };
}

/** How code uses the prelude: the names, the code without the use of it, and what binds the names before it. */
interface Use {
  readonly names: readonly string[];
  readonly code: string;
  readonly head: string;
  readonly toResult: (locals: ReadonlyArray<string | undefined>) => string;
}

function findImport(code: string): Use | undefined {
  const found = /\bimport\s*\{([^{}]*)\}\s*from\s*["'`]anyfn:prelude["'`];?/.exec(code);
  if (found === null) return undefined;
  const pairs = pairsOf(found[1] ?? "");
  const rest = blank(code, found.index, found[0]);
  if (rest.includes(PRELUDE)) return undefined;
  return {
    names: pairs.map(([name]) => name),
    code: rest,
    head: `const[${pairs.map(([, local]) => local)}]=`,
    toResult: (locals) => `[${locals}]`,
  };
}

const REQUIRED = "$prelude";

function findRequire(code: string): Use | undefined {
  const found = /\b([\w$]+)\s*=\s*(require\(["'`]anyfn:prelude["'`]\))/.exec(code);
  if (found === null || code.includes(REQUIRED)) return undefined;
  const [all, variable = "", call = ""] = found;
  const at = found.index + all.length - call.length;
  const rest = blank(code, at, call, REQUIRED);
  if (rest.includes(PRELUDE)) return undefined;
  const uses = rest.matchAll(
    new RegExp(`(?<![\\w$]|[^.]\\.)${variable.replaceAll("$", "\\$&")}\\.([\\w$]+)`, "g"),
  );
  const names = [...new Set(Array.from(uses, ([, name = ""]) => name))];
  return {
    names,
    code: rest,
    head: `const ${REQUIRED}=`,
    toResult: (locals) =>
      `{${names.flatMap((name, index) => (locals[index] ? `${name}:${locals[index]}` : []))}}`,
  };
}

/** Puts blanks in the place of a text, and another at its start. */
function blank(code: string, at: number, text: string, other = ""): string {
  return code.slice(0, at) + other + " ".repeat(text.length - other.length) + code.slice(at + text.length);
}

import { type AnyFunction, isFunctionDefinition, NAME } from "./define.ts";
import { AnyfnError } from "./errors.ts";

/** A function under the name that it has on every provider. */
export interface NamedFunction {
  readonly name: string;
  readonly definition: AnyFunction;
}

/** `getOrderByID` as `get-order-by-id`. */
export function kebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .toLowerCase();
}

/**
 * Names functions: a module's exports by their own names, listed ones by their `name` option. Exports that are no
 * functions of ours are left out.
 *
 * @throws AnyfnError `invalid-definition` when two share a name, or one has none that providers take.
 */
export function nameFunctions(
  functions: Readonly<Record<string, unknown>> | readonly AnyFunction[],
): NamedFunction[] {
  const named: NamedFunction[] = [];
  for (const [key, definition] of Object.entries(functions)) {
    if (!isFunctionDefinition(definition)) continue;
    const name = definition.name ?? (Array.isArray(functions) ? undefined : kebabCase(key));
    if (name === undefined || !NAME.test(name)) {
      throw new AnyfnError(
        "invalid-definition",
        `The function ${key} has no name of lower-case letters, digits and dashes. Give it a \`name\` option.`,
      );
    }
    if (named.some((other) => other.name === name)) {
      throw new AnyfnError(
        "invalid-definition",
        `Two functions are called "${name}". Give one of them another \`name\`.`,
      );
    }
    named.push({ name, definition });
  }
  return named;
}

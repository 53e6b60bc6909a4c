import type { AnyfnError } from "@anyfn/core";
import { buildError, showPlace } from "./_problem.ts";
import type { Target } from "./adapters.ts";
import type { FoundFunction } from "./discover.ts";
import type { DiscoveredFunction, TargetInput } from "./model.ts";

/**
 * Asks every target whether it can serve every function.
 *
 * @throws AnyfnError `build` with each refusal as `file:line:column  function on target: reason`.
 */
export function checkTargets(
  cwd: string,
  targets: readonly Target[],
  app: string,
  functions: readonly FoundFunction[],
): void {
  const lines = targets.flatMap((target) => {
    const refusals = [
      ...unsupportedTriggers(target, functions),
      ...target.adapter.refuse(inputFor(target, app, functions)),
    ];
    return refusals.map(({ function: name, reason }) => {
      const found = functions.find((fn) => fn.name === name);
      const where = found === undefined ? "" : `${showPlace(cwd, found.place)}  `;
      return `${where}${name} on ${target.adapter.name}: ${reason}`;
    });
  });
  if (lines.length > 0) throw refused(lines);
}

/** What a target's adapter gets to see. */
export function inputFor(target: Target, app: string, functions: readonly DiscoveredFunction[]): TargetInput {
  return { app, functions, settings: target.settings };
}

function unsupportedTriggers({ adapter }: Target, functions: readonly FoundFunction[]) {
  return functions.flatMap(({ name, definition }) => {
    const { kind } = definition.trigger;
    const capabilities = adapter.capabilities[kind];
    if (!("unsupported" in capabilities)) return [];
    return [{ function: name, reason: `it has no ${kind} trigger. ${capabilities.unsupported}` }];
  });
}

function refused(lines: readonly string[]): AnyfnError {
  const [first] = lines;
  if (lines.length === 1) return buildError(String(first));
  return buildError(`${lines.length} functions cannot be built:\n${lines.join("\n")}`);
}

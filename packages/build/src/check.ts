import type { AnyfnError, ChangesTrigger, StorageTrigger } from "@anyfn/core";
import { buildError, showPlace } from "./_problem.ts";
import type { Target } from "./adapters.ts";
import type { FoundFunction } from "./discover.ts";
import type { DiscoveredFunction, Refusal, TargetInput } from "./model.ts";

/**
 * Every reason why a target cannot serve a function: triggers and actions that its capabilities lack, and what its adapter
 * refuses itself.
 */
export function refusalsOf(
  target: Target,
  app: string,
  functions: readonly DiscoveredFunction[],
): readonly Refusal[] {
  return [
    ...functions.flatMap((fn) => unsupported(target, fn)),
    ...target.adapter.refuse(inputFor(target, app, functions)),
  ];
}

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
  const refused = targets.flatMap((target) =>
    refusalsOf(target, app, functions).map(({ function: name, reason }) => {
      const found = functions.find((fn) => fn.name === name);
      const where = found === undefined ? "" : `${showPlace(cwd, found.place)}  `;
      return { name, line: `${where}${name} on ${target.adapter.name}: ${reason}` };
    }),
  );
  if (refused.length > 0) throw refusal(refused);
}

/** What a target's adapter gets to see. */
export function inputFor(target: Target, app: string, functions: readonly DiscoveredFunction[]): TargetInput {
  return { app, functions, settings: target.settings };
}

function unsupported({ adapter }: Target, { name, definition }: DiscoveredFunction): readonly Refusal[] {
  const { kind } = definition.trigger;
  const capabilities = adapter.capabilities[kind];
  if ("unsupported" in capabilities) {
    return [{ function: name, reason: `it has no ${kind} trigger. ${capabilities.unsupported}` }];
  }
  const { on } = definition.trigger as Partial<StorageTrigger | ChangesTrigger>;
  const { actions } = capabilities;
  if (on === undefined || actions === undefined || on.some((action) => actions.includes(action))) return [];
  const reason = `it tells nothing that the function runs for. It tells ${actions.join(", ")}: name one of these in \`on\`.`;
  return [{ function: name, reason }];
}

function refusal(refused: ReadonlyArray<{ readonly name: string; readonly line: string }>): AnyfnError {
  const lines = refused.map(({ line }) => line).join("\n");
  if (refused.length === 1) return buildError(lines);
  const count = new Set(refused.map(({ name }) => name)).size;
  return buildError(`${count} ${count === 1 ? "function" : "functions"} cannot be built:\n${lines}`);
}

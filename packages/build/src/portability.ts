import type { TriggerKind } from "@anyfn/core";
import type { TriggerCapabilities } from "@anyfn/core/adapter";
import { type Difference, differencesOf } from "./_differences.ts";
import { showPath } from "./_problem.ts";
import type { Target } from "./adapters.ts";
import { inputFor, refusalsOf } from "./check.ts";
import type { LoadedConfig } from "./config.ts";
import type { FoundFunction } from "./discover.ts";
import { openProject, type ProjectOptions } from "./project.ts";

/** What each target can do with each function: data for a table, a page or another program. */
export interface Portability {
  /** The application's name. */
  readonly app: string;
  /** Names of the targets, in the order of each function's list. */
  readonly targets: readonly string[];
  readonly functions: readonly PortableFunction[];
  /** What a target refuses that belongs to no function, such as settings for one that is not there. */
  readonly problems: ReadonlyArray<{ readonly target: string; readonly reason: string }>;
  /** Whether every target takes every function. */
  readonly ok: boolean;
}

/** A function, where it is declared, and what becomes of it. */
export interface PortableFunction {
  readonly name: string;
  readonly trigger: TriggerKind;
  /** Path from the project, line and column from 1. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly targets: readonly FunctionOnTarget[];
}

/** A function on a target. */
export interface FunctionOnTarget {
  readonly target: string;
  /** `differs` where it works, and not in all as it is declared. */
  readonly verdict: "works" | "differs" | "refused";
  /** The native source, by the name that the provider uses; null where the function is refused. */
  readonly source: string | null;
  /** A schedule as the platform writes it, such as `cron(0 2 * * ? *)`; null for anything else. */
  readonly schedule: string | null;
  readonly differences: readonly Difference[];
  /** What the target cannot do, each with what to do about it. */
  readonly reasons: readonly string[];
  /** Where the function is refused: the targets of this report that take it. */
  readonly alternatives: readonly string[];
}

/**
 * Tells what each target can do with each function of a project. Nothing is built.
 *
 * @throws AnyfnError `build` when the project cannot be read, or a target is not installed.
 */
export async function check(options: ProjectOptions = {}): Promise<Portability> {
  const { cwd, config, targets, functions } = await openProject(options);
  return comparePortability(cwd, config, targets, functions);
}

/** What each target can do with each function, from the capabilities that their adapters declare. */
export function comparePortability(
  cwd: string,
  config: Pick<LoadedConfig, "name" | "targets">,
  targets: readonly Target[],
  functions: readonly FoundFunction[],
): Portability {
  const asked = targets.map((target) => ({ target, reasons: reasonsOf(target, config.name, functions) }));
  const compared = functions.map((fn): PortableFunction => {
    const takers = asked.filter(({ reasons }) => !reasons.has(fn.name));
    const alternatives = takers.map(({ target }) => target.adapter.name);
    return {
      ...describe(cwd, fn),
      targets: asked.map(({ target, reasons }) => {
        const own = reasons.get(fn.name);
        if (own !== undefined) return refusedOn(target.adapter.name, own, alternatives);
        return servedOn(target, config, functions, fn);
      }),
    };
  });
  return {
    app: config.name,
    targets: targets.map(({ adapter }) => adapter.name),
    functions: compared,
    problems: asked.flatMap(({ target, reasons }) =>
      [...reasons].flatMap(([name, texts]) => {
        if (functions.some((fn) => fn.name === name)) return [];
        return texts.map((reason) => ({ target: target.adapter.name, reason }));
      }),
    ),
    ok: asked.every(({ reasons }) => reasons.size === 0),
  };
}

/** Reasons of refusals by the name of the function, which may be one that is only in the settings. */
function reasonsOf(
  target: Target,
  app: string,
  functions: readonly FoundFunction[],
): ReadonlyMap<string, readonly string[]> {
  const byName = Map.groupBy(refusalsOf(target, app, functions), ({ function: name }) => name);
  return new Map([...byName].map(([name, refusals]) => [name, refusals.map(({ reason }) => reason)]));
}

function describe(
  cwd: string,
  { name, definition, place }: FoundFunction,
): Omit<PortableFunction, "targets"> {
  const { file, line, column } = place;
  return { name, trigger: definition.trigger.kind, file: showPath(cwd, file), line, column };
}

function refusedOn(
  target: string,
  reasons: readonly string[],
  alternatives: readonly string[],
): FunctionOnTarget {
  return { target, verdict: "refused", source: null, schedule: null, differences: [], reasons, alternatives };
}

function servedOn(
  target: Target,
  config: Pick<LoadedConfig, "name" | "targets">,
  functions: readonly FoundFunction[],
  fn: FoundFunction,
): FunctionOnTarget {
  const { adapter } = target;
  const { name, definition } = fn;
  const delivery = adapter.delivery?.(fn, inputFor(target, config.name, functions)) ?? {};
  const general = adapter.capabilities[definition.trigger.kind] as TriggerCapabilities;
  const source = delivery.source ?? general.sources[0] ?? adapter.title;
  const differences = differencesOf({
    definition,
    capabilities: { ...general, ...general.bySource?.[source], ...delivery.capabilities },
    delivery,
    target: adapter.name,
    largestMemory: Math.max(...functions.map((other) => other.definition.memory)),
    streamed: isStreamed(config.targets, name),
  });
  return {
    target: adapter.name,
    verdict: differences.length === 0 ? "works" : "differs",
    source,
    schedule: delivery.schedule ?? null,
    differences,
    reasons: [],
    alternatives: [],
  };
}

/** Whether any target's settings ask for a function's answers piece by piece: it is then written for that. */
function isStreamed(targets: LoadedConfig["targets"], name: string): boolean {
  return Object.values(targets).some((section) => {
    const named = (section.functions as Readonly<Record<string, { streaming?: unknown }>> | undefined)?.[
      name
    ];
    return (named?.streaming ?? section.streaming) === true;
  });
}

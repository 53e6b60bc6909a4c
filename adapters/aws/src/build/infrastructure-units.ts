import type { DiscoveredFunction, InfrastructureInput } from "@anyfn/build";
import type { AnyFunction, HttpTrigger, TriggerKind } from "@anyfn/core";
import { idOf, type Parts, ref, type Statement, type Value } from "./infrastructure-template.ts";
import type { AwsSettings, Front, OwnSettings } from "./settings.ts";

/** A function with its settings and the names that its resources have. */
export interface Unit {
  readonly name: string;
  readonly definition: AnyFunction;
  /** Logical id of the function; its other resources' ids start with it. */
  readonly id: string;
  /** ARN of the alias, which everything that invokes the function points at, so that a rollback reaches all of them. */
  readonly alias: Value;
  readonly settings: OwnSettings;
  /** What the trigger's logical name stands for; `undefined` for HTTP. */
  readonly source: string | undefined;
  /** From the template's folder. */
  readonly code: string;
}

/** The whole application. */
export interface App {
  readonly units: readonly Unit[];
  readonly settings: AwsSettings;
}

/** What connects a function with its source. */
export interface Wiring extends Parts {
  /** What the function's role may do beyond writing logs. */
  readonly statements?: readonly Statement[];
  /** Whether what fails in the end is kept in a queue of the function's own. */
  readonly deadLetters?: boolean;
  /** Whether Lambda itself queues the events, and tries them again. */
  readonly asynchronous?: boolean;
  /** Services that put into the dead letters what they could not deliver. */
  readonly senders?: readonly Sender[];
}

/** A service that may send to a queue, for one source. */
export interface Sender {
  readonly service: string;
  readonly sourceArn: Value;
}

/** The sources of each trigger by their names in settings, the default one first. */
export const SOURCES: Readonly<Record<TriggerKind, readonly string[]>> = {
  http: [],
  queue: ["sqs", "sqs-fifo"],
  topic: ["sns", "sns-sqs"],
  schedule: ["scheduler", "rule"],
  storage: ["eventbridge", "s3", "sns", "sqs"],
  changes: ["dynamodb", "documentdb"],
  stream: ["kinesis", "msk", "kafka", "logs"],
  bus: ["eventbridge"],
  direct: ["invoke"],
};

/** The source of a function that its user connects. */
export const NO_SOURCE = "none";

/** Reads the functions and their settings. */
export function toApp({ functions, settings, artifacts }: InfrastructureInput): App {
  const units = functions.map((fn): Unit => {
    const id = `${idOf(fn.name)}Function`;
    const artifact = artifacts.find((candidate) => candidate.functions.includes(fn.name));
    return {
      name: fn.name,
      definition: fn.definition,
      id,
      alias: ref(`${id}.Alias`),
      settings: settingsOf(settings as AwsSettings, fn.name),
      source: sourceOf(fn, settings as AwsSettings),
      code: `${artifact?.directory}/${artifact?.zip}`,
    };
  });
  return { units: units.sort((a, b) => (a.name < b.name ? -1 : 1)), settings: settings as AwsSettings };
}

/** A function's own settings before the defaults of all; environments are joined. */
export function settingsOf(settings: AwsSettings, name: string): OwnSettings {
  const { streaming, basePath, partialFailures, front } = settings;
  const own = settings.functions?.[name] ?? {};
  const environment = { ...settings.environment, ...own.environment };
  return { streaming, basePath, partialFailures, front, ...own, environment };
}

/** What a function's logical name stands for. */
export function sourceOf(
  { name, definition }: Pick<DiscoveredFunction, "name" | "definition">,
  settings: AwsSettings,
): string | undefined {
  return settings.functions?.[name]?.source ?? SOURCES[definition.trigger.kind][0];
}

/** What takes a function's requests. */
export function frontOf({ definition, settings }: Pick<Unit, "definition" | "settings">): Front {
  const needsUrl = settings.streaming === true || definition.timeout > 30;
  return settings.front ?? (needsUrl ? "function-url" : "http-api");
}

/** The logical name of a function's source; undefined for the triggers that have none. */
export function resourceName({ trigger }: AnyFunction): string | undefined {
  return "name" in trigger ? (trigger as { readonly name: string }).name : undefined;
}

/** Whether the infrastructure creates what a logical name stands for. */
export function isCreated({ create = false }: AwsSettings, name: string): boolean {
  return typeof create === "boolean" ? create : create.includes(name);
}

/** The units with an HTTP trigger behind one kind of front. */
export function unitsBehind(
  { units }: App,
  front: Front,
): readonly (Unit & { readonly trigger: HttpTrigger })[] {
  return units
    .filter(({ definition }) => definition.trigger.kind === "http")
    .filter((unit) => frontOf(unit) === front)
    .map((unit) => ({ ...unit, trigger: unit.definition.trigger as HttpTrigger }));
}

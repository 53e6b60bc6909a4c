import type { DiscoveredFunction, Refusal, TargetInput } from "@anyfn/build";
import type { QueueTrigger } from "@anyfn/core";
import { findGrantable, GRANTABLE_SERVICES } from "./_permissions.ts";
import { concurrencyOf, memoryOfCpus } from "./_service.ts";
import type { GcpSettings } from "./settings.ts";

/** Settings that fit no function, or that Google Cloud cannot give one. */
export function refuseSettings({ functions, settings: given }: TargetInput): readonly Refusal[] {
  const settings = given as GcpSettings;
  return [
    ...functions.flatMap((fn) => refuseOwn(fn, settings)),
    ...sharedQueues(functions),
    ...unknownNames(functions, settings),
  ];
}

function refuseOwn(fn: DiscoveredFunction, { functions }: GcpSettings): readonly Refusal[] {
  const own = functions[fn.name];
  if (own === undefined || !Object.hasOwn(functions, fn.name)) return [];
  const { memory, trigger } = fn.definition;
  const reasons: string[] = [];
  if (own.cpu !== undefined && own.cpu < 1 && concurrencyOf(fn, own) > 1) {
    reasons.push(
      `an instance with less than one CPU takes one request at a time. Set \`functions.${fn.name}.concurrency\` to 1, or ` +
        "`cpu` to 1.",
    );
  }
  if (own.cpu !== undefined && memory > memoryOfCpus(own.cpu)) {
    reasons.push(
      `${own.cpu} CPUs have at most ${memoryOfCpus(own.cpu)} MiB, and its memory is ${memory}. Set more \`cpu\`.`,
    );
  }
  if (own.public !== undefined && trigger.kind !== "http") {
    reasons.push("only HTTP functions can be public. Name who may call it in `invokers`.");
  }
  for (const { on } of own.permissions ?? []) {
    if (findGrantable(on) === undefined) {
      reasons.push(`no role can be granted on "${on}". Name ${GRANTABLE_SERVICES}.`);
    }
  }
  return reasons.map((reason) => ({ function: fn.name, reason }));
}

/** Each subscription gets every message, so that two functions on a queue would both do each piece of work. */
function sharedQueues(functions: readonly DiscoveredFunction[]): readonly Refusal[] {
  const readers = new Map<string, string>();
  return functions.flatMap(({ name, definition }) => {
    if (definition.trigger.kind !== "queue") return [];
    const queue = (definition.trigger as QueueTrigger).name;
    const other = readers.get(queue);
    if (other === undefined) {
      readers.set(queue, name);
      return [];
    }
    const reason = `"${other}" reads the queue "${queue}", too, and on Pub/Sub both get every message. Declare a topic.`;
    return [{ function: name, reason }];
  });
}

/** A misspelt entry would be settings that nobody reads. */
function unknownNames(functions: readonly DiscoveredFunction[], settings: GcpSettings): readonly Refusal[] {
  const names = new Set(functions.map(({ name }) => name));
  return Object.keys(settings.functions)
    .filter((name) => !names.has(name))
    .map((name) => ({
      function: name,
      reason: `\`functions.${name}\` has settings, and there is no such function. Correct the name.`,
    }));
}

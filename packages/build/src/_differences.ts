import type {
  AnyFunction,
  ChangesTrigger,
  HttpTrigger,
  QueueTrigger,
  ScheduleTrigger,
  StorageTrigger,
  TriggerKind,
} from "@anyfn/core";
import type { TriggerCapabilities } from "@anyfn/core/adapter";
import type { Delivery } from "./model.ts";

/** What a difference is about. */
export type Feature =
  | "batch"
  | "partial failure"
  | "concurrency"
  | "ordering"
  | "retry"
  | "dead letters"
  | "time"
  | "timeout"
  | "memory"
  | "size"
  | "streaming"
  | "path"
  | "cors"
  | "schedule"
  | "actions"
  | "before";

/** Where a target does otherwise than a function declares. */
export interface Difference {
  readonly feature: Feature;
  /** Sentences, with the numbers. */
  readonly text: string;
}

/** A function on a target, whose capabilities are those of the source that it has there. */
export interface Subject {
  readonly definition: AnyFunction;
  readonly capabilities: TriggerCapabilities;
  readonly delivery: Delivery;
  readonly target: string;
  /** The largest memory that a function of the application declares, in MiB. */
  readonly largestMemory: number;
  /** Whether a target's settings ask for its answers piece by piece. */
  readonly streamed: boolean;
}

/** Everything that a function declares and its target does otherwise, in the order of the rules. */
export function differencesOf(subject: Subject): readonly Difference[] {
  return RULES.flatMap(([feature, rule]) => {
    const text = rule(subject);
    return text === undefined ? [] : [{ feature, text }];
  });
}

/** Sentences about a difference; undefined where there is none, or where it does not concern the function. */
type Rule = (subject: Subject) => string | undefined;

const RULES: ReadonlyArray<readonly [Feature, Rule]> = [
  ["batch", batch],
  ["partial failure", partialFailure],
  ["concurrency", concurrency],
  ["ordering", ordering],
  ["retry", retry],
  ["dead letters", deadLetters],
  ["time", time],
  ["timeout", timeout],
  ["memory", memory],
  ["size", size],
  ["streaming", streaming],
  ["path", path],
  ["cors", cors],
  ["schedule", schedule],
  ["actions", actions],
  ["before", before],
];

/** What one event is called, for triggers whose events nobody waits for. */
const WORDS: Partial<Readonly<Record<TriggerKind, string>>> = {
  queue: "message",
  topic: "message",
  schedule: "tick",
  storage: "event",
  changes: "change",
  stream: "record",
  bus: "event",
};
/** What `defineFunction` fills in: nobody asked for it. */
const DEFAULT_TIMEOUT = 30;
const DEFAULT_MEMORY = 512;
/** What nearly every source of messages takes. */
const USUAL_MESSAGE = 256 * 1024;
const UTC = /^(?:Etc\/)?(?:UTC|UCT|GMT|Zulu|Universal)$/i;

function batch(subject: Subject): string | undefined {
  const declared = declaredBatch(subject);
  const delivered = deliveredBatch(subject);
  if (declared === undefined || delivered === declared) return undefined;
  const word = WORDS[subject.definition.trigger.kind];
  if (delivered > declared) {
    return `Up to ${delivered} ${word}s at once, the largest batchSize of the app's functions; ${declared} are declared.`;
  }
  if (delivered > 1) return `At most ${delivered} ${word}s at once; ${declared} are declared.`;
  const all = subject.definition.trigger as QueueTrigger;
  const what = all.batch ? `Each list has one ${word}` : `One ${word} at a time`;
  return `${what}; batches of ${declared} are declared.`;
}

/** The declared size of a batch; undefined for a trigger without batches, and for one of single events. */
function declaredBatch({ definition }: Subject): number | undefined {
  return (definition.trigger as Partial<QueueTrigger>).batchSize;
}

function deliveredBatch(subject: Subject): number {
  const { capabilities, delivery, definition } = subject;
  const isSingle = capabilities.singly === true && !(definition.trigger as Partial<QueueTrigger>).batch;
  const declared = declaredBatch(subject) ?? 1;
  return Math.min(isSingle ? 1 : capabilities.batch, delivery.batchSize ?? declared);
}

function partialFailure(subject: Subject): string | undefined {
  const { capabilities, definition } = subject;
  const delivered = deliveredBatch(subject);
  if (capabilities.partialFailure || delivered < 2) return undefined;
  const word = WORDS[definition.trigger.kind];
  return `A batch has one verdict: when one ${word} fails, all of up to ${delivered} come again.`;
}

function concurrency(subject: Subject): string | undefined {
  const { definition, capabilities } = subject;
  const { trigger, concurrency: declared } = definition;
  const isUnordered = trigger.kind === "queue" || trigger.kind === "topic";
  if (!isUnordered || !Number.isFinite(declared) || deliveredBatch(subject) > 1) return undefined;
  const { atOnce } = capabilities;
  const instance = atOnce === undefined ? "" : ` An instance runs ${atOnce} at once, and there may be many.`;
  return `It bounds the messages of one invocation, ${declared} at once, and each has one.${instance}`;
}

function ordering({ definition, capabilities }: Subject): string | undefined {
  const { kind } = definition.trigger;
  if ((kind !== "stream" && kind !== "changes") || capabilities.ordering === "partition") return undefined;
  return capabilities.ordering === "group"
    ? `Order holds for the ${WORDS[kind]}s of one key, and there are no partitions.`
    : `A ${WORDS[kind]} may arrive before an earlier one; \`sequence\` tells their order.`;
}

/** Throwing means "again". A platform that gives up is a difference, and so is what a failure does to those behind it. */
function retry({ definition, capabilities }: Subject): string | undefined {
  const { kind } = definition.trigger;
  const { tries, retryDefault } = capabilities;
  if (WORDS[kind] === undefined || tries === undefined) return undefined;
  if (!Number.isFinite(tries) && kind !== "stream" && kind !== "changes") return undefined;
  const [first = "", ...rest] = retryDefault.replace(/\.$/, "");
  return `By default ${first.toLowerCase()}${rest.join("")}.`;
}

function deadLetters({ definition, capabilities }: Subject): string | undefined {
  const word = WORDS[definition.trigger.kind];
  const { schema } = definition.trigger as Partial<QueueTrigger>;
  if (word === undefined || schema === undefined || capabilities.deadLetter !== "none") return undefined;
  return `An invalid ${word} is not set aside: it fails as any other does.`;
}

function time({ definition, capabilities, delivery }: Subject): string | undefined {
  if (definition.timeout <= capabilities.maxSeconds) return undefined;
  const source = delivery.source ?? capabilities.sources[0];
  return `The ${source} waits ${capabilities.maxSeconds} seconds; the timeout is ${definition.timeout}.`;
}

function timeout({ definition, capabilities }: Subject): string | undefined {
  if (definition.timeout === DEFAULT_TIMEOUT || capabilities.perFunction?.timeout !== false) return undefined;
  return `The platform has one timeout for the whole app; this function's ${definition.timeout} seconds are kept by the adapter.`;
}

function memory({ definition, capabilities, largestMemory }: Subject): string | undefined {
  if (definition.memory === DEFAULT_MEMORY || capabilities.perFunction?.memory !== false) return undefined;
  const smallest = capabilities.memorySizes?.find((size) => size >= largestMemory);
  const shared = smallest === undefined ? "" : `, ${smallest} MiB or more here`;
  return `All functions share one memory${shared}; ${definition.memory} MiB are declared for this one.`;
}

/** A function without a schema for its body takes bytes, and those have no usual size. */
function size({ definition, capabilities }: Subject): string | undefined {
  const { kind } = definition.trigger;
  const { maxBytes, maxBinaryBytes = maxBytes } = capabilities;
  if (kind === "http") {
    const { methods, body: schema } = definition.trigger as HttpTrigger;
    const takesBytes =
      schema === undefined && methods.some((method) => /^(?:POST|PUT|PATCH|\*)$/.test(method));
    if (!takesBytes || !Number.isFinite(maxBytes)) return undefined;
    const binary = maxBinaryBytes === maxBytes ? "" : `, ${bytes(maxBinaryBytes)} where it is no text`;
    return `A body has at most ${bytes(maxBytes)}${binary}.`;
  }
  const word = kind === "schedule" ? undefined : WORDS[kind];
  return word === undefined || maxBytes >= USUAL_MESSAGE
    ? undefined
    : `A ${word} has at most ${bytes(maxBytes)}.`;
}

function streaming({ definition, capabilities, delivery, target, streamed }: Subject): string | undefined {
  if (definition.trigger.kind !== "http" || !streamed) return undefined;
  const { streamingOut, streamingSwitch, maxStreamBytes, sources } = capabilities;
  if (streamingOut !== true) return `The ${delivery.source ?? sources[0]} sends an answer in one piece.`;
  if (streamingSwitch !== undefined && delivery.streams !== true) {
    const scope = streamingSwitch === "app" ? ", which holds for the whole app" : "";
    return `An answer is sent in one piece unless \`streaming\` is set in targets.${target}${scope}.`;
  }
  if (streamingSwitch === "app") return "Answers of all functions of the app are streamed.";
  return maxStreamBytes === undefined ? undefined : `A streamed answer has at most ${bytes(maxStreamBytes)}.`;
}

function path({ definition, capabilities }: Subject): string | undefined {
  const { path: template } = definition.trigger as Partial<HttpTrigger>;
  if (template === undefined || template === "/" || capabilities.pathParams !== "address") return undefined;
  return `The function has an address of its own, and ${template} stands behind it: other functions have other addresses.`;
}

function cors({ definition, capabilities }: Subject): string | undefined {
  const { cors: declared } = definition.trigger as Partial<HttpTrigger>;
  if (declared === undefined || capabilities.platformCors === undefined) return undefined;
  return capabilities.platformCors === "headers"
    ? "The function answers it. Leave the platform's own CORS off: with both, headers come twice."
    : "The function answers it. Leave the platform's own list of origins empty: it would answer preflights first.";
}

function schedule({ definition, capabilities }: Subject): string | undefined {
  const { schedules } = capabilities;
  if (schedules === undefined) return undefined;
  const { timeZone } = definition.trigger as ScheduleTrigger;
  if (!schedules.clock) return "The target keeps no clock: something else sends each tick.";
  if (schedules.clockChange === undefined || UTC.test(timeZone)) return undefined;
  return `In ${timeZone} ${schedules.clockChange}.`;
}

function actions({ definition, capabilities }: Subject): string | undefined {
  const { on } = definition.trigger as Partial<StorageTrigger | ChangesTrigger>;
  const missing = on?.filter((action) => capabilities.actions?.includes(action) === false) ?? [];
  if (missing.length === 0) return undefined;
  return `${listOf(missing)} is not told; ${listOf(capabilities.actions ?? [])} is.`;
}

function before({ definition, capabilities }: Subject): string | undefined {
  if (definition.trigger.kind !== "changes" || capabilities.before !== false) return undefined;
  const { on } = definition.trigger as ChangesTrigger;
  return on.some((action) => action !== "created")
    ? "A document comes without what it was `before`."
    : undefined;
}

function listOf(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}

/** `64 KiB`, `4.5 MiB`, `200 MB`: in the unit in which the limit was set. */
function bytes(count: number): string {
  const [unit, small, large] = count % 1024 === 0 ? [1024, "KiB", "MiB"] : [1000, "kB", "MB"];
  const amount = count / unit;
  return amount < unit ? `${rounded(amount)} ${small}` : `${rounded(amount / unit)} ${large}`;
}

function rounded(amount: number): string {
  return String(Math.round(amount * 10) / 10);
}

import type { DiscoveredFunction, Refusal, TargetInput } from "@anyfn/build";
import {
  AnyfnError,
  type ChangesTrigger,
  type HttpTrigger,
  type QueueTrigger,
  type ScheduleTrigger,
  type StorageTrigger,
  type StreamTrigger,
} from "@anyfn/core";
import { MEMORY_SIZES } from "../capabilities.ts";
import { HTTP_SECONDS } from "../context.ts";
import { type AzureSettings, settingsOf } from "../settings.ts";
import { planRoutes } from "../triggers/_routes.ts";
import { modeOf } from "../triggers/changes.ts";
import { toTimer } from "../triggers/schedule.ts";

const MOST_MEMORY = Math.max(...MEMORY_SIZES);

/** What an app on Azure cannot do, function by function. */
export function refuse(input: TargetInput): readonly Refusal[] {
  const settings = input.settings as AzureSettings;
  const refusals = input.functions.flatMap((fn) =>
    reasonsOf(fn, settings).map((reason) => ({ function: fn.name, reason })),
  );
  return [...refusals, ...sharedRoutes(input.functions), ...sharedStreams(input.functions)];
}

function reasonsOf({ name, definition }: DiscoveredFunction, settings: AzureSettings): string[] {
  const { trigger, timeout, memory } = definition;
  const reasons: string[] = [];
  if (memory > MOST_MEMORY) {
    reasons.push(
      `an app has at most ${MOST_MEMORY} MiB of memory, and ${memory} are declared. Declare less.`,
    );
  }
  if (name === "host")
    reasons.push('Azure keeps the name "host" for itself. Give the function another `name`.');
  if (settings.timeoutSeconds !== undefined && timeout > settings.timeoutSeconds) {
    reasons.push(
      `its timeout of ${timeout} s is above the app's \`timeoutSeconds\`, ${settings.timeoutSeconds}. Raise one or lower ` +
        "the other.",
    );
  }
  const reason = CHECKS[trigger.kind]?.(trigger as never, settings, timeout, name);
  return reason === undefined ? reasons : [...reasons, reason];
}

type Check = (trigger: never, settings: AzureSettings, timeout: number, name: string) => string | undefined;

const CHECKS: Partial<Readonly<Record<DiscoveredFunction["definition"]["trigger"]["kind"], Check>>> = {
  http: (trigger: HttpTrigger, settings, timeout) =>
    checkPath(trigger.path, settings) ?? checkAnswerTime(timeout),
  direct: (_trigger: unknown, { direct }, timeout, name) =>
    settingsOf(direct, name)?.source === "activity" ? undefined : checkAnswerTime(timeout),
  schedule: checkSchedule,
  changes: checkChanges,
  storage: checkStorage,
  queue: checkQueue,
};

function checkPath(path: string, { routePrefix = "" }: AzureSettings): string | undefined {
  const [, first = ""] = path.split("/");
  if (routePrefix !== "" || !/^(?:admin|runtime)$/i.test(first)) return undefined;
  return `Azure keeps paths below /${first} for itself. Choose another path, or set \`routePrefix\`.`;
}

function checkAnswerTime(timeout: number): string | undefined {
  if (timeout <= HTTP_SECONDS) return undefined;
  return `Azure waits ${HTTP_SECONDS} s for an answer, and its timeout is ${timeout} s. Shorten it, or hand the work to a queue.`;
}

function checkSchedule(trigger: ScheduleTrigger): string | undefined {
  try {
    toTimer(trigger);
    return undefined;
  } catch (error) {
    if (error instanceof AnyfnError) return withoutPlace(error);
    throw error;
  }
}

function checkChanges(trigger: ChangesTrigger, settings: AzureSettings): string | undefined {
  const { name, on } = trigger;
  const where = settingsOf(settings.changes, name) ?? {};
  if (where.mode !== "latest-version" || modeOf(trigger, {}) === "latest-version") return undefined;
  const missing = on.includes("deleted") ? "sees no deletions" : "cannot tell creations from updates";
  return (
    `the latest version mode of Cosmos DB ${missing}. Set \`changes.${name}.mode\` to "all-versions-and-deletes", or ` +
    'declare on: ["created", "updated"].'
  );
}

function checkStorage({ name, on }: StorageTrigger, settings: AzureSettings): string | undefined {
  const { source, container = name } = settingsOf(settings.storage, name) ?? {};
  if (source !== "blob") return undefined;
  if (on.some((action) => action !== "created")) {
    return `a blob trigger sees created blobs alone. Set \`storage.${name}.source\` to "event-grid", or declare on: ["created"].`;
  }
  return isStorageName(container)
    ? undefined
    : `"${container}" cannot name a container: ${NAME_RULE} Set \`storage.${name}.container\`.`;
}

function checkQueue({ name }: QueueTrigger, settings: AzureSettings): string | undefined {
  const {
    source = "storage-queue",
    name: queueName = name,
    sessions,
  } = settingsOf(settings.queues, name) ?? {};
  if (source !== "storage-queue") return undefined;
  if (sessions) {
    return `a Storage Queue has no sessions. Set \`queues.${name}.source\` to "service-bus", or leave \`sessions\` out.`;
  }
  return isStorageName(queueName)
    ? undefined
    : `"${queueName}" cannot name a Storage Queue: ${NAME_RULE} Set \`queues.${name}.name\`.`;
}

const NAME_RULE = "3 to 63 lower-case letters, digits and single dashes.";

/** https://learn.microsoft.com/rest/api/storageservices/naming-queues-and-metadata; `%NAME%` is an app setting. */
function isStorageName(name: string): boolean {
  return (
    name.includes("%") || (/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name) && name.length >= 3 && name.length <= 63)
  );
}

/** The function with which a set of routes becomes impossible. */
function sharedRoutes(functions: readonly DiscoveredFunction[]): Refusal[] {
  const http = functions.filter(({ definition }) => definition.trigger.kind === "http");
  if (conflictOf(http) === undefined) return [];
  const count = http.findIndex((_, index) => conflictOf(http.slice(0, index + 1)) !== undefined) + 1;
  const reason = conflictOf(http.slice(0, count));
  const last = http[count - 1];
  return reason === undefined || last === undefined ? [] : [{ function: last.name, reason }];
}

function conflictOf(functions: readonly DiscoveredFunction[]): string | undefined {
  try {
    planRoutes(functions);
    return undefined;
  } catch (error) {
    if (error instanceof AnyfnError) return withoutPlace(error);
    throw error;
  }
}

/** Readers of one consumer group share its events instead of each seeing all. */
function sharedStreams(functions: readonly DiscoveredFunction[]): Refusal[] {
  const readers = new Map<string, string>();
  return functions.flatMap(({ name, definition }) => {
    if (definition.trigger.kind !== "stream") return [];
    const stream = (definition.trigger as StreamTrigger).name;
    const first = readers.get(stream);
    if (first === undefined) readers.set(stream, name);
    if (first === undefined) return [];
    const reason =
      `"${first}" reads the stream "${stream}" in the same consumer group, so that each record would reach one of them. ` +
      "Declare the stream under a second name, and give it the same `name` and another `consumerGroup`.";
    return [{ function: name, reason }];
  });
}

/** The build shows the place itself. */
function withoutPlace(error: Error): string {
  return error.message.replace(/^\[[^\]]*\] /, "");
}

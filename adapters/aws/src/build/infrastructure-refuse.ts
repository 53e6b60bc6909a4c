import type { DiscoveredFunction } from "@anyfn/build";
import type { AnyFunction, QueueTrigger, ScheduleTrigger } from "@anyfn/core";
import { environmentOf } from "./infrastructure-function.ts";
import {
  frontOf,
  isCreated,
  NO_SOURCE,
  resourceName,
  SOURCES,
  settingsOf,
  sourceOf,
} from "./infrastructure-units.ts";
import type { AwsSettings } from "./settings.ts";

/** What the infrastructure of one function cannot have, and what to do about it. */
export function infrastructureRefusals(fn: DiscoveredFunction, settings: AwsSettings): string[] {
  const { definition } = fn;
  const { kind } = definition.trigger;
  return [
    ...(kind === "http" ? frontRefusals(fn, settings) : []),
    ...sourceRefusals(fn, settings),
    ...environmentRefusals(environmentOf(settingsOf(settings, fn.name))),
  ];
}

/** Names in `create` that no function uses would create nothing, in silence. */
export function unknownCreations(
  functions: readonly DiscoveredFunction[],
  { create = [] }: AwsSettings,
): string[] {
  if (typeof create === "boolean") return [];
  const names = functions.map(({ definition }) => resourceName(definition));
  return create
    .filter((name) => !names.includes(name))
    .map((name) => `The setting \`create\` names "${name}", which no function's trigger names.`);
}

function frontRefusals({ name, definition }: DiscoveredFunction, all: AwsSettings): string[] {
  const settings = settingsOf(all, name);
  const front = frontOf({ definition, settings });
  const other = 'Set `front` to "function-url" or "rest-api".';
  const reasons: string[] = [];
  if (settings.source !== undefined)
    reasons.push("The setting `source` is for triggers other than http, which has `front`.");
  if (front === "http-api" && settings.streaming) {
    reasons.push(`An HTTP API cannot stream, and \`streaming\` is on. ${other}`);
  }
  if (front === "http-api" && definition.timeout > 30) {
    const what = `An HTTP API waits for 30 seconds at most, and the timeout is ${definition.timeout}.`;
    reasons.push(`${what} Set \`front\` to "function-url".`);
  }
  if (front === "rest-api" && definition.timeout > 30 && !settings.streaming) {
    const what = `A REST API waits for 29 seconds unless it streams, and the timeout is ${definition.timeout}.`;
    reasons.push(`${what} Set \`front\` to "function-url".`);
  }
  return reasons;
}

function sourceRefusals(fn: DiscoveredFunction, settings: AwsSettings): string[] {
  const { trigger } = fn.definition;
  const source = sourceOf(fn, settings);
  const known = SOURCES[trigger.kind];
  if (source === undefined || source === NO_SOURCE || known.length === 0) return [];
  if (!known.includes(source)) {
    const list = [...known, NO_SOURCE].map((name) => `"${name}"`).join(", ");
    return [`There is no source "${source}" of a ${trigger.kind} function. There are: ${list}.`];
  }
  const reason = UNFIT[`${trigger.kind} ${source}`]?.(fn.definition, isMade(fn.definition, settings));
  return reason === undefined ? [] : [reason];
}

function isMade(definition: AnyFunction, settings: AwsSettings): boolean {
  const name = resourceName(definition);
  return name !== undefined && isCreated(settings, name);
}

type Check = (definition: AnyFunction, isMade: boolean) => string | undefined;

const byHand =
  (what: string): Check =>
  () =>
    `The infrastructure cannot describe ${what}, whose network it does not know. Set \`source\` to "none" and connect it yourself.`;

const givenOnly: Check = (_definition, isMade) =>
  isMade
    ? "A bucket that is created tells EventBridge or the function itself. Set `source` to one of them."
    : undefined;

/** What cannot be had of a source, by trigger and source. */
const UNFIT: Readonly<Record<string, Check>> = {
  "queue sqs-fifo": ({ trigger }) => {
    const { batchSize } = trigger as QueueTrigger;
    return batchSize > 10
      ? `A FIFO queue hands over 10 messages at most, and the batchSize is ${batchSize}.`
      : undefined;
  },
  "schedule rule": ({ trigger }) => {
    const { timeZone } = trigger as ScheduleTrigger;
    return timeZone === "UTC"
      ? undefined
      : `A rule runs in UTC, and the time zone is ${timeZone}. Set \`source\` to "scheduler".`;
  },
  "storage s3": (_definition, isMade) =>
    isMade
      ? undefined
      : 'The notifications of a bucket are part of it. Add it to `create`, or set `source` to "eventbridge".',
  "storage sns": givenOnly,
  "storage sqs": givenOnly,
  "changes documentdb": byHand("a DocumentDB cluster"),
  "stream msk": byHand("an MSK cluster"),
  "stream kafka": byHand("a Kafka cluster"),
};

/** Lambda's own variables. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const RESERVED =
  /^(?:_HANDLER|_X_AMZN_TRACE_ID|AWS_(?:DEFAULT_)?REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_\w+|AWS_ACCESS_KEY(?:_ID)?|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|LAMBDA_(?:TASK_ROOT|RUNTIME_DIR))$/;

function environmentRefusals(environment: Readonly<Record<string, string>>): string[] {
  const reserved = Object.keys(environment).filter((name) => RESERVED.test(name));
  const bytes = Object.entries(environment).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
  return [
    ...reserved.map((name) => `Lambda sets the variable ${name} itself. Give yours another name.`),
    ...(bytes > 4096
      ? [`Lambda takes 4096 bytes of environment variables, and there are ${bytes}. Keep them elsewhere.`]
      : []),
  ];
}

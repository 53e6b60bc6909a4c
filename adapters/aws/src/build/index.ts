import type { ArtifactPlan, BuildAdapter, DiscoveredFunction, Refusal, TargetInput } from "@anyfn/build";
import { AnyfnError, type ScheduleTrigger, type TriggerKind } from "@anyfn/core";
import { capabilities } from "../capabilities.ts";
import { toScheduleExpression } from "./_cron.ts";
import { delivery } from "./delivery.ts";
import { infrastructure } from "./infrastructure.ts";
import { infrastructureRefusals, unknownCreations } from "./infrastructure-refuse.ts";
import { type AwsSettings, type FunctionSettings, settings } from "./settings.ts";
import { smoke } from "./smoke.ts";

export { toScheduleExpression } from "./_cron.ts";

/** Builds one bundle and zip for each function; the handler is `index.handler`. */
export const adapter: BuildAdapter = {
  name: "aws",
  title: "AWS Lambda",
  capabilities,
  settings,
  refuse,
  delivery,
  plan,
  infrastructure,
  smoke,
  deployer: async () => (await import("../deploy/index.ts")).deployer,
};

const BATCHED: readonly TriggerKind[] = ["queue", "topic", "storage", "changes", "stream"];

/** What Lambda cannot run. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
function refuse({ functions, settings }: TargetInput): readonly Refusal[] {
  const named = (settings as AwsSettings).functions ?? {};
  const refusals = functions.flatMap((fn) => {
    const { name, definition } = fn;
    return [
      ...limitsOf(definition),
      ...scheduleOf(definition.trigger),
      ...optionsOf(definition.trigger.kind, named[name]),
      ...infrastructureRefusals(fn, settings as AwsSettings),
    ].map((reason) => ({ function: name, reason }));
  });
  for (const reason of unknownCreations(functions, settings as AwsSettings)) {
    refusals.push({ function: "infrastructure", reason });
  }
  for (const name of Object.keys(named)) {
    if (functions.some((fn) => fn.name === name)) continue;
    refusals.push({
      function: name,
      reason: `The settings name a function "${name}", which is not there. Its names are in kebab-case.`,
    });
  }
  return refusals;
}

function limitsOf({ timeout, memory, trigger }: DiscoveredFunction["definition"]): string[] {
  const reasons: string[] = [];
  if (timeout > 900) {
    reasons.push(
      `Lambda runs for 900 seconds at most, and the timeout is ${timeout}. Shorten it, or split the work over a queue.`,
    );
  }
  if (!Number.isInteger(timeout)) {
    reasons.push(`Lambda's timeout is in whole seconds, and it is ${timeout}. Round it up.`);
  }
  if (memory < 128 || memory > 10_240) {
    reasons.push(
      `Lambda has 128 to 10240 MiB of memory, and ${memory} are asked for. Declare a size between.`,
    );
  }
  const { batchSize } = trigger as { readonly batchSize?: number };
  if (batchSize !== undefined && batchSize > 10_000) {
    reasons.push(`Lambda hands over 10000 records at most, and the batchSize is ${batchSize}. Lower it.`);
  }
  return reasons;
}

function scheduleOf(trigger: { readonly kind: TriggerKind }): string[] {
  if (trigger.kind !== "schedule") return [];
  try {
    toScheduleExpression((trigger as ScheduleTrigger).cron);
    return [];
  } catch (error) {
    // The build shows the place itself.
    if (error instanceof AnyfnError) return [error.message.replace(/^\[[^\]]*\] /, "")];
    throw error;
  }
}

function optionsOf(kind: TriggerKind, options: FunctionSettings | undefined): string[] {
  const reasons: string[] = [];
  const wrong = (option: string, what: string) =>
    `The setting \`${option}\` is for ${what}, and this is a ${kind} function.`;
  if (kind !== "http" && options?.streaming !== undefined) reasons.push(wrong("streaming", "HTTP functions"));
  if (kind !== "http" && options?.basePath !== undefined) reasons.push(wrong("basePath", "HTTP functions"));
  if (kind !== "http" && options?.front !== undefined) reasons.push(wrong("front", "HTTP functions"));
  if (!BATCHED.includes(kind) && options?.partialFailures !== undefined) {
    reasons.push(wrong("partialFailures", "functions that get batches"));
  }
  return reasons;
}

function plan({ functions, settings }: TargetInput): readonly ArtifactPlan[] {
  const { externalizeSdk = false, functions: named = {}, ...defaults } = settings as AwsSettings;
  const cpu = defaults.architecture === "x86_64" ? "x64" : "arm64";
  const native = defaults.native === "install" ? ({ os: "linux", cpu, libc: "glibc" } as const) : undefined;
  return functions.map((fn) => ({
    directory: fn.name,
    functions: [fn.name],
    entry: entryOf(fn, { ...defaults, ...named[fn.name] }),
    bundle: {
      file: "index.mjs",
      format: "esm",
      external: externalizeSdk ? ["@aws-sdk", "@smithy"] : [],
      native,
    },
    files: {},
    zip: `${fn.name}.zip`,
  }));
}

/** Imports the entry point of the function's trigger and no other, so that only its code is in the bundle. */
function entryOf({ exportName, file, definition }: DiscoveredFunction, options: FunctionSettings): string {
  const { kind } = definition.trigger;
  const streams = kind === "http" && options.streaming === true;
  const [entry, handler] = streams ? ["http-stream", "httpStreamHandler"] : [kind, `${kind}Handler`];
  const given = Object.entries(optionsFor(kind, options)).filter(([, value]) => value !== undefined);
  const rest = given.length === 0 ? "" : `, ${JSON.stringify(Object.fromEntries(given))}`;
  return [
    `import { ${handler} } from "@anyfn/aws/${entry}";`,
    `import { ${JSON.stringify(exportName)} as definition } from ${JSON.stringify(file)};`,
    `export const handler = ${handler}(definition${rest});`,
    "",
  ].join("\n");
}

/** The options that concern a trigger: defaults are written for functions of all kinds. */
function optionsFor(kind: TriggerKind, { basePath, partialFailures }: FunctionSettings): FunctionSettings {
  if (kind === "http") return { basePath };
  return BATCHED.includes(kind) ? { partialFailures } : {};
}

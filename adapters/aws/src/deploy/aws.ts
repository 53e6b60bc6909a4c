import { setMaxListeners } from "node:events";
import { setTimeout } from "node:timers/promises";
import type { StageInput } from "@anyfn/build";
import { type Clients, createClients } from "./clients.ts";
import { type Aws, isOurs, type StageFunction } from "./kind.ts";

/** Waits in place of the clock's. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** By the clock. */
export const waitByClock: Wait = (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal });

/** Finds out, with the credentials that are there, where things are made. */
export async function openAws(
  { app, stage, signal }: Pick<StageInput, "app" | "stage" | "signal">,
  wait: Wait,
): Promise<Aws> {
  // Each request that is under way listens to it, and Node warns of many.
  setMaxListeners(0, signal);
  const clients = createClients(signal);
  const sts = await clients.sts();
  const region = await sts.config.region();
  const { Account = "", Arn = "" } = await sts.getCallerIdentity({});
  const tags = { "anyfn:app": app, "anyfn:stage": stage };
  const time = new Date().toISOString();
  let functions: Promise<readonly StageFunction[]> | undefined;
  return {
    clients,
    account: Account,
    region,
    partition: Arn.split(":")[1] ?? "aws",
    app,
    stage,
    tags,
    deployment: { id: time, time },
    functions: () => {
      functions ??= functionsOf(clients, tags, `${app}-${stage}-`);
      return functions;
    },
    signal,
    wait: (milliseconds) => wait(milliseconds, signal),
    tell: () => undefined,
  };
}

/** Functions whose names begin as ours do, and that have our tags. */
async function functionsOf(
  clients: Clients,
  tags: Aws["tags"],
  prefix: string,
): Promise<readonly StageFunction[]> {
  const lambda = await clients.lambda();
  const found: StageFunction[] = [];
  let Marker: string | undefined;
  do {
    const page = await lambda.listFunctions({ Marker });
    for (const { FunctionName: name = "", FunctionArn: arn = "" } of page.Functions ?? []) {
      // Names that are too long are cut.
      if (!name.startsWith(prefix.slice(0, 55))) continue;
      const { Tags = {} } = await lambda.listTags({ Resource: arn });
      if (isOurs({ tags }, Tags)) found.push({ name, arn, tags: Tags });
    }
    Marker = page.NextMarker;
  } while (Marker !== undefined && Marker !== "");
  return found;
}

import { existsSync, writeFileSync } from "node:fs";
import { defineFunction, http, queue } from "@anyfn/core";
import { z } from "zod";

const { BROKEN_UNTIL } = process.env;
if (BROKEN_UNTIL !== undefined && !existsSync(BROKEN_UNTIL)) {
  // The next process finds it.
  writeFileSync(BROKEN_UNTIL, "");
  throw new Error("the settings are not there");
}

const Fate = z.enum(["done", "floating", "timer", "later", "hang", "init", "slow"]);
type Fate = z.infer<typeof Fate>;

let tries = 0;
let connection: Promise<string> | undefined;

/** What is made once and kept must not be kept when it failed; that is the function's own to see to. */
function connectOnce(): Promise<string> {
  connection ??= connect().catch((error: unknown) => {
    connection = undefined;
    throw error;
  });
  return connection;
}

async function connect(): Promise<string> {
  tries += 1;
  if (tries === 1) throw new Error("the database is not up yet");
  return "connected";
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Meets its fate in the middle of an invocation, or just after it. */
async function meet(fate: Fate): Promise<string> {
  if (fate === "floating") void Promise.reject(new Error("nobody waits for this"));
  if (fate === "timer") setTimeout(() => throwing("thrown by a timer"), 0);
  if (fate === "later") setTimeout(() => void Promise.reject(new Error("rejected later")), 30);
  if (fate === "hang") await new Promise(() => {});
  if (fate === "slow") await pause(400);
  if (fate === "init") return connectOnce();
  if (fate === "floating" || fate === "timer") await pause(50);
  return "done";
}

function throwing(message: string): never {
  throw new Error(message);
}

export const fates = defineFunction({
  trigger: http.get("/fates/{fate}", { params: z.object({ fate: Fate }) }),
  timeout: 2,
  handler: async ({ params }, { log }) => {
    log.info("meeting", { fate: params.fate });
    return { fate: params.fate, end: await meet(params.fate) };
  },
});

/** Has its answer at once, and an error of what it began right behind it. */
export const hasty = defineFunction({
  trigger: http.get("/hasty"),
  handler: () => {
    process.nextTick(() => throwing("thrown behind an answer"));
    return "done";
  },
});

export const jobs = defineFunction({
  trigger: queue("jobs", { message: z.object({ fate: Fate }) }),
  timeout: 2,
  handler: async ({ data }, { log }) => {
    log.info("meeting", { fate: data.fate });
    await meet(data.fate);
  },
});

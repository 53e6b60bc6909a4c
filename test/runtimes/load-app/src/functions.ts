import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Context, defineFunction, http, queue } from "@anyfn/core";
import { z } from "zod";

/** Everything that belongs to one invocation and to no other. */
function identity(ctx: Context): Record<string, unknown> {
  return {
    invocationId: ctx.invocationId,
    requestId: ctx.requestId,
    functionName: ctx.functionName,
    traceId: ctx.trace?.traceId,
    spanId: ctx.trace?.spanId,
    deadline: ctx.deadline?.getTime(),
    aborted: ctx.signal.aborted,
    env: ctx.env.LOAD_ENV,
  };
}

interface Crowd {
  arrived: number;
  readonly complete: PromiseWithResolvers<void>;
}
const crowds = new Map<string, Crowd>();

/** Holds everybody until so many have come: all of them are then in the middle of their invocation. */
async function meet(name: string, size: number): Promise<void> {
  const crowd = crowds.get(name) ?? { arrived: 0, complete: Promise.withResolvers<void>() };
  crowds.set(name, crowd);
  crowd.arrived += 1;
  if (crowd.arrived === size) crowd.complete.resolve();
  await crowd.complete.promise;
}

/** Each kind of turn of the event loop, in an order of each invocation's own. */
const TURNS: readonly (() => Promise<unknown>)[] = [
  () => new Promise(setImmediate),
  () => new Promise((resolve) => setTimeout(resolve, 3)),
  () => Promise.resolve(),
  () => new Promise((resolve) => process.nextTick(resolve)),
  () => new Promise((resolve) => setTimeout(resolve, 0)),
];

/** Walks through the crowd and tells what the context said at the start, and whether it ever said anything else. */
async function walk(id: number, ctx: Context): Promise<Record<string, unknown>> {
  const first = identity(ctx);
  let stable = true;
  for (let step = 0; step < TURNS.length; step++) {
    await TURNS[(id + step * (1 + (id % 3))) % TURNS.length]?.();
    ctx.log.info("step", { id, step });
    stable &&= JSON.stringify(identity(ctx)) === JSON.stringify(first);
  }
  if (id % 10 === 0) ctx.waitUntil(Promise.reject(new Error(`background of ${id}`)));
  return { ...first, stable };
}

export const interleaved = defineFunction({
  trigger: http.post("/interleaved/{id}", {
    params: z.object({ id: z.coerce.number() }),
    body: z.object({ id: z.number(), crowd: z.string(), size: z.number() }),
  }),
  handler: async ({ params, body, query, cookies, headers }, ctx) => {
    await meet(body.crowd, body.size);
    const seen = await walk(body.id, ctx);
    return { ...seen, ids: [params.id, body.id, query.get("id"), cookies.id, headers["x-id"]].map(Number) };
  },
});

export const jobs = defineFunction({
  trigger: queue("jobs", { message: z.object({ id: z.number(), crowd: z.string(), size: z.number() }) }),
  handler: async ({ id: messageId, data }, ctx) => {
    await meet(data.crowd, data.size);
    const seen = await walk(data.id, ctx);
    ctx.log.info("walked", { seen: { ...seen, id: data.id, messageId } });
  },
});

let handled = 0;
let tells = false;

/** Work of a moment; the process says at its end how often it was done. */
export const counted = defineFunction({
  trigger: http.get("/counted"),
  handler: async () => {
    if (!tells) process.once("exit", () => process.stdout.write(`handled ${handled}\n`));
    tells = true;
    await new Promise((resolve) => setTimeout(resolve, 2));
    handled += 1;
    return { handled };
  },
});

/** Work that leaves something behind wherever it can be kept: ids, headers, a signal, a trace, a background promise. */
export const remember = defineFunction({
  trigger: http.any("/remember/{id}", { params: z.object({ id: z.string() }) }),
  handler: async ({ params, query, cookies }, ctx) => {
    if (query.has("heap")) return { heapUsed: await heapUsed() };
    ctx.signal.addEventListener("abort", () => {});
    ctx.waitUntil(Promise.resolve(ctx.trace));
    return { id: params.id, cookies: { ...cookies }, requestId: ctx.requestId };
  },
});

/** Bytes in use once all garbage is gone. */
async function heapUsed(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  // What waits for a finalizer, or for the end of a connection, is garbage in a later round.
  for (let round = 0; round < 5; round++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().heapUsed;
}

export const received = defineFunction({
  trigger: http.post("/received"),
  handler: async (event) => ({ length: (await event.bytes()).byteLength }),
});

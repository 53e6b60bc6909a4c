/**
 * Tells how many bytes of heap one call of an artifact's function takes, whether they are garbage afterwards or not.
 * Argument: an {@link AllocationJob} as JSON; the last line of the output is the number.
 */
import { GCProfiler } from "node:v8";
import { openExchange, type WrittenRequest } from "./exchange.ts";
import { LAMBDA_CONTEXT, loadFramework, startServer } from "./open.ts";

/** What to measure. */
export interface AllocationJob {
  readonly target: "aws" | "gcp" | "node";
  readonly bundle: string;
  /** The function's name. */
  readonly name: string;
  /** Lambda's event, or a {@link WrittenRequest}. */
  readonly sent: object;
}

/** Makes ready as many calls, so that only what they do themselves is counted. */
type MakeRound = (calls: number) => () => Promise<unknown>;

const WARM_UP = 4;
const ROUNDS = 5;
const CALLS = 100;

const job = JSON.parse(process.argv[2] ?? "") as AllocationJob;
const bytes = await measure(await (job.target === "aws" ? prepareLambda(job) : prepareServer(job)));
process.stdout.write(`\n${bytes}\n`, () => process.exit());

async function measure(makeRound: MakeRound): Promise<number> {
  const rounds: number[] = [];
  for (let index = -WARM_UP; index < ROUNDS; index++) {
    const run = makeRound(CALLS);
    const taken = await heapOf(run);
    if (index >= 0) rounds.push(taken / CALLS);
  }
  rounds.sort((a, b) => a - b);
  return Math.round(rounds[ROUNDS >> 1] ?? Number.NaN);
}

async function heapOf(run: () => Promise<unknown>): Promise<number> {
  globalThis.gc?.();
  const profiler = new GCProfiler();
  profiler.start();
  const before = process.memoryUsage().heapUsed;
  await run();
  const after = process.memoryUsage().heapUsed;
  if (profiler.stop().statistics.length > 0)
    throw new Error("There was a collection. Make the rounds smaller.");
  return after - before;
}

async function prepareLambda({ bundle, sent }: AllocationJob): Promise<MakeRound> {
  const { handler } = (await import(bundle)) as { handler: (...args: readonly object[]) => Promise<unknown> };
  const text = JSON.stringify(sent);
  return (calls) => {
    const events = Array.from({ length: calls }, () => JSON.parse(text) as object);
    return async () => {
      for (const event of events) await handler(event, LAMBDA_CONTEXT);
    };
  };
}

async function prepareServer({ target, bundle, name, sent }: AllocationJob): Promise<MakeRound> {
  const listener =
    target === "gcp" ? loadFramework(bundle).getFunction(name) : listenerOf(await startServer(bundle));
  return (calls) => {
    const exchanges = Array.from({ length: calls }, () => openExchange(sent as WrittenRequest));
    return async () => {
      for (const [request, response] of exchanges) {
        listener(request, response);
        while (!response.writableEnded) await undefined;
      }
    };
  };
}

function listenerOf(
  server: Awaited<ReturnType<typeof startServer>>,
): (...args: readonly object[]) => unknown {
  return (request, response) => server.emit("request", request, response);
}

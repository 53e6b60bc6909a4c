/**
 * One fresh process: one peer, one work. It checks the answer first, and then tells the time or the heap that a call
 * takes. Argument: a {@link Job} as JSON.
 */
import { GCProfiler } from "node:v8";
import type { Context, Handler, Peer } from "../cases/peer.ts";
import { findWork, type Work } from "../cases/works.ts";
import type { Job, Report } from "./job.ts";
import { p10 } from "./stats.ts";

const context: Context = {
  functionName: "bench",
  functionVersion: "$LATEST",
  invokedFunctionArn: "arn:aws:lambda:eu-central-1:123456789012:function:bench",
  memoryLimitInMB: "1024",
  awsRequestId: "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
  logGroupName: "/aws/lambda/bench",
  logStreamName: "2026/03/12/[$LATEST]abcdef",
  callbackWaitsForEmptyEventLoop: true,
  done() {},
  fail() {},
  succeed() {},
  getRemainingTimeInMillis: () => 29_000,
};

/** A sample is as many calls as take this long, in nanoseconds, so that reading the clock does not show. */
const SAMPLE_NS = 300_000;
/** Calls of which the heap is taken are as many as take this long, if there is room for what they leave. */
const HEAP_NS = 500_000_000;

type Enough = (elapsedMs: number, calls: number) => boolean;

/** The compiler needs calls, and time beside them, before the code is what it will be. */
const isWarm: Enough = (elapsed, calls) => (elapsed >= 400 && calls >= 3000) || elapsed >= 3000;

const job = JSON.parse(process.argv[2] ?? "") as Job;
const work = findWork(job.work);
process.send?.(await run(job, work));
process.disconnect?.();

async function run({ mode, peer, ms }: Job, work: Work): Promise<Report> {
  const handler = await load(peer, work);
  if (handler === undefined) return { absent: true };
  try {
    for (let again = 0; again < 3; again++) work.check(await call(handler, fresh(work, 1)[0]));
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
  if (mode === "heap") return { heap: await heapOf(handler, work) };
  await sample(handler, work, isWarm);
  return { samples: await sample(handler, work, (elapsed, calls) => elapsed >= ms && calls >= 5) };
}

async function load(name: string, { platform, kind, front }: Work): Promise<Handler | undefined> {
  const { peer } = (await import(`../peers/${platform}/${name}.ts`)) as { peer: Peer };
  return peer[kind]?.(front);
}

/** Events that no call has seen yet. */
function fresh({ event, revive }: Work, count: number): unknown[] {
  return Array.from({ length: count }, () => {
    const parsed: unknown = JSON.parse(event);
    return revive === undefined ? parsed : revive(parsed);
  });
}

function call(handler: Handler, event: unknown): unknown {
  return handler(event as never, context);
}

/** Nanoseconds of a call, one figure a sample. */
async function sample(handler: Handler, work: Work, enough: Enough): Promise<number[]> {
  const samples: number[] = [];
  const start = performance.now();
  let calls = 1;
  for (let done = 0; !enough(performance.now() - start, done); ) {
    const ns = await callAll(handler, fresh(work, calls));
    samples.push(ns / calls);
    done += calls;
    calls = Math.max(1, Math.min(200, Math.ceil((SAMPLE_NS * calls) / ns)));
  }
  return samples;
}

async function callAll(handler: Handler, events: readonly unknown[]): Promise<number> {
  const start = process.hrtime.bigint();
  for (const event of events) await call(handler, event);
  return Number(process.hrtime.bigint() - start);
}

/** Bytes that a call allocates on the heap, garbage or not: many calls in a row, in which nothing was collected. */
async function heapOf(handler: Handler, work: Work): Promise<number> {
  const ns = p10(await sample(handler, work, isWarm));
  for (let calls = Math.max(1, Math.min(256, Math.ceil(HEAP_NS / ns))); ; calls = Math.ceil(calls / 4)) {
    const events = fresh(work, calls);
    globalThis.gc?.();
    const profiler = new GCProfiler();
    profiler.start();
    const before = process.memoryUsage().heapUsed;
    await callAll(handler, events);
    const after = process.memoryUsage().heapUsed;
    const { statistics } = profiler.stop();
    if (statistics.length === 0 || calls === 1) return (after - before) / calls;
  }
}

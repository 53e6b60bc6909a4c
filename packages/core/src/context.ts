import { timeoutError } from "./errors.ts";
import { createLogger, type Logger, type LogSink } from "./log.ts";
import type { Trace } from "./trace.ts";

/** What a handler knows about its invocation, the same on every provider. */
export interface Context {
  /** The adapter's name, as on the command line. */
  readonly provider: string;
  /** The function's name as the provider knows it. */
  readonly functionName: string;
  /** The provider's id of this invocation; a retry has another. */
  readonly invocationId: string;
  /** The id that the caller can quote: the gateway's request id for HTTP, otherwise the invocation's. */
  readonly requestId: string;
  /** Which try this is, from 1; undefined where the provider does not say. */
  readonly attempt: number | undefined;
  /** When the platform stops this invocation; undefined when there is no limit or none is known. */
  readonly deadline: Date | undefined;
  /** Milliseconds until {@link Context.deadline}, never below 0; Infinity without one. */
  remainingMs(): number;
  /** Aborts shortly before the deadline, and when the caller goes away where the platform tells. */
  readonly signal: AbortSignal;
  /** Structured log in the form that the provider's log service reads. */
  readonly log: Logger;
  /** The caller's W3C trace context. */
  readonly trace: Trace | undefined;
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Keeps the invocation open until the promise settles; a rejection is logged, not thrown. */
  waitUntil(work: PromiseLike<unknown>): void;
  /** The provider's own context object. */
  readonly raw: unknown;
}

/** What an adapter knows about an invocation. */
export interface ContextInit {
  readonly provider: string;
  readonly functionName: string;
  readonly invocationId: string;
  readonly requestId?: string | undefined;
  readonly attempt?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly deadline?: number | undefined;
  /** Reads the trace context; called when first asked for. */
  readonly trace?: (() => Trace | undefined) | undefined;
  readonly sink: LogSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts when the platform or the caller ends the invocation. */
  readonly signal?: AbortSignal | undefined;
  readonly raw: unknown;
}

const REQUEST_ID = /^[\w.~+/=:@-]{1,128}$/;

/** Whether an id that came with a request may be kept: what could break a log line or a header may not. */
export function isRequestId(value: unknown): value is string {
  return typeof value === "string" && REQUEST_ID.test(value);
}

/** The context that adapters make; {@link InvocationContext.finish} ends it. */
export interface InvocationContext extends Context {
  /** Milliseconds since the epoch at which unfinished work is given up, before the platform's deadline. */
  readonly giveUpAt: number | undefined;
  /** Releases timers and waits for all work given to {@link Context.waitUntil}. */
  finish(): Promise<void> | undefined;
}

/** Makes the context of one invocation. */
export function createContext(init: ContextInit): InvocationContext {
  return new LazyContext(init);
}

/** Time kept back before the deadline: a tenth of what there is, at least 20 ms and at most a second. */
function marginOf(remaining: number): number {
  return Math.min(1000, Math.max(20, remaining / 10));
}

/** Parts that most invocations never touch (signal, logger, trace) are made on first use. */
class LazyContext implements InvocationContext {
  readonly provider: string;
  readonly functionName: string;
  readonly invocationId: string;
  readonly requestId: string;
  readonly attempt: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly raw: unknown;
  readonly #init: ContextInit;
  readonly #abortAt: number | undefined;
  readonly giveUpAt: number | undefined;
  #controller: AbortController | undefined;
  #wait: Wait | undefined;
  #log: Logger | undefined;
  #trace: Trace | null | undefined;
  #background: PromiseLike<unknown>[] | undefined;

  constructor(init: ContextInit) {
    this.#init = init;
    this.provider = init.provider;
    this.functionName = init.functionName;
    this.invocationId = init.invocationId;
    this.requestId = init.requestId ?? init.invocationId;
    this.attempt = init.attempt;
    this.env = init.env;
    this.raw = init.raw;
    if (init.deadline !== undefined) {
      const margin = marginOf(init.deadline - Date.now());
      this.#abortAt = init.deadline - margin;
      this.giveUpAt = init.deadline - margin / 2;
    }
  }

  get deadline(): Date | undefined {
    return this.#init.deadline === undefined ? undefined : new Date(this.#init.deadline);
  }

  // Getters of functions and not methods, so that `(event, { remainingMs, waitUntil })` works.
  get remainingMs(): () => number {
    const { deadline = Number.POSITIVE_INFINITY } = this.#init;
    return () => Math.max(0, deadline - Date.now());
  }

  get signal(): AbortSignal {
    if (this.#controller !== undefined) return this.#controller.signal;
    const controller = new AbortController();
    this.#controller = controller;
    if (this.#abortAt !== undefined) {
      this.#wait = watch(this.#abortAt, () =>
        controller.abort(new DOMException("The deadline is near.", "TimeoutError")),
      );
    }
    const outer = this.#init.signal;
    if (outer?.aborted) controller.abort(outer.reason);
    else outer?.addEventListener("abort", () => controller.abort(outer.reason), { once: true });
    return controller.signal;
  }

  get log(): Logger {
    this.#log ??= createLogger(this.#init.sink, this);
    return this.#log;
  }

  get trace(): Trace | undefined {
    if (this.#trace === undefined) this.#trace = this.#init.trace?.() ?? null;
    return this.#trace ?? undefined;
  }

  get waitUntil(): (work: PromiseLike<unknown>) => void {
    return (work) => {
      // A thenable of a library may return nothing, or call back with a promise.
      const settled = Promise.resolve(work).then(undefined, (error: unknown) =>
        this.log.error("Background work failed.", { error }),
      );
      if (this.#background === undefined) this.#background = [settled];
      else this.#background.push(settled);
    };
  }

  finish(): Promise<void> | undefined {
    if (this.#background !== undefined) return this.#drain(this.#background);
    waits.delete(this.#wait);
    return undefined;
  }

  async #drain(background: PromiseLike<unknown>[]): Promise<void> {
    // By index, since work may add more work.
    for (let index = 0; index < background.length; index++) {
      if ((await beforeDeadline(background[index] as PromiseLike<unknown>, this)) !== LATE) continue;
      this.log.error("Background work ran past the deadline.");
      break;
    }
    waits.delete(this.#wait);
  }
}

/** The longest delay that timers take, about 24.8 days; a longer one would fire at once. */
export function clampDelay(milliseconds: number): number {
  return Math.min(Math.max(0, milliseconds), 0x7fffffff);
}

/** Stands in the place of what work would have given, had it been done in time. */
export const LATE: unique symbol = Symbol();

/** Work that is waited for, and the time in milliseconds since the epoch at which that ends. */
interface Wait {
  readonly until: number;
  readonly resolve: (late: typeof LATE) => void;
}

/**
 * One timer looks after all work in the process: one for each request would cost as much as all else that is done for
 * it. It looks at least once a second, so that it needs no touching when work is done, and rests when there is none.
 */
const waits = new Set<Wait | undefined>();
let timer: ReturnType<typeof setTimeout> | undefined;
let wakesAt = Number.POSITIVE_INFINITY;
let clock: typeof setTimeout | undefined;

/** What work gives, or {@link LATE} when the time to give up comes first. */
export function beforeDeadline<Result>(
  work: PromiseLike<Result>,
  { giveUpAt: until }: InvocationContext,
): PromiseLike<Result | typeof LATE> {
  if (until === undefined) return work;
  return new Promise((resolve, reject) => {
    const wait = watch(until, resolve);
    work.then(
      (result) => {
        waits.delete(wait);
        resolve(result);
      },
      (error: unknown) => {
        waits.delete(wait);
        reject(error);
      },
    );
  });
}

function watch(until: number, resolve: Wait["resolve"]): Wait {
  const wait = { until, resolve };
  waits.add(wait);
  // A clock of tests may have come or gone, and a timer of another clock never rings.
  if (until < wakesAt || clock !== setTimeout) wakeAt(until);
  return wait;
}

function wakeAt(time: number): void {
  const now = Date.now();
  wakesAt = Math.max(now, Math.min(time, now + 1000));
  clearTimeout(timer);
  clock = setTimeout;
  timer = clock(giveUp, wakesAt - now);
}

/** Ends the waits whose time has come, and sleeps until the next. */
function giveUp(): void {
  const now = Date.now();
  let next = Number.POSITIVE_INFINITY;
  wakesAt = next;
  for (const wait of waits as Set<Wait>) {
    if (wait.until > now) next = Math.min(next, wait.until);
    else {
      waits.delete(wait);
      wait.resolve(LATE);
    }
  }
  if (waits.size > 0) wakeAt(next);
}

/** What work gives. @throws AnyfnError `timeout` when the time to give up comes first. */
export async function inTime<Result>(work: PromiseLike<Result>, ctx: InvocationContext): Promise<Result> {
  const result = await beforeDeadline(work, ctx);
  if (result === LATE) throw timeoutError();
  return result;
}

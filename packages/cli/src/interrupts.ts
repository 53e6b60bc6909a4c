import { interruptedError } from "./command.ts";
import type { Terminal } from "./terminal.ts";

/** What Ctrl-C does to a command that talks to a provider. */
export interface Interrupts {
  /** Nothing more is to begin. */
  readonly stop: AbortSignal;
  /** What goes on is to end. */
  readonly end: AbortSignal;
  /** From now on the first Ctrl-C only stops what has not begun; the second ends all. */
  readonly beCareful: () => void;
  /** Settles as the promise does, or fails with the message as soon as all is to end. */
  readonly orEnd: <T>(promise: Promise<T>, message: string) => Promise<T>;
}

/** Listens to Ctrl-C, and to what build servers send when a job is cancelled. */
export function listenToInterrupts(terminal: Pick<Terminal, "note">): Interrupts {
  const stop = new AbortController();
  const end = new AbortController();
  let isCareful = false;
  const interrupt = (): void => {
    const isFirst = !stop.signal.aborted;
    stop.abort();
    if (!isCareful || !isFirst) end.abort();
    else terminal.note("Stopping when what has begun is done; Ctrl-C again ends at once.");
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, interrupt);
  return {
    stop: stop.signal,
    end: end.signal,
    beCareful: () => {
      isCareful = true;
    },
    orEnd: (promise, message) => Promise.race([promise, failAtEnd(end.signal, message)]),
  };
}

function failAtEnd(signal: AbortSignal, message: string): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(interruptedError(message));
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}

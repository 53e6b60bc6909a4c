import { type BatchOutcome, DeadLetter, HttpError, Retry, reply } from "@anyfn/core";
import { type Kind, useEvent } from "./use.ts";

/** What the handler does with a payload. */
export type Reaction = "done" | "throw" | "retry" | "dead-letter" | "every-other" | "echo";

export const REACTIONS: readonly Reaction[] = [
  "done",
  "done",
  "done",
  "throw",
  "retry",
  "dead-letter",
  "every-other",
  "echo",
];

/** An event as far as every trigger has it. */
interface AnyEvent {
  readonly raw: unknown;
}

/** Sees what the handler sees of one payload, and says whether it ran to its end. */
export interface Witness {
  readonly reaction: Reaction;
  /** Payloads of the events for which the handler ran to its end. */
  readonly finished: ReadonlySet<unknown>;
  readonly started: number;
  readonly done: number;
  /** What was wrong with what the handler got. */
  readonly problems: readonly string[];
  /** Starts anew for the next payload. */
  begin(reaction: Reaction): void;
  /** A handler for one event of a kind. */
  handle(kind: Kind): (event: never) => Promise<unknown>;
  /** A handler for a list of them. */
  handleBatch(kind: Kind): (events: never) => Promise<BatchOutcome[]>;
}

/** The error of a handler's own, which comes out as it went in. */
export class HandlerError extends Error {}

export function createWitness(): Witness {
  const state = { reaction: "done" as Reaction, started: 0, done: 0 };
  const finished = new Set<unknown>();
  const problems: string[] = [];
  const see = async (kind: Kind, event: AnyEvent): Promise<Error | undefined> => {
    state.started++;
    await useEvent(kind, event, problems).catch((error: unknown) => {
      problems.push(`the event cannot be used: ${String(error)}`);
    });
    const failure = failureOf(state.reaction, kind, state.started);
    if (failure !== undefined) return failure;
    state.done++;
    finished.add(event.raw);
    return undefined;
  };
  return {
    get reaction() {
      return state.reaction;
    },
    get started() {
      return state.started;
    },
    get done() {
      return state.done;
    },
    finished,
    problems,
    begin: (reaction) => {
      Object.assign(state, { reaction, started: 0, done: 0 });
      finished.clear();
      problems.length = 0;
    },
    handle: (kind) => async (event: AnyEvent) => {
      const failure = await see(kind, event);
      if (failure !== undefined) throw failure;
      return answerOf(state.reaction, kind, event);
    },
    handleBatch: (kind) => async (events: readonly AnyEvent[]) => {
      const outcomes: BatchOutcome[] = [];
      for (const event of events) outcomes.push(await see(kind, event));
      if (state.reaction === "throw") throw new HandlerError("The handler failed.");
      return outcomes;
    },
  };
}

function failureOf(reaction: Reaction, kind: Kind, turn: number): Error | undefined {
  switch (reaction) {
    case "throw":
      return new HandlerError("The handler failed.");
    case "retry":
      return new Retry("later", { after: 7 });
    case "dead-letter":
      return kind === "http" ? new HttpError(422, "Not like that.") : new DeadLetter("never");
    case "every-other":
      return turn % 2 === 0 ? new HandlerError("The handler failed.") : undefined;
    default:
      return undefined;
  }
}

/** What a careless handler does: it sends back what it got, in every place of an answer. */
function answerOf(reaction: Reaction, kind: Kind, event: AnyEvent): unknown {
  if (kind === "direct") return { ok: true };
  if (kind !== "http") return undefined;
  if (reaction !== "echo") return { ok: true };
  const { headers, query, path } = event as unknown as {
    readonly headers: Readonly<Record<string, string>>;
    readonly query: URLSearchParams;
    readonly path: string;
  };
  const asked = query instanceof URLSearchParams ? query.get("q") : undefined;
  const given = headers["x-echo"] ?? asked ?? path;
  return reply(given, {
    headers: { "x-echo": given, location: path },
    cookies: [{ name: "echo", value: given, path: "/" }],
  });
}

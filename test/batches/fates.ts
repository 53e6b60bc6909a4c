import { DeadLetter, Retry } from "@anyfn/core";
import { expect } from "vitest";
import type { Source } from "./source.ts";

/** What is to become of a message, and how its handler brings that about. */
export interface FateSpec {
  readonly verdict: "done" | "retry" | "dead-letter";
  /** What a handler of one message does; absent where it never sees the message. */
  readonly act?: () => unknown;
  /** What a handler of a whole batch gives for the message. */
  readonly outcome?: () => unknown;
  /** Seconds that the failure asks for. */
  readonly after?: number;
  /** What the failure's error must have. */
  readonly error?: object;
}

const no = { message: "no" };

/** Calls back with a promise, which a promise would wait for. */
const thenable = (settled: () => Promise<unknown>): object =>
  new Proxy(
    {},
    {
      get: (_, name) =>
        name === "then" ? (resolve: (value: unknown) => void) => resolve(settled()) : undefined,
    },
  );

/** Every way in which a message ends. */
export const FATES = {
  done: { verdict: "done", act: () => {}, outcome: () => undefined },
  "done with null": { verdict: "done", act: async () => null, outcome: () => null },
  "done with what looks like a failure": {
    verdict: "done",
    act: () => ({ batchItemFailures: [{}], error: no }),
  },
  "done by a thenable": { verdict: "done", act: () => thenable(async () => "done") },
  throws: { verdict: "retry", act: () => fail(new Error("no")), outcome: () => new Error("no"), error: no },
  rejects: { verdict: "retry", act: () => Promise.resolve().then(() => fail(new Error("no"))), error: no },
  "rejects through a thenable": {
    verdict: "retry",
    act: () => thenable(async () => fail(new Error("no"))),
    error: no,
  },
  "returns an error": { verdict: "retry", act: () => new Error("no"), error: no },
  "throws text": { verdict: "retry", act: () => fail("no"), error: no },
  "throws nothing": {
    verdict: "retry",
    act: () => fail(undefined),
    error: { message: expect.stringContaining("undefined was thrown") },
  },
  "throws Retry": {
    verdict: "retry",
    act: () => fail(new Retry("later")),
    outcome: () => new Retry("later"),
    error: { code: "retry", message: "later" },
  },
  "throws Retry with a delay": {
    verdict: "retry",
    after: 7,
    act: () => fail(new Retry("later", { after: 7 })),
    outcome: () => new Retry("later", { after: 7 }),
    error: { code: "retry", message: "later" },
  },
  "throws DeadLetter": {
    verdict: "dead-letter",
    act: () => fail(new DeadLetter("never")),
    outcome: () => new DeadLetter("never"),
    error: { code: "dead-letter", message: "never" },
  },
  /** Refused by the schema. */
  "is invalid": { verdict: "dead-letter", error: { code: "invalid-message" } },
  /** Not what the source documents. */
  "cannot be decoded": {
    verdict: "retry",
    error: { code: expect.stringMatching(/^(?:invalid|unknown)-payload$/) },
  },
  /** A batch handler's result is no list of outcomes. */
  "gets a senseless answer": { verdict: "retry", error: { code: "invalid-answer" } },
  /** Still running, or not even started, when there is no more time. */
  "is cut off": { verdict: "retry", error: { code: "timeout" } },
} as const satisfies Readonly<Record<string, FateSpec>>;

export type Fate = keyof typeof FATES;

const names = Object.keys(FATES) as Fate[];

/** The ways to end well. */
export const ENDS: readonly Fate[] = names.filter((fate) => specOf(fate).verdict === "done");

/** The ways to fail that messages of a source have, be they handled one at a time or as a whole batch. */
export function failuresOn({ kind, undecodable }: Source, batch = false): Fate[] {
  return names.filter((fate) => {
    if (fate === "is invalid") return kind !== "storage";
    if (fate === "cannot be decoded") return undecodable !== undefined;
    const { verdict, act, outcome } = specOf(fate);
    return verdict !== "done" && (batch ? outcome : act) !== undefined;
  });
}

/** The specification of a fate. */
export function specOf(fate: Fate): FateSpec {
  return FATES[fate];
}

function fail(thrown: unknown): never {
  throw thrown;
}

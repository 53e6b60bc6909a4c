import { AnyfnError, type ErrorCode } from "@anyfn/core";
import type { FunctionName } from "./functions.ts";
import { type Mutation, mutate, SECRET } from "./mutate.ts";
import { closeTree, isSame } from "./tree.ts";
import { HandlerError, type Reaction, type Witness } from "./witness.ts";

/** A payload to start from, and the function that gets it. */
export interface Seed {
  readonly name: string;
  readonly fn: FunctionName;
  /** Which of a function's sources sends it, where a target tells them apart. */
  readonly source?: string;
  /** The payload with its inner texts open; see `openTree`. */
  readonly tree: unknown;
}

/** One adapter under test. */
export interface Target {
  readonly name: string;
  /** In groups that are drawn equally often. */
  readonly seeds: readonly (readonly Seed[])[];
  readonly witness: Witness;
  /** Hands a payload to the adapter's public entry, and says what is wrong with what comes out. */
  deliver(seed: Seed, payload: unknown): Promise<readonly string[]>;
  close?(): Promise<void>;
}

/** One payload: a seed by number, and what is changed in it. */
export interface Case {
  readonly seed: number;
  readonly mutations: readonly Mutation[];
  readonly reaction: Reaction;
}

/** What is too long for any payload, in time of the processor: the machine may do other things as well. */
const LIMIT_MS = 2000;
/** Stands in the environment, and must stand in no answer. */
const ENVIRONMENT = "fuzz-environment-7f3a";
const CODES: readonly ErrorCode[] = [
  "unknown-payload",
  "invalid-payload",
  "invalid-message",
  "invalid-output",
  "invalid-answer",
  "unsupported",
  "timeout",
  "http",
  "retry",
  "dead-letter",
];
const PROTOTYPES = [Object, Array, Function, String, Promise, Map].map((type) => type.prototype as object);
const countMembers = (): number => PROTOTYPES.reduce((sum, each) => sum + Reflect.ownKeys(each).length, 0);

/** The seed and the payload of a case. */
export function payloadOf({ seeds }: Target, { seed, mutations }: Case): { seed: Seed; payload: unknown } {
  const group = seeds[seed % seeds.length] ?? [];
  const chosen = group[(seed >> 6) % group.length] as Seed;
  return { seed: chosen, payload: closeTree(mutate(chosen.tree, mutations)) };
}

/** Watches what no delivery may do. */
export interface Watch {
  /** What is wrong with one case. */
  run(target: Target, one: Case): Promise<string[]>;
  stop(): void;
}

/** Starts to watch the log, the prototypes and rejections. */
export function startWatch(): Watch {
  const lines: string[] = [];
  const rejections: unknown[] = [];
  const write = process.stdout.write;
  const members = countMembers();
  const onRejection = (reason: unknown): void => void rejections.push(reason);
  process.env.ANYFN_FUZZ_SECRET = ENVIRONMENT;
  process.on("unhandledRejection", onRejection);

  const once = async (target: Target, one: Case): Promise<{ problems: string[]; ms: number }> => {
    const { seed, payload } = payloadOf(target, one);
    lines.length = 0;
    rejections.length = 0;
    target.witness.begin(one.reaction);
    process.stdout.write = (line: unknown) => lines.push(String(line)) > 0;
    const started = process.cpuUsage();
    const problems = await within(target.deliver(seed, payload)).finally(() => {
      process.stdout.write = write;
    });
    const { user, system } = process.cpuUsage(started);
    const ms = (user + system) / 1000;
    await new Promise(setImmediate);
    problems.push(...target.witness.problems, ...lines.flatMap(checkLine));
    for (const reason of rejections) problems.push(`a rejection was not handled: ${String(reason)}`);
    if (countMembers() !== members) problems.push("a prototype was polluted");
    if (!isSame(payload, payloadOf(target, one).payload)) problems.push("the input was changed");
    return { problems, ms };
  };
  return {
    run: async (target, one) => {
      const { problems, ms } = await once(target, one);
      // The garbage of others may have been collected: what is slow is slow again.
      if (ms > LIMIT_MS && (await once(target, one)).ms > LIMIT_MS)
        problems.push(`it took ${Math.round(ms)} ms`);
      return problems;
    },
    stop: () => {
      delete process.env.ANYFN_FUZZ_SECRET;
      process.off("unhandledRejection", onRejection);
    },
  };
}

async function within(work: Promise<readonly string[]>): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(() => resolve(["there was no answer"]), 5 * LIMIT_MS);
  });
  try {
    return [...(await Promise.race([work, late]))];
  } catch (error) {
    return [`it threw ${String(error).slice(0, 200)}`];
  } finally {
    clearTimeout(timer);
  }
}

/** A line of a log is one line of JSON and has no credential in it. */
function checkLine(line: string): string[] {
  const problems = checkText("a log line", line, { stacks: true });
  if (!/^[^\n]*\n$/.test(line)) problems.push("a log entry is not one line");
  try {
    JSON.parse(line);
  } catch {
    problems.push("a log entry is not JSON");
  }
  return problems;
}

/** Whether a text gives away what nobody may read: a credential, the environment, or how the server looks inside. */
export function checkText(what: string, text: string, { stacks = false } = {}): string[] {
  const problems: string[] = [];
  if (text.includes(SECRET)) problems.push(`${what} has a credential in it: ${around(text, SECRET)}`);
  if (text.includes(ENVIRONMENT)) problems.push(`${what} has the environment in it`);
  if (!stacks && (/\n\s+at .*:\d+/.test(text) || text.includes(process.cwd())))
    problems.push(`${what} has a stack or path in it`);
  return problems;
}

function around(text: string, found: string): string {
  const at = text.indexOf(found);
  return JSON.stringify(text.slice(Math.max(0, at - 60), at + 20));
}

/** What an adapter throws is the handler's own error, or one of ours that quotes no value. */
export function checkError(error: unknown): string[] {
  if (error instanceof HandlerError) return [];
  if (!(error instanceof AnyfnError)) return [`it threw ${String(error).slice(0, 200)}`];
  const problems = checkText("an error", error.message);
  if (!CODES.includes(error.code)) problems.push(`it threw the code ${error.code}`);
  return problems;
}

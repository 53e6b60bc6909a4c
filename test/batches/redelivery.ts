import { expect } from "vitest";
import { type Fate, specOf } from "./fates.ts";
import { openLab } from "./lab.ts";
import type { Sent, Source } from "./source.ts";

/** A message and how its handler fails before it succeeds; one that never does goes to the dead letters at last. */
export interface Flaky {
  readonly group: string;
  readonly failures: readonly Fate[];
  readonly isPoison?: boolean;
}

/** What a simulation draws: which messages a poll takes, as numbers that it reduces to what there is. */
export interface Polls {
  readonly sizes: readonly number[];
  readonly groups: readonly number[];
}

/** What came of the messages of a source. */
export interface History {
  /** Keys in the order of their successes, again for each further one. */
  readonly successes: readonly string[];
  readonly dead: readonly string[];
}

/** How the messages are handled. */
export interface DrainOptions {
  /** As whole batches; one after the other by default. */
  readonly batch?: boolean;
  /** Lets the time of an invocation run out. */
  readonly expire?: () => void;
}

/** After so many deliveries a source that counts them gives up. */
const MOST_DELIVERIES = 6;

/** Whether a source can be told of single messages, so that those that are done never come again. */
export function isPrecise({ adapter, name, size }: Source): boolean {
  return size === 1 || (adapter === "aws" && !/^(?:SNS|S3|DocumentDB|SQS without .*)$/.test(name));
}

/** Whether the host delivers the very same batch until all of it is done. */
function repeatsBatches({ adapter, kind, name }: Source): boolean {
  return (adapter === "azure" && (kind === "stream" || kind === "changes")) || name === "DocumentDB";
}

/** Delivers messages as their source does, again and again until it is empty. */
export async function drain(
  source: Source,
  flaky: readonly Flaky[],
  polls: Polls,
  { batch = false, expire = () => {} }: DrainOptions,
): Promise<History> {
  const all = flaky.map(({ group }, index): Sent => ({ key: `m${index}`, group, fate: "done" }));
  const [tries, deliveries] = [new Map<string, number>(), new Map<string, number>()];
  const successes: string[] = [];
  const dead: string[] = [];
  const handle = (key: string): unknown => {
    const { failures = [], isPoison } = flaky[Number(key.slice(1))] ?? {};
    const tried = tries.get(key) ?? 0;
    tries.set(key, tried + 1);
    const fate = isPoison ? "throws DeadLetter" : (failures[tried] ?? "done");
    if (fate === "done") successes.push(key);
    if (batch) return specOf(fate).outcome?.();
    if (fate !== "is cut off") return specOf(fate).act?.();
    // Once everything else that can go on has done so.
    setImmediate(expire);
    return new Promise(() => {});
  };
  const lab = await openLab(source, (keys) => (batch ? keys.map(handle) : handle(keys[0] ?? "")), { batch });

  let pending: readonly Sent[] = all;
  let polled: readonly Sent[] = [];
  for (let round = 0; pending.length > 0; round++) {
    expect(round, "rounds until the source is empty").toBeLessThan(500);
    if (polled.length === 0 || !repeatsBatches(source)) polled = poll(source, pending, polls, round);
    for (const { key } of polled) deliveries.set(key, (deliveries.get(key) ?? 0) + 1);
    const counted = polled.map((message) => ({ ...message, count: deliveries.get(message.key) ?? 1 }));
    const kept = new Set(source.kept(await lab.deliver(counted), counted).map(({ key }) => key));
    for (const key of kept) {
      const isPoison = flaky[Number(key.slice(1))]?.isPoison === true;
      if (!isPoison || (deliveries.get(key) ?? 0) < MOST_DELIVERIES) continue;
      kept.delete(key);
      dead.push(key);
    }
    const gone = new Set(polled.filter(({ key }) => !kept.has(key)));
    pending = pending.filter((message) => !gone.has(message));
    polled = polled.filter((message) => !gone.has(message));
  }
  return { successes, dead };
}

/** Any messages of an unordered source; of an ordered one, the oldest of some groups. */
function poll(source: Source, pending: readonly Sent[], polls: Polls, round: number): readonly Sent[] {
  const drawn = (list: readonly number[]): number => list[round % list.length] ?? 1;
  const most = Math.min(source.size, 1 + (drawn(polls.sizes) % 10));
  if (source.ordering === "partition") return pending.slice(0, most);
  if (source.ordering === "none") {
    const start = drawn(polls.groups) % pending.length;
    return [...pending.slice(start), ...pending.slice(0, start)].slice(0, most);
  }
  const groups = [...new Set(pending.map(({ group }) => group))];
  const chosen = groups.filter((_, index) => (drawn(polls.groups) >> index) & 1);
  return pending.filter(({ group }) => chosen.length === 0 || chosen.includes(group)).slice(0, most);
}

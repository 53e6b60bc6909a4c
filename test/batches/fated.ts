import { expect } from "vitest";
import { type Fate, specOf } from "./fates.ts";
import { type LabOptions, openLab } from "./lab.ts";
import { specify } from "./oracle.ts";
import type { Sent, Source } from "./source.ts";

/** Delivers messages to a handler that brings their fates about, and expects the one right answer. */
export type Check = (messages: readonly Sent[]) => Promise<void>;

/** Puts a function on a source whose handler does what each message's fate says. */
export async function openFated(source: Source, options: LabOptions = {}): Promise<Check> {
  const fates = new Map<string, Fate>();
  const { seen, deliver } = await openLab(
    source,
    (keys) => {
      const specs = keys.map((key) => specOf(fates.get(key) ?? "done"));
      return options.batch ? specs.map(({ outcome }) => outcome?.()) : specs[0]?.act?.();
    },
    options,
  );
  return async (messages) => {
    for (const { key, fate } of messages) fates.set(key, fate);
    const answer = await deliver(messages);
    const right = specify(messages, source, options.batch);
    const about = JSON.stringify(messages);
    expect(answer, about).toEqual(source.expected(right.states, messages));
    expect(inGroups(seen, messages, source), about).toEqual(inGroups(right.seen, messages, source));
  };
}

/** What is not ordered is sorted, so that only the order within a group counts. */
function inGroups(keys: readonly string[], messages: readonly Sent[], { ordering }: Source): object {
  if (ordering === "partition") return keys;
  if (ordering === "none") return [...keys].sort();
  const groups = new Map(messages.map(({ key, group }) => [key, group]));
  return Object.groupBy(keys, (key) => groups.get(key) ?? "");
}

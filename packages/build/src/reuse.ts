import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";

/** What was made earlier, while what it was made of has not changed. */
export interface Reuse<Value> {
  /** Gives what stands under a name, if it was made for the same key and of the same files. */
  find(name: string, key: string): Value | undefined;
  /** @param inputs - Absolute paths of all files that had a part in it. */
  keep(name: string, key: string, value: Value, inputs: readonly string[]): void;
  /** Begins another round: files are looked at again. */
  refresh(): void;
  /** Forgets everything. */
  clear(): void;
  /** The files of all that is kept. */
  inputs(): ReadonlySet<string>;
}

interface Kept<Value> {
  readonly key: string;
  readonly value: Value;
  readonly stamps: ReadonlyMap<string, string>;
}

/** Makes an empty memory. */
export function createReuse<Value>(): Reuse<Value> {
  const kept = new Map<string, Kept<Value>>();
  const stamps = new Map<string, string>();
  let started = Date.now();
  const stampOf = (file: string): string => {
    const stamp = stamps.get(file) ?? readStamp(file, started);
    stamps.set(file, stamp);
    return stamp;
  };
  return {
    find(name, key) {
      const found = kept.get(name);
      if (found?.key !== key) return undefined;
      return [...found.stamps].every(([file, stamp]) => stampOf(file) === stamp) ? found.value : undefined;
    },
    keep(name, key, value, inputs) {
      kept.set(name, { key, value, stamps: new Map(inputs.map((file) => [file, stampOf(file)])) });
    },
    refresh() {
      stamps.clear();
      started = Date.now();
    },
    clear: () => kept.clear(),
    inputs: () => new Set([...kept.values()].flatMap((item) => [...item.stamps.keys()])),
  };
}

/** Milliseconds by which the times of files may be behind. */
const CLOCK = 20;

/** Changes whenever a file is written. What is written while it is read is of no known state, and never the same again. */
function readStamp(file: string, started: number): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  if (stat !== undefined && Number(stat.mtimeMs) > started - CLOCK) return randomUUID();
  return stat === undefined ? "" : `${stat.mtimeNs} ${stat.size} ${stat.ino}`;
}

import type { Figures } from "../measure/rounds.ts";

/** What the command was told. */
export interface Options {
  readonly quick: boolean;
  readonly rounds: number;
  /** Milliseconds of samples a round and peer. */
  readonly ms: number;
}

/** One peer's figures for one work, in the suite's unit. */
export interface Row extends Partial<Figures> {
  readonly peer: string;
  /** Why it was not timed: its answer was not the right one. */
  readonly wrong?: string;
  /** How many units there were, where growth is of interest. */
  readonly size?: number;
  /** Bytes of heap a call. */
  readonly heap?: number;
  /** Further figures of the suite, by the name of their column. */
  readonly also?: Readonly<Record<string, number | string>>;
}

/** Works that are measured in the same way. */
export interface Suite {
  readonly name: string;
  readonly title: string;
  readonly unit: "ns" | "us" | "ms";
  readonly works: ReadonlyArray<{ readonly id: string; readonly title: string }>;
  /** Runs once, before the first of its works. */
  prepare?(options: Options): Promise<void>;
  run(given: {
    readonly work: string;
    readonly options: Options;
    readonly progress: (doing: string) => void;
  }): Promise<Row[]>;
}

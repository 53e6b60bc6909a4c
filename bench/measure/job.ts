/** What a worker is told to do. */
export interface Job {
  readonly mode: "heap" | "time";
  readonly peer: string;
  readonly work: string;
  /** How long to take samples. */
  readonly ms: number;
}

/** What a worker answers. */
export interface Report {
  /** The peer has no way to do this. */
  readonly absent?: boolean;
  /** What is wrong with the peer's answer. */
  readonly wrong?: string;
  /** Nanoseconds a call, by sample. */
  readonly samples?: readonly number[];
  /** Bytes a call. */
  readonly heap?: number;
}

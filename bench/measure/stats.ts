/** The value below which this part of the values lies, between the nearest two. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** The 10th percentile: what the work costs when nothing else disturbs it. */
export const p10 = (values: readonly number[]): number => quantile(values, 0.1);

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Ratios of the same rounds, paired: their median and how far they lie apart. */
export interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Each round's figure by the floor's of the same round. */
export function pairedRatio(own: readonly number[], floor: readonly number[]): Ratio {
  const ratios = own.map((value, round) => value / (floor[round] ?? Number.NaN));
  return { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) };
}

import { median, p10, pairedRatio, type Ratio } from "./stats.ts";

/** What is reported of one peer. */
export interface Figures {
  /** The 10th percentile of all samples of all rounds. */
  readonly p10: number;
  readonly median: number;
  /** More than the floor's 10th percentile. */
  readonly over: number;
  /** Each round's 10th percentile by the floor's of the same round. */
  readonly ratio: Ratio;
}

/**
 * Takes samples of every peer in every round, each time in another order, so that what disturbs the machine for a while
 * disturbs all of them. The first peer is the floor.
 */
export async function rounds(
  peers: readonly string[],
  count: number,
  take: (peer: string, round: number) => Promise<readonly number[]>,
): Promise<Map<string, Figures>> {
  const taken = new Map<string, (readonly number[])[]>(peers.map((peer) => [peer, []]));
  for (let round = 0; round < count; round++) {
    const turn = round % peers.length;
    for (const peer of [...peers.slice(turn), ...peers.slice(0, turn)]) {
      taken.get(peer)?.push(await take(peer, round));
    }
  }
  const floor = taken.get(peers[0] ?? "") ?? [];
  return new Map([...taken].map(([peer, own]) => [peer, figuresOf(own, floor)]));
}

/** Figures of rounds of samples beside those of the floor. */
export function figuresOf(
  own: readonly (readonly number[])[],
  floor: readonly (readonly number[])[],
): Figures {
  const all = own.flat();
  return {
    p10: p10(all),
    median: median(all),
    over: p10(all) - p10(floor.flat()),
    ratio: pairedRatio(own.map(p10), floor.map(p10)),
  };
}

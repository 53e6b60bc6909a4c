import { join } from "node:path";
import { works } from "../cases/works.ts";
import type { Job, Report } from "../measure/job.ts";
import { ask } from "../measure/process.ts";
import { rounds } from "../measure/rounds.ts";
import { bench, nitroBuild } from "../measure/tools.ts";
import type { Suite } from "./suite.ts";

const worker = new URL("../measure/worker.ts", import.meta.url);
// Room for all that a series of calls allocates, so that nothing is collected meanwhile.
const heapFlags = ["--expose-gc", "--min-semi-space-size=128", "--max-semi-space-size=128"];

/** The first is the floor of the others. */
const peers = {
  aws: [
    ...["floor", "anyfn", "anyfn-fetch", "middy", "hono", "serverless-http", "codegenie", "h4ad"],
    ...["powertools", "powertools-schema", "nitro"],
  ],
  azure: ["floor", "anyfn", "hono", "rpc"],
} as const;

/** Calls of one function in one process, without a network: what stands between the event and the handler. */
export const suite: Suite = {
  name: "calls",
  title: "One call, in microseconds",
  unit: "ns",
  works: works.map(({ id, title }) => ({ id, title })),
  prepare: async () => void (await nitroBuild(join(bench, "peers/nitro"), "aws-lambda")),
  async run({ work, options, progress }) {
    const { platform } = works.find(({ id }) => id === work) ?? { platform: "aws" };
    const checked = new Map<string, Report>();
    for (const peer of peers[platform]) {
      progress(`checks ${peer}`);
      const job: Job = { mode: "heap", peer, work, ms: 0 };
      checked.set(peer, await ask<Report>(worker, { args: [JSON.stringify(job)], flags: heapFlags }));
    }
    const present = [...checked].filter(([, { absent }]) => !absent);
    const right = present.filter(([, { wrong }]) => wrong === undefined).map(([peer]) => peer);
    const rows = await rounds(right, options.rounds, async (peer, round) => {
      progress(`${peer}, round ${round + 1} of ${options.rounds}`);
      const job: Job = { mode: "time", peer, work, ms: options.ms };
      const { samples = [] } = await ask<Report>(worker, { args: [JSON.stringify(job)] });
      return samples;
    });
    return present.map(([peer, { wrong, heap }]) => ({
      peer,
      ...(wrong !== undefined ? { wrong } : { ...rows.get(peer), heap: Math.round(heap ?? 0) }),
    }));
  },
};

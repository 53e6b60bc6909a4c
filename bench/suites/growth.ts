import type { Job, Report } from "../measure/job.ts";
import { ask } from "../measure/process.ts";
import { type Figures, rounds } from "../measure/rounds.ts";
import { bundleServers, type Exchange } from "../measure/server.ts";
import { timeBuilds } from "./builds.ts";
import { loadAll } from "./servers.ts";
import type { Options, Row, Suite } from "./suite.ts";

const worker = new URL("../measure/worker.ts", import.meta.url);
const KB = 1024;

type Progress = (doing: string) => void;

interface Growth {
  readonly id: string;
  readonly title: string;
  /** Of what there are more and more. */
  readonly unit: string;
  readonly sizes: readonly number[];
  measure(size: number, options: Options, progress: Progress): Promise<Row[]>;
}

const bodies = [KB, 16 * KB, 128 * KB, KB * KB, 6 * KB * KB];
// As base64 the answer of more would be larger than Lambda lets through.
const bytes = [KB, 16 * KB, 128 * KB, KB * KB, 4 * KB * KB];
const growths: readonly Growth[] = [
  { id: "grow-body", title: "POST of JSON by size, µs", unit: "KB", sizes: bodies, measure: calls("post") },
  {
    id: "grow-bytes",
    title: "POST of bytes by size, µs",
    unit: "KB",
    sizes: bytes,
    measure: calls("binary"),
  },
  {
    ...{ id: "grow-batch", title: "SQS batch by size, µs", unit: "message" },
    ...{ sizes: [1, 10, 100, 1000, 10_000], measure: calls("sqs") },
  },
  {
    ...{ id: "grow-routes", title: "Node server by routes, GET of the last, µs of CPU", unit: "route" },
    ...{ sizes: [1, 10, 100, 1000], measure: routes },
  },
  {
    ...{ id: "grow-functions", title: "Build for AWS by functions, ms", unit: "function" },
    ...{ sizes: [1, 10, 50, 100, 500], measure: functions },
  },
];
const servers = ["routes-anyfn", "routes-hono", "routes-fastify"];

/** How cost grows with size, each size beside the floor. */
export const suite: Suite = {
  name: "growth",
  title: "How cost grows",
  unit: "us",
  works: growths,
  prepare: () => bundleServers(servers),
  async run({ work, options, progress }) {
    const { sizes, unit, measure } = growths.find(({ id }) => id === work) as Growth;
    const rows: Row[] = [];
    for (const size of sizes) {
      for (const row of await measure(size, options, (doing) => progress(`${size}: ${doing}`))) {
        rows.push(withGrowth(row, unit === "KB" ? size / KB : size, unit, rows));
      }
    }
    return rows;
  },
};

/** Adds the cost of one unit, and of each unit more than in the row before. */
function withGrowth(row: Row, size: number, unit: string, rows: readonly Row[]): Row {
  if (row.p10 === undefined) return { ...row, size };
  const before = rows.findLast(({ peer, p10 }) => peer === row.peer && p10 !== undefined);
  const more = before && (row.p10 - (before.p10 ?? 0)) / (size - (before.size ?? 0));
  const also = {
    [`per ${unit}`]: row.p10 / size,
    ...(more !== undefined && { [`each ${unit} more`]: more }),
  };
  return { ...row, size, also };
}

function calls(kind: string): Growth["measure"] {
  return async (size, { rounds: count, ms }, progress) => {
    const figures = await rounds(["floor", "anyfn"], count, async (peer) => {
      progress(peer);
      const job: Job = { mode: "time", peer, work: `${kind}-${size}`, ms };
      const { samples, wrong } = await ask<Report>(worker, { args: [JSON.stringify(job)] });
      if (samples === undefined) throw new Error(`${peer} with ${job.work}: ${wrong}`);
      return samples.map((ns) => ns / 1000);
    });
    return [...figures].map(([peer, row]: [string, Figures]) => ({ peer, ...row }));
  };
}

function routes(count: number, options: Options, progress: Progress): Promise<Row[]> {
  const index = count - 1;
  const wanted = JSON.stringify({ index, id: "4711" });
  const exchange: Exchange = {
    method: "GET",
    path: `/api/things${index}/4711`,
    headers: { accept: "application/json" },
    check: (_, text) => {
      if (text !== wanted) throw new Error(`${text.slice(0, 80)} for ${wanted}`);
    },
  };
  return loadAll(servers, exchange, options, { BENCH_ROUTES: String(count) }, progress);
}

function functions(count: number, { rounds: times }: Options, progress: Progress): Promise<Row[]> {
  return timeBuilds(["esbuild + zip", "anyfn aws"], count, times, progress);
}

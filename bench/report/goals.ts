import { findRow, type Results } from "./results.ts";
import { align, number } from "./table.ts";

/** A figure that anyfn is to reach. */
interface Goal {
  readonly what: string;
  /** The largest value that is good. */
  readonly most: number;
  readonly unit: string;
  /** Undefined where it was not measured. */
  reached(results: Results): number | undefined;
}

const over = (work: string) => (results: Results) => scaled(findRow(results, work, "anyfn")?.over, 1 / 1000);
const ratio = (work: string, peer: string) => (results: Results) =>
  findRow(results, work, peer)?.ratio?.median;
const heap = (work: string) => (results: Results) => {
  const [own, floor] = ["anyfn", "floor"].map((peer) => findRow(results, work, peer)?.heap);
  return own === undefined || floor === undefined ? undefined : (own - floor) / 1024;
};

/** Machines differ; what a peer costs on the same one does not depend on which it is. */
const byHono = (work: string) => (results: Results) => {
  const [own, hono] = ["anyfn", "hono"].map((peer) => findRow(results, work, peer)?.over);
  return own === undefined || hono === undefined ? undefined : own / hono;
};

const GOALS: readonly Goal[] = [
  ...["v2", "v1", "alb"].flatMap((front): Goal[] => [
    { what: `${front} GET over hand-written`, most: 3, unit: "us", reached: over(`${front}-get`) },
    { what: `${front} GET heap over hand-written`, most: 5, unit: "KB", reached: heap(`${front}-get`) },
  ]),
  ...["v2", "v1", "alb"].map(
    (front): Goal => ({
      what: `${front} GET over hand-written, by Hono's`,
      most: 0.15,
      unit: "x",
      reached: byHono(`${front}-get`),
    }),
  ),
  { what: "POST of 1 KB over hand-written", most: 2, unit: "us", reached: over("post-1k") },
  { what: "POST of 64 KB over hand-written", most: 15, unit: "us", reached: over("post-64k") },
  { what: "POST of 1 MB by hand-written", most: 1.02, unit: "x", reached: ratio("post-1m", "anyfn") },
  { what: "64 KB of bytes over hand-written", most: 10, unit: "us", reached: over("binary-64k") },
  ...["sqs-10", "sqs-10-bad", "sqs-1000", "sqs-1000-bad"].map(
    (work): Goal => ({
      what: `${work} by hand-written`,
      most: 1.25,
      unit: "x",
      reached: ratio(work, "anyfn"),
    }),
  ),
  { what: "GET over @azure/functions", most: 5, unit: "us", reached: over("azure-get") },
  { what: "Node server GET by node:http", most: 1.2, unit: "x", reached: ratio("node-get", "anyfn") },
  { what: "Node server POST by node:http", most: 1.2, unit: "x", reached: ratio("node-post-1k", "anyfn") },
  {
    ...{ what: "cold start over hand-written", most: 3, unit: "ms" },
    reached: (results) => findRow(results, "cold", "anyfn")?.over,
  },
  {
    ...{ what: "undici loaded at start", most: 0, unit: "times" },
    reached: (results) => {
      const undici = findRow(results, "cold", "anyfn")?.also?.undici;
      return undici === undefined ? undefined : Number(undici !== "no");
    },
  },
  {
    ...{ what: "hello-world bundle, gzip", most: 8, unit: "KB" },
    reached: (results) => also(results, "cold", "anyfn", "gzip KB"),
  },
  {
    ...{ what: "peak RSS over hand-written", most: 2, unit: "MB" },
    reached: (results) => {
      const [own, floor] = ["anyfn", "floor"].map((peer) => also(results, "cold", peer, "peak RSS MB"));
      return own === undefined || floor === undefined ? undefined : own - floor;
    },
  },
  {
    ...{ what: "50 functions for AWS beyond Node's start", most: 300, unit: "ms" },
    reached: (results) => {
      const [own, node] = ["anyfn aws", "node"].map((peer) => findRow(results, "build-50", peer)?.p10);
      return own === undefined || node === undefined ? undefined : own - node;
    },
  },
];

/** The goals whose work was measured, each beside what was reached. */
export function goalsTable(results: Results): string {
  const lines = GOALS.flatMap(({ what, most, unit, reached }) => {
    const value = reached(results);
    if (value === undefined || Number.isNaN(value)) return [];
    return [[what, `${most} ${unit}`, `${number(value)} ${unit}`, value <= most ? "met" : "MISSED"]];
  });
  if (lines.length === 0) return "";
  return align([["goal", "at most", "reached", ""], ...lines]).join("\n");
}

function also(results: Results, work: string, peer: string, name: string): number | undefined {
  const value = findRow(results, work, peer)?.also?.[name];
  return typeof value === "number" ? value : undefined;
}

function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}

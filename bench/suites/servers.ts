import { cookies, Order, placeOrder, showOrder } from "../cases/app.ts";
import { orderOf } from "../cases/bodies.ts";
import { figuresOf } from "../measure/rounds.ts";
import { bundleServers, type Exchange, type Load, load } from "../measure/server.ts";
import { median } from "../measure/stats.ts";
import type { Options, Row, Suite } from "./suite.ts";

const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const body = orderOf(1024);

const get: Exchange = {
  method: "GET",
  path: "/shops/north/orders/4711?page=2&cart=keep",
  headers: {
    ...{ accept: "application/json", "accept-language": "de-CH,de;q=0.8,en;q=0.5", "user-agent": agent },
    ...{ authorization: `Bearer ${"x".repeat(300)}`, cookie: "session=s3cr3t; theme=dark; lang=de-CH" },
    ...{ "x-request-id": "0b5c8e2e-6a2b-4d1e-9c57-2f1f2f8f0d11", "cache-control": "no-cache" },
  },
  check: (response, text) => {
    const wanted = showOrder({ shop: "north", id: "4711", page: "2", agent, session: "s3cr3t" });
    expectSame("status", response.status, 200);
    expectSame("type", response.headers.get("content-type")?.startsWith("application/json"), true);
    expectSame("x-order", response.headers.get("x-order"), "4711");
    expectSame("cookies", response.headers.getSetCookie(), [cookies.seen, cookies.cart]);
    expectSame("body", text, JSON.stringify(wanted));
  },
};

const post: Exchange = {
  method: "POST",
  path: "/shops/north/orders",
  headers: { "content-type": "application/json" },
  body,
  check: (response, text) => {
    expectSame("status", response.status, 201);
    expectSame("body", text, JSON.stringify(placeOrder("north", Order.parse(JSON.parse(body)))));
  },
};

const own = ["bare", "anyfn", "fastify", "hono", "express"];
const framework = ["framework-floor", "framework-anyfn", "framework-hono", "framework-express"];
const works = [
  { id: "node-get", title: "Node server, GET", servers: own, exchange: get },
  { id: "node-post-1k", title: "Node server, POST of 1 KB", servers: own, exchange: post },
  { id: "gcp-get", title: "functions-framework, GET", servers: framework, exchange: get },
  { id: "gcp-post-1k", title: "functions-framework, POST of 1 KB", servers: framework, exchange: post },
];

/** Servers under load from another process: CPU time, since two processes share the machine's cores. */
export const suite: Suite = {
  name: "servers",
  title: "One request to a server under load, in microseconds of its CPU time",
  unit: "us",
  works,
  prepare: () => bundleServers([...own, ...framework]),
  async run({ work, options, progress }) {
    const { servers, exchange } = works.find(({ id }) => id === work) ?? { servers: [], exchange: get };
    const env = { BENCH_WORK: exchange === post ? "post" : "get" };
    return loadAll(servers, exchange, options, env, progress);
  },
};

/** Loads each server in each round; the first is the floor of the others. */
export async function loadAll(
  servers: readonly string[],
  exchange: Exchange,
  { quick, rounds }: Options,
  env: Readonly<Record<string, string>>,
  progress: (doing: string) => void,
): Promise<Row[]> {
  const seen = new Map<string, Load[]>(servers.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const turn = round % servers.length;
    for (const name of [...servers.slice(turn), ...servers.slice(0, turn)]) {
      progress(`${name}, round ${round + 1} of ${rounds}`);
      if (seen.get(name)?.some(({ wrong }) => wrong !== undefined)) continue;
      const size = { windows: quick ? 4 : 10, requests: quick ? 1500 : 3000 };
      seen.get(name)?.push(await load(name, exchange, { env, ...size }));
    }
  }
  const floor = (seen.get(servers[0] ?? "") ?? []).map(({ cpu }) => cpu);
  return [...seen].map(([peer, loads]) => toRow(peer, loads, floor));
}

function toRow(peer: string, loads: readonly Load[], floor: readonly (readonly number[])[]): Row {
  const wrong = loads.find((load) => load.wrong !== undefined)?.wrong;
  if (wrong !== undefined) return { peer, wrong };
  return {
    peer,
    ...figuresOf(
      loads.map(({ cpu }) => cpu),
      floor,
    ),
    also: {
      "requests/s": Math.round(median(loads.flatMap(({ rate }) => rate))),
      "RSS MB": Math.round(median(loads.map(({ rss }) => rss)) / 1e6),
      "first answer ms": Math.round(median(loads.map(({ first }) => first))),
    },
  };
}

function expectSame(what: string, actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: ${is?.slice(0, 120)} for ${should?.slice(0, 120)}`);
}

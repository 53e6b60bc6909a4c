import { join } from "node:path";
import {
  azureFront,
  type HttpHost,
  lambdaFront,
  type PlainRequest,
  startAzure,
  startFunctionsFramework,
  startLambda,
  startNodeServer,
  type TimedResponse,
} from "../hosts/index.ts";
import { flood } from "./clients.ts";

/** Bytes in use after garbage collection, once a part of the requests was handled and once all were. */
export interface Growth {
  readonly before: number;
  readonly after: number;
}

/** A running function that can be sent many requests. */
interface Tank extends AsyncDisposable {
  /** Sends requests with numbers from `from` to `to`, which is left out. */
  send(from: number, to: number): Promise<void>;
  ask(request: PlainRequest): Promise<TimedResponse>;
}

/** Targets whose memory is measured. */
export type MemoryTarget = "aws" | "azure" | "gcp" | "node";

const START: Readonly<Record<MemoryTarget, (directory: string) => Promise<Tank>>> = {
  aws: startAwsTank,
  azure: startAzureTank,
  gcp: async (directory) =>
    serverTank(await startFunctionsFramework(join(directory, "remember"), { target: "remember" })),
  node: async (directory) => serverTank(await startNodeServer(join(directory, "server.mjs"))),
};

/** Sends so many requests to the load app of a target and measures its heap after a fifth of them and after all. */
export async function growthOf(target: MemoryTarget, outDir: string, count: number): Promise<Growth> {
  await using tank = await START[target](join(outDir, target));
  const heap = async (): Promise<number> => {
    const { body } = await tank.ask({ method: "GET", url: "/remember/heap?heap=1" });
    return (JSON.parse(Buffer.from(body).toString()) as { heapUsed: number }).heapUsed;
  };
  await tank.send(0, count / 5);
  const before = await heap();
  await tank.send(count / 5, count);
  return { before, after: await heap() };
}

/** No two are alike, so that nothing that is kept for one goes unnoticed. */
function requestOf(index: number): PlainRequest {
  return {
    method: "GET",
    url: `/remember/item-${index}?page=${index}`,
    headers: [
      ["cookie", `session=${index}`],
      ["x-request-id", `request-${index}`],
      [
        "traceparent",
        `00-${index.toString(16).padStart(32, "a")}-${index.toString(16).padStart(16, "b")}-01`,
      ],
    ],
  };
}

function serverTank(host: HttpHost): Tank {
  const wire = ({ url, headers = [] }: PlainRequest): string =>
    `GET ${url} HTTP/1.1\r\nHost: a\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
  return {
    send: (from, to) =>
      flood(Number(new URL(host.url).port), to - from, (index) => wire(requestOf(from + index))),
    ask: host.request,
    [Symbol.asyncDispose]: host.close,
  };
}

async function startAwsTank(directory: string): Promise<Tank> {
  const host = await startLambda(join(directory, "remember"), { functionName: "remember" });
  const front = lambdaFront(host, "http-api");
  return { send: sendAll(front, 4), ask: front, [Symbol.asyncDispose]: host.close };
}

async function startAzureTank(directory: string): Promise<Tank> {
  const host = await startAzure(directory);
  return { send: sendAll(azureFront(host), 32), ask: azureFront(host), [Symbol.asyncDispose]: host.close };
}

/** So many at once: more wait at the front of a target than it handles. */
function sendAll(front: Tank["ask"], width: number): Tank["send"] {
  return async (from, to) => {
    let next = from;
    const worker = async (): Promise<void> => {
      while (next < to) {
        const { status } = await front(requestOf(next++));
        if (status !== 200) throw new Error(`A request was answered with ${status}.`);
      }
    };
    await Promise.all(Array.from({ length: width }, worker));
  };
}

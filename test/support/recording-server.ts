import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came in. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What to answer; an object as the body is JSON. */
export interface ServerAnswer {
  /** 200 by default. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | object;
}

/** A failure put in place of the answers to some requests. */
export interface Failure {
  readonly when: (request: RecordedRequest) => boolean;
  /** `"reset"` ends the connection without an answer. */
  readonly answer: ServerAnswer | "reset";
  /** How many requests fail before the rest are answered; all of them by default. */
  readonly times?: number;
}

/** An HTTP server that stands for a provider's and remembers what it was asked. */
export interface RecordingServer extends AsyncDisposable {
  readonly url: string;
  /** In the order in which they came. */
  readonly requests: RecordedRequest[];
  /** `METHOD /path` of each request, without queries. */
  readonly lines: () => readonly string[];
  readonly failWith: (failure: Failure) => void;
  /** Takes all failures back. */
  readonly recover: () => void;
}

/** Starts a server on a free port of this machine. */
export async function startRecordingServer(
  answer: (request: RecordedRequest) => ServerAnswer | Promise<ServerAnswer>,
): Promise<RecordingServer> {
  const requests: RecordedRequest[] = [];
  let failures: Array<{ failure: Failure; left: number }> = [];
  const failing = (request: RecordedRequest): ServerAnswer | "reset" | undefined => {
    const found = failures.find(({ failure, left }) => left > 0 && failure.when(request));
    if (found !== undefined) found.left -= 1;
    return found?.failure.answer;
  };
  const server = createServer(async (incoming, response) => {
    const { method = "", url = "", headers } = incoming;
    const request = { method, url, headers, body: Buffer.concat(await incoming.toArray()) };
    requests.push(request);
    const given = failing(request) ?? (await answer(request));
    if (given === "reset") {
      incoming.socket.destroy();
      return;
    }
    const isJson = typeof given.body === "object" && !Buffer.isBuffer(given.body);
    const type = isJson ? { "content-type": "application/json" } : {};
    response.writeHead(given.status ?? 200, { ...type, ...given.headers });
    response.end(isJson ? JSON.stringify(given.body) : given.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    lines: () => requests.map(({ method, url }) => `${method} ${url.split("?")[0]}`),
    failWith: (failure) => failures.push({ failure, left: failure.times ?? Number.POSITIVE_INFINITY }),
    recover: () => {
      failures = [];
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

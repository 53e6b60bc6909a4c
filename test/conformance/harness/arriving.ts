import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { HeaderLine, PlainRequest } from "../../runtimes/hosts/host.ts";

/** An answer while it arrives: nothing is read before it is asked for. */
export interface Arriving {
  readonly status: number;
  /** Names in lower case, one entry per line. */
  readonly headers: readonly HeaderLine[];
  /** The next bytes as text, undefined at the proper end. @throws Error when the answer breaks off. */
  next(): Promise<string | undefined>;
  /** The caller goes away. */
  leave(): void;
}

/** An answer whose status and headers are there. */
export function arriving(status: number, headers: readonly HeaderLine[], body: Readable): Arriving {
  const pieces = body.iterator({ destroyOnReturn: true });
  return {
    status,
    headers,
    next: async () => {
      const { done, value } = await pieces.next();
      return done ? undefined : Buffer.from(value).toString();
    },
    leave: () => void body.destroy(),
  };
}

/** Sends a request over a real connection, which its answer holds open; breaks it off when the signal says so. */
export async function openHttp(port: number, request: PlainRequest, signal?: AbortSignal): Promise<Arriving> {
  const { method, url: path, headers = [] } = request;
  const lines = [["host", `127.0.0.1:${port}`], ...headers].flat();
  const outgoing = httpRequest({
    host: "127.0.0.1",
    port,
    method,
    path,
    headers: lines,
    agent: false,
    signal,
  });
  outgoing.end(request.body);
  const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
  // What breaks is told by `next`.
  outgoing.on("error", () => {});
  const names = incoming.rawHeaders.filter((_, index) => index % 2 === 0);
  const received = names.map(
    (name, index): HeaderLine => [name.toLowerCase(), incoming.rawHeaders[2 * index + 1] ?? ""],
  );
  return arriving(incoming.statusCode ?? 0, received, incoming);
}

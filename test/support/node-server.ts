import { connect, type Socket } from "node:net";
import type { AnyFunction } from "@anyfn/core";
import { type AnyfnServer, createServer, type ServerOptions } from "@anyfn/node";
import { vi } from "vitest";
import { type SendOptions, sendHttp } from "../runtimes/hosts/http.ts";

type Request = Parameters<typeof sendHttp>[1];
/** An answer, piece by piece. */
export type Answer = Awaited<ReturnType<typeof sendHttp>>;

/** A server that listens on a port of its own. */
export interface RunningServer extends AnyfnServer {
  readonly port: number;
  send(method: string, url: string, more?: Partial<Request>, options?: SendOptions): Promise<Answer>;
  /** A connection on which anything can be written; `text` resolves when it ends. */
  raw(): { readonly socket: Socket; readonly text: Promise<string> };
}

/** Starts servers, and closes them all; what they log is kept and not printed. */
export function servers(): {
  start(functions: Readonly<Record<string, AnyFunction>>, options?: ServerOptions): Promise<RunningServer>;
  /** The lines logged since the servers were last closed. */
  lines(): Record<string, unknown>[];
  closeAll(): Promise<void>;
} {
  const running: AnyfnServer[] = [];
  const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  return {
    start: async (functions, options = {}) => {
      const server = createServer(functions, { gracePeriod: 0.2, ...options });
      running.push(server);
      const { port } = await server.listen(0, "127.0.0.1");
      return {
        ...server,
        port,
        send: (method, url, more, sending) => sendHttp(port, { method, url, ...more }, sending),
        raw: () => openConnection(port),
      };
    },
    lines: () => written.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>),
    closeAll: async () => {
      await Promise.all(running.splice(0).map((server) => server.close()));
      written.mockClear();
    },
  };
}

function openConnection(port: number): ReturnType<RunningServer["raw"]> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.on("error", () => {});
  const text = new Promise<string>((resolve) => {
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
  });
  return { socket, text };
}

/** The JSON of an answer's body. */
export function jsonOf({ body }: Pick<Answer, "body">): Record<string, unknown> {
  return JSON.parse(Buffer.from(body).toString());
}

import { connect, type Socket } from "node:net";

/** A request that is sent again and again. */
export interface Shot {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/**
 * Sends so many requests over ten kept connections, the next one of a connection when its answer has come.
 *
 * Raw sockets, so that the client is several times as fast as any of the servers.
 */
export async function fire(port: number, shot: Shot, amount: number): Promise<void> {
  const bytes = toBytes(shot);
  let unsent = amount;
  const take = (): boolean => unsent-- > 0;
  await Promise.all(Array.from({ length: 10 }, () => converse(port, bytes, take)));
}

function toBytes({ method, path, headers, body }: Shot): Buffer {
  const length = body === undefined ? [] : [`content-length: ${Buffer.byteLength(body)}`];
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`${method} ${path} HTTP/1.1`, "host: 127.0.0.1", ...lines, ...length, "", ""].join("\r\n");
  return Buffer.from(head + (body ?? ""));
}

function converse(port: number, bytes: Buffer, take: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.setNoDelay(true);
    let pending = "";
    const next = (): void => {
      if (take()) socket.write(bytes);
      else socket.end(resolve);
    };
    socket.setEncoding("latin1").on("data", (text: string) => {
      pending += text;
      const end = answerEnd(pending, socket);
      if (end === undefined) return;
      pending = pending.slice(end);
      next();
    });
    socket.once("connect", next).once("error", reject);
    socket.once("close", () => reject(new Error("The server closed a connection that was to be kept.")));
  });
}

/** Where the first answer ends, once all of it is there. */
function answerEnd(text: string, socket: Socket): number | undefined {
  const head = text.indexOf("\r\n\r\n");
  if (head === -1) return undefined;
  if (!/^HTTP\/1\.1 20[01] /.test(text)) socket.destroy(new Error(text.slice(0, 80)));
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(text.slice(0, head + 2))?.[1];
  if (length !== undefined) {
    const end = head + 4 + Number(length);
    return text.length >= end ? end : undefined;
  }
  const last = text.indexOf("\r\n0\r\n\r\n", head);
  return last === -1 ? undefined : last + 7;
}

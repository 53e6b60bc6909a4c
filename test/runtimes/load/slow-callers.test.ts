import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "@anyfn/build";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HttpHost, startNodeServer } from "../hosts/index.ts";

const scratch = mkdtempSync(join(tmpdir(), "anyfn-slow-"));
let host: HttpHost;

beforeAll(async () => {
  await build({ cwd: join(import.meta.dirname, "../slow-app"), targets: ["node"], outDir: scratch });
  host = await startNodeServer(join(scratch, "node/server.mjs"));
}, 60_000);

afterAll(async () => {
  await host.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** A caller that sends what it likes. */
interface Caller {
  readonly socket: Socket;
  /** All that the server sent until it ended the connection. */
  readonly ended: Promise<string>;
}

function call(): Caller {
  const socket = connect(Number(new URL(host.url).port), "127.0.0.1");
  let text = "";
  socket.setEncoding("latin1").on("data", (more: string) => {
    text += more;
  });
  // The server may end the connection while this side still sends.
  socket.on("error", () => {});
  const ended = new Promise<string>((resolve) => void socket.once("close", () => resolve(text)));
  return { socket, ended };
}

/** Sends a byte every 50 ms for as long as the connection lives. */
function dribble({ socket }: Caller, text: string): void {
  let at = 0;
  const timer = setInterval(() => void socket.write(text[at++ % text.length] ?? ""), 50);
  socket.once("close", () => clearInterval(timer));
}

const post = "POST /received HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n";
const SLOW: Readonly<Record<string, (caller: Caller) => unknown>> = {
  "its headers byte by byte": (caller) => dribble(caller, "GET /received HTTP/1.1\r\nHost: a\r\nX-A: "),
  "headers without end": (caller) => {
    caller.socket.write("GET /received HTTP/1.1\r\nHost: a\r\n");
    dribble(caller, "X-A: b\r\n");
  },
  "half of its body": ({ socket }) => socket.write(`${post}half`),
  "its body byte by byte": (caller) => {
    caller.socket.write(post);
    dribble(caller, "x");
  },
  "chunks without end": (caller) => {
    caller.socket.write("POST /received HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    dribble(caller, "1\r\nx\r\n");
  },
};

/** Each asks for more than the buffers on the way hold, and reads nothing of it. */
const DEAF: Readonly<Record<string, string>> = {
  "a large answer": "GET /large HTTP/1.1\r\nHost: a\r\n\r\n",
  "an answer without end": "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n",
  "many small answers": "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100_000),
};

describe.concurrent("a caller that holds on to the server", () => {
  test.for(Object.entries(SLOW))("and sends %s is answered with 408", async ([, send], { expect }) => {
    const caller = call();
    send(caller);
    // Others are served meanwhile.
    const other = await host.request({ method: "POST", url: "/received", body: Buffer.from("ab") });
    expect(other).toMatchObject({ status: 200, body: Buffer.from('{"length":2}') });
    expect(await caller.ended).toMatch(/^HTTP\/1\.1 408 .*\r\nConnection: close\r\n/is);
  });
});

test("callers that do not read their answers are cut off, and others are served meanwhile", async () => {
  const deaf = Object.values(DEAF).map((requests) =>
    connect(Number(new URL(host.url).port), "127.0.0.1", function (this: Socket) {
      this.write(requests);
    }),
  );
  // Node reads as much as it keeps for a reader, and none comes.
  for (const socket of deaf) socket.on("error", () => {});
  await Promise.all(deaf.map((socket) => once(socket, "readable")));
  await expect.poll(open, { timeout: 15_000 }).toBe(1);
  for (const socket of deaf) socket.destroy();
});

async function open(): Promise<number> {
  const { status, body } = await host.request({ method: "GET", url: "/connections" });
  if (status !== 200) throw new Error(`The server answered ${status}.`);
  return (JSON.parse(Buffer.from(body).toString()) as { open: number }).open;
}

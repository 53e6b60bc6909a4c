import { connect, type Socket } from "node:net";

/** What became of the requests of one connection. */
export interface Account {
  sent: number;
  /** Statuses of the answers that arrived whole. */
  readonly statuses: number[];
  /** The last answer said that the connection ends. */
  toldToClose: boolean;
  /** The connection ended with an error, such as ECONNRESET. */
  failure: string | undefined;
}

/** A caller that keeps many connections busy; unlike a benchmark's, it knows what became of each request that it sent. */
export interface Callers {
  /** Resolves when every connection has sent a request and has had an answer. */
  readonly busy: Promise<unknown>;
  /** The accounts, once the server has ended every connection. */
  readonly ended: Promise<readonly Account[]>;
}

/** What callers do. */
export interface Habits {
  /** What the caller of a connection sends, again and again. */
  request(index: number): string;
  /** The longest time between an answer and the next request; how long differs each time. */
  readonly thinkMs: number;
}

/** Opens connections on which one request follows another, until the server says close. */
export function startCallers(port: number, count: number, { request, thinkMs }: Habits): Callers {
  const callers = Array.from({ length: count }, (_, index) => startCaller(port, request(index), thinkMs));
  return {
    busy: Promise.all(callers.map(({ busy }) => busy)),
    ended: Promise.all(callers.map(({ ended }) => ended)),
  };
}

function startCaller(
  port: number,
  request: string,
  thinkMs: number,
): { busy: Promise<void>; ended: Promise<Account> } {
  const account: Account = { sent: 0, statuses: [], toldToClose: false, failure: undefined };
  const busy = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<Account>();
  const socket = connect(port, "127.0.0.1").setNoDelay(true);
  const send = (): void => {
    account.sent += 1;
    socket.write(request);
  };
  onAnswers(socket, (status, head) => {
    account.statuses.push(status);
    account.toldToClose = /^connection: close\r$/im.test(head);
    busy.resolve();
    if (account.toldToClose) return;
    if (thinkMs === 0) send();
    else setTimeout(send, Math.random() * thinkMs);
  });
  socket.once("connect", send);
  socket.once("error", (error: NodeJS.ErrnoException) => {
    account.failure = error.code ?? error.message;
  });
  socket.once("close", () => ended.resolve(account));
  return { busy: busy.promise, ended: ended.promise };
}

/** Sends so many requests over a few connections, several on each at once; resolves when all are answered with 200. */
export async function flood(port: number, count: number, request: (index: number) => string): Promise<void> {
  let next = 0;
  const run = (socket: Socket): Promise<void> =>
    new Promise((resolve, reject) => {
      let open = 0;
      const send = (): void => {
        if (next === count) return;
        open += 1;
        socket.write(request(next++));
      };
      onAnswers(socket, (status) => {
        if (status !== 200) return reject(new Error(`A request was answered with ${status}.`));
        open -= 1;
        send();
        if (open === 0) resolve(void socket.end());
      });
      socket.once("error", reject).once("close", () => reject(new Error("The server ended a connection.")));
      for (let depth = 0; depth < 4; depth++) send();
    });
  await Promise.all(Array.from({ length: 16 }, () => run(connect(port, "127.0.0.1").setNoDelay(true))));
}

/** Calls back for each answer that is whole; all of them tell their length. */
function onAnswers(socket: Socket, onAnswer: (status: number, head: string) => void): void {
  let text = "";
  socket.setEncoding("latin1").on("data", (more: string) => {
    text += more;
    for (;;) {
      const bodyAt = text.indexOf("\r\n\r\n") + 4;
      if (bodyAt < 4) return;
      const head = text.slice(0, bodyAt);
      const end = bodyAt + Number(/^content-length: (\d+)\r$/im.exec(head)?.[1] ?? 0);
      if (text.length < end) return;
      text = text.slice(end);
      onAnswer(Number(head.slice(9, 12)), head);
    }
  });
}

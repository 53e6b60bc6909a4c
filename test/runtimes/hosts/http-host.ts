import type { HttpHost } from "./host.ts";
import { sendHttp } from "./http.ts";
import { answerMs, firstMessage, type NodeOptions, readyMs, startNode } from "./process.ts";

/** Starts a script that is an HTTP server; ready when it listens, on whatever port. */
export async function startHttpHost(target: string, script: string, options: NodeOptions): Promise<HttpHost> {
  const child = startNode(script, options);
  const port = await child.race(firstMessage(child, listeningPort), `[${target}] start`, readyMs);

  const request: HttpHost["request"] = async (plain) => {
    try {
      return await sendHttp(port, plain);
    } catch (cause) {
      throw new Error(`[${target}] ${plain.method} ${plain.url} got no answer: ${cause}\n${child.logs()}`, {
        cause,
      });
    }
  };
  return {
    target,
    url: `http://127.0.0.1:${port}`,
    request,
    invoke: request,
    exited: child.exited,
    logs: child.logs,
    logged: child.logged,
    close: child.kill,
    [Symbol.asyncDispose]: child.kill,
    terminate() {
      child.signal("SIGTERM");
      return child.race(child.exited, `[${target}] end after SIGTERM`, answerMs);
    },
  };
}

/** The message of `preload/tether.mjs`. */
function listeningPort(message: unknown): number | undefined {
  const { kind, port } = message as { kind?: string; port?: number };
  return kind === "listening" ? port : undefined;
}

import { once } from "node:events";
import { connect } from "node:net";
import type { PlainRequest, PlainResponse } from "../runtimes/hosts/host.ts";
import { inOnePiece, sendHttp } from "../runtimes/hosts/http.ts";

/** Bytes on a connection, for what no HTTP client would send. */
export interface WireRequest {
  /** Latin-1, so that every byte can stand in it. */
  readonly wire: string;
}

/** Sends a request to a server on this machine, and gives what comes back. */
export function sendTo(port: number, request: PlainRequest | WireRequest): Promise<PlainResponse> {
  return "wire" in request ? sendWire(port, request.wire) : sendHttp(port, request);
}

/** A connection that ends without an answer gives the status 0. */
async function sendWire(port: number, wire: string): Promise<PlainResponse> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.on("error", () => {});
  socket.write(Buffer.from(wire, "latin1"));
  await once(socket, "close");
  const answer = Buffer.concat(chunks).toString("latin1");
  const end = answer.indexOf("\r\n\r\n");
  const [status = "", ...lines] = answer.slice(0, end).split("\r\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  return inOnePiece(Number(status.split(" ")[1] ?? 0), headers, Buffer.from(answer.slice(end + 4), "latin1"));
}

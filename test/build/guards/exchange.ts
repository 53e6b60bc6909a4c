import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";

/** A request as the tests write it. */
export interface WrittenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request that has arrived in whole, and its response: Node's own, on a connection that leads nowhere. */
export function openExchange({
  headers,
  body,
  ...parts
}: WrittenRequest): readonly [IncomingMessage, ServerResponse] {
  const request = new IncomingMessage(new Socket());
  const rawHeaders = Object.entries(headers).flat();
  Object.assign(request, parts, { rawHeaders, httpVersionMajor: 1, httpVersionMinor: 1, complete: true });
  for (const name in headers) request.headers[name] = headers[name];
  if (body !== undefined) request.push(body);
  request.push(null);
  return [request, new ServerResponse(request)];
}

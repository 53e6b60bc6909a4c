import { randomUUID } from "node:crypto";
import type { AzureHost } from "../azure.ts";
import type { HeaderLine, PlainRequest, TimedResponse } from "../host.ts";
import { inOnePiece, sendHttp, splitUrl } from "../http.ts";
import { decodePath, encodePath } from "./path.ts";
import { toHttpTrigger } from "./trigger.ts";

/** Headers that belong to one connection; the host's proxy does not pass them on. */
const hopByHop = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Time for bytes that are already in the connection, in milliseconds. */
const graceMs = 100;

/**
 * Does what the host does when the app streams HTTP: sends the invocation without the request in it, and passes the
 * request itself to the library's own server.
 *
 * https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.Grpc/Server/DefaultHttpProxyService.cs
 *
 * When the function throws, the library leaves the proxied request without an answer and the caller waits four minutes
 * for a 504 (https://github.com/Azure/azure-functions-nodejs-library/issues/324): here it comes at once.
 */
export async function invokeHttpStream(
  host: Pick<AzureHost, "capabilities" | "invoke">,
  functionName: string,
  request: PlainRequest,
  params: Readonly<Record<string, string>>,
): Promise<TimedResponse> {
  const { HttpUri: uri } = host.capabilities;
  if (!uri)
    throw new Error(`[azure/${functionName}] the app did not call app.setup({ enableHttpStream: true }).`);
  const invocationId = randomUUID();
  const { triggerMetadata } = toHttpTrigger(request, params);
  const port = Number(new URL(uri).port);
  const gaveUp = new AbortController();
  const head = Promise.withResolvers<void>();
  const proxied = sendHttp(port, proxiedRequest(request, invocationId), {
    signal: gaveUp.signal,
    onHead: head.resolve,
  });
  const answered = proxied.catch(() => inOnePiece(504, [], new Uint8Array()));

  const result = await host.invoke(functionName, { invocationId, inputData: { http: {} }, triggerMetadata });
  // What the library wrote before the result may still be on its way. A function that throws after the first byte, or
  // returns nothing, never ends its answer.
  const timer = setTimeout(() => gaveUp.abort(), graceMs);
  if (result.ok) head.promise.then(() => clearTimeout(timer));
  const response = await answered;
  clearTimeout(timer);
  const headers = response.headers.filter(([name]) => !hopByHop.includes(name));
  return { ...response, headers };
}

/**
 * The request as the host passes it on.
 *
 * https://microsoft.github.io/reverse-proxy/articles/transforms.html#defaults
 */
export function proxiedRequest(request: PlainRequest, invocationId: string): PlainRequest {
  const { scheme, host = "localhost", path, query } = splitUrl(request.url);
  const kept = (request.headers ?? []).filter(([name]) => {
    return name.toLowerCase() !== "host" && !hopByHop.includes(name.toLowerCase());
  });
  const added: HeaderLine[] = [
    ["X-Forwarded-For", "127.0.0.1"],
    ["X-Forwarded-Host", host],
    ["X-Forwarded-Proto", scheme],
    ["x-ms-invocation-id", invocationId],
  ];
  const replaced = added.map(([name]) => name.toLowerCase());
  const rest = kept.filter(([name]) => !replaced.includes(name.toLowerCase()));
  return {
    ...request,
    url: encodePath(decodePath(path)) + (query && `?${query}`),
    headers: [...rest, ...added],
  };
}

import type { PlainRequest } from "../host.ts";
import { splitUrl } from "../http.ts";
import { decodePath, encodePath, parseQuery } from "./path.ts";
import type { RpcHttp, RpcNullable, RpcTypedData } from "./rpc.ts";

/** What the host sends for an HTTP trigger. */
export interface AzureHttpTrigger {
  readonly inputData: { readonly http: RpcHttp };
  readonly triggerMetadata: Readonly<Record<string, RpcTypedData>>;
}

/**
 * Turns a plain request into what the host sends to a worker with the Node.js worker's capabilities.
 *
 * https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.Grpc/MessageExtensions/GrpcMessageConversionExtensions.cs
 *
 * @param params - What the route took out of the path.
 */
export function toHttpTrigger(
  request: PlainRequest,
  params: Readonly<Record<string, string>>,
): AzureHttpTrigger {
  const { scheme, host = "localhost", path, query } = splitUrl(request.url);
  const headers = joinHeaders(request, host);
  const values = parseQuery(query);
  const body = bodyOf(request);
  return {
    inputData: {
      http: {
        method: request.method.toUpperCase(),
        url: `${scheme}://${host}${encodePath(decodePath(path))}${query && `?${query}`}`,
        nullableHeaders: nullable(headers),
        nullableQuery: nullable([...values].map(([name, list]) => [name, list.join(",")])),
        nullableParams: nullable(Object.entries(params)),
        // A chunked request reaches the function without its body: the host looks at Content-Length only.
        ...(body && { body: { bytes: body } }),
      },
    },
    triggerMetadata: bindingData(headers, values, params, body),
  };
}

/** The body, where the host would read one. */
export function bodyOf(request: PlainRequest): Uint8Array | undefined {
  const chunked = request.headers?.some(([name]) => name.toLowerCase() === "transfer-encoding");
  return request.body && request.body.length > 0 && !chunked ? request.body : undefined;
}

function joinHeaders(request: PlainRequest, host: string): [string, string][] {
  const joined = new Map<string, string>([["host", host]]);
  const body = bodyOf(request);
  if (body) joined.set("content-length", String(body.length));
  const sent = new Set<string>();
  for (const [name, value] of request.headers ?? []) {
    const key = name.toLowerCase();
    joined.set(key, sent.has(key) ? `${joined.get(key)},${value}` : value);
    sent.add(key);
  }
  return [...joined];
}

/**
 * Members of a JSON body, then query parameters, then route parameters, all by the same names without regard to case;
 * and, unless one of those took the name, `Query` and `Headers`.
 *
 * https://github.com/Azure/azure-webjobs-sdk-extensions/blob/dev/src/WebJobs.Extensions.Http/HttpTriggerAttributeBindingProvider.cs
 */
function bindingData(
  headers: readonly [string, string][],
  query: ReadonlyMap<string, readonly string[]>,
  params: Readonly<Record<string, string>>,
  body: Uint8Array | undefined,
): Record<string, RpcTypedData> {
  const data = new Map<string, [string, RpcTypedData]>();
  const set = (name: string, value: RpcTypedData): void => {
    const [spelling = name] = data.get(name.toLowerCase()) ?? [];
    data.set(name.toLowerCase(), [spelling, value]);
  };
  for (const [name, value] of bodyMembers(body)) set(name, value);
  for (const [name, list] of query) {
    if (name.toLowerCase() !== "code") set(name, { string: list.at(-1) ?? "" });
  }
  for (const [name, value] of Object.entries(params)) set(name, { string: value });
  const last = [...query].map(([name, list]) => [name, list.at(-1)]);
  if (!data.has("query")) set("Query", { json: JSON.stringify(Object.fromEntries(last)) });
  if (!data.has("headers")) set("Headers", { json: JSON.stringify(Object.fromEntries(headers)) });
  return Object.fromEntries(data.values());
}

function bodyMembers(body: Uint8Array | undefined): [string, RpcTypedData][] {
  const text = Buffer.from(body ?? [])
    .toString()
    .trim();
  if (!text.startsWith("{")) return [];
  try {
    const members = Object.entries(JSON.parse(text) as Record<string, unknown>);
    return members.flatMap(([name, value]): [string, RpcTypedData][] => {
      if (value === null || Array.isArray(value)) return [];
      return [
        [name, typeof value === "object" ? { json: JSON.stringify(value) } : { string: String(value) }],
      ];
    });
  } catch {
    return [];
  }
}

function nullable(entries: readonly [string, string][]): Record<string, RpcNullable<string>> {
  return Object.fromEntries(entries.map(([name, value]) => [name, { value }]));
}

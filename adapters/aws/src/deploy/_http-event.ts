import type { Call } from "@anyfn/build";

/** A request as an HTTP API and a function URL hand it over: payload format 2.0. */
export function httpEvent({ method, path, headers, data }: Call, time: number): object {
  const url = new URL(path, "https://localhost");
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const { cookie, ...named }: Readonly<Record<string, string>> = {
    host: url.host,
    ...Object.fromEntries(given),
  };
  const isRead = method === "GET" || method === "HEAD";
  const body = isRead ? undefined : data;
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; */) }),
    headers: { ...length, ...named },
    requestContext: {
      accountId: "anonymous",
      apiId: "anyfn",
      domainName: url.host,
      domainPrefix: "anyfn",
      http: {
        method,
        path: url.pathname,
        protocol: "HTTP/1.1",
        sourceIp: "127.0.0.1",
        userAgent: named["user-agent"] ?? "anyfn",
      },
      requestId: `anyfn-${time}`,
      routeKey: "$default",
      stage: "$default",
      time: new Date(time).toUTCString(),
      timeEpoch: time,
    },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: false,
  };
}

/** What a function answered to a request. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Reads the answer of a function that streams or does not; undefined where it is none. */
export function readHttpAnswer(payload: string): HttpAnswer | undefined {
  const end = payload.indexOf(PRELUDE_END);
  const prelude = end < 0 ? payload : payload.slice(0, end);
  const { statusCode, headers = {}, cookies = [], body = "", isBase64Encoded }: Answer = parse(prelude);
  if (statusCode === undefined) return undefined;
  const all = cookies.length === 0 ? headers : { ...headers, "set-cookie": cookies.join(", ") };
  const text = isBase64Encoded === true ? Buffer.from(body, "base64").toString() : body;
  return { status: statusCode, headers: all, body: end < 0 ? text : payload.slice(end + PRELUDE_END.length) };
}

/** Between the head and the body of a streamed answer. */
const PRELUDE_END = "\0".repeat(8);

interface Answer {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

function parse(text: string): Answer {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

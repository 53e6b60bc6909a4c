import {
  bareObject,
  encodeText,
  escapeDecodedPath,
  fromBase64,
  type HttpSource,
  stripBasePath,
} from "@anyfn/core/adapter";
import type { AlbEvent, HttpV1Event, HttpV2Event, LambdaHttpEvent } from "../native.ts";
import { invalidPayload } from "./_errors.ts";

/** Requests of HTTP APIs in payload format 2.0 and of function URLs. */
export function v2Source(basePath: string | undefined): HttpSource<HttpV2Event> {
  return {
    method: (native) => requireText(native.requestContext.http.method, "requestContext.http.method"),
    path: (native) => {
      const { stage, domainName } = native.requestContext;
      const path = withoutStage(requirePath(native.rawPath, "rawPath"), stage, domainName);
      // An HTTP API decodes the path, a function URL leaves it as it was sent.
      const isUrl = isText(domainName) && domainName.includes(".lambda-url.");
      return stripBasePath(isUrl ? path : escapeDecodedPath(path), basePath);
    },
    query: (native) =>
      isText(native.rawQueryString) ? native.rawQueryString : joinQuery(native, escapeDecoded),
    headers: (native) => {
      const headers = joinHeaders(native.headers);
      const cookies = listOf(native.cookies).filter(isText);
      if (cookies.length > 0) headers.cookie = cookies.join("; ");
      return headers;
    },
    body: readBody,
    bodyText: readBodyText,
    clientIp: (native) => plainText(native.requestContext.http.sourceIp),
    origin: (native, { headers }) => originOf(headers, native.requestContext.domainName),
  };
}

/** Requests of REST APIs, and of HTTP APIs in payload format 1.0. */
export function v1Source(basePath: string | undefined): HttpSource<HttpV1Event> {
  return {
    method: (native) => native.httpMethod,
    path: (native) => {
      const path = requirePath(native.path, "path");
      if (native.version !== "1.0") return stripBasePath(path, basePath);
      const { stage, domainName } = native.requestContext;
      return stripBasePath(escapeDecodedPath(withoutStage(path, stage, domainName)), basePath);
    },
    query: (native) => joinQuery(native, escapeDecoded),
    headers: (native) => joinHeaders(native.headers, native.multiValueHeaders),
    body: readBody,
    bodyText: readBodyText,
    clientIp: (native) => plainText(native.requestContext.identity?.sourceIp),
    origin: (native, { headers }) => originOf(headers, native.requestContext.domainName),
  };
}

/** Requests of Application Load Balancers, which leave path and query as they were sent. */
export function albSource(basePath: string | undefined): HttpSource<AlbEvent> {
  return {
    method: (native) => native.httpMethod,
    path: (native) => stripBasePath(requirePath(native.path, "path"), basePath),
    query: (native) => joinQuery(native, keepEscaped),
    headers: (native) => joinHeaders(native.headers, native.multiValueHeaders),
    body: readBody,
    bodyText: readBodyText,
    clientIp: (_native, { headers }) => lastAddress(headers["x-forwarded-for"]),
    origin: (_native, { headers }) => originOf(headers, undefined),
  };
}

function requireText(value: unknown, path: string): string {
  if (typeof value === "string") return value;
  throw invalidPayload("http", path, "is not text");
}

/**
 * The console's test button leaves out the first slash; a path without one would run on from the host in `url`, and
 * what ends a path in a URL would end it too soon.
 */
function requirePath(value: unknown, path: string): string {
  const text = requireText(value, path).replace(/[?#]/g, encodeURIComponent);
  return text.startsWith("/") ? text : `/${text}`;
}

/**
 * A named stage stands in the path of an HTTP API's own domain, but not on a custom domain.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
 */
function withoutStage(path: string, stage: string | undefined, domainName: string | undefined): string {
  const isOwn = isText(domainName) && domainName.includes(".execute-api.");
  return isOwn && isText(stage) && stage !== "$default" ? stripBasePath(path, `/${stage}`) : path;
}

function readBody(native: LambdaHttpEvent): Uint8Array<ArrayBuffer> | undefined {
  const { body } = native;
  if (body === undefined || body === null || body === "") return undefined;
  const text = requireText(body, "body");
  return native.isBase64Encoded === true ? fromBase64(text) : encodeText(text);
}

function readBodyText(native: LambdaHttpEvent): string | undefined {
  return typeof native.body === "string" && native.isBase64Encoded !== true ? native.body : undefined;
}

/** A query in parts; a hand-made event may lack the whole one. */
type Queries = Pick<HttpV1Event, "queryStringParameters" | "multiValueQueryStringParameters">;

/** A header's list wins over its single value, which is only the last one. A name in two spellings is one header. */
function joinHeaders(
  single: HttpV1Event["headers"],
  lists?: HttpV1Event["multiValueHeaders"],
): Record<string, string> {
  const headers = bareObject<string>();
  for (const name in lists) {
    for (const value of listOf(lists[name])) append(headers, name.toLowerCase(), value);
  }
  // Most fronts write names in lower case, and then no name comes twice.
  let isNew = !lists;
  for (const name in single) {
    if (listOf(lists?.[name]).length > 0) continue;
    const key = name.toLowerCase();
    isNew &&= key === name;
    if (!lists || headers[key] === undefined) append(headers, key, single[name], isNew);
  }
  return headers;
}

function append(headers: Record<string, string>, key: string, value: unknown, isNew?: boolean): void {
  const text = plainText(value);
  if (text === undefined) return;
  const before = isNew ? undefined : headers[key];
  headers[key] = before === undefined ? text : before + (key === "cookie" ? "; " : ", ") + text;
}

function joinQuery(native: Queries, encode: (text: string) => string): string {
  const { multiValueQueryStringParameters: lists, queryStringParameters: single } = native;
  let query = "";
  for (const name in { ...single, ...lists }) {
    const values = listOf(lists?.[name]);
    for (const value of values.length > 0 ? values : [single?.[name] ?? ""]) {
      const text = plainText(value);
      if (text !== undefined) query += `&${encode(name)}=${encode(text)}`;
    }
  }
  return query.slice(1);
}

/** Emulators leave lists empty or out. */
function listOf(values: unknown): readonly unknown[] {
  return Array.isArray(values) ? values : [];
}

/** A text, or the text of a plain value that an emulator or a test event has in its place. */
function plainText(value: unknown): string | undefined {
  return value === undefined || typeof value === "object" ? undefined : String(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function escapeDecoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** What a load balancer passes is escaped already; hand-made test events may hold what would end a value. */
function keepEscaped(text: string): string {
  return text.replace(/[&#\s]/g, encodeURIComponent);
}

/** The scheme and host that the caller used; a host that no URL can hold gives way to the next. */
function originOf(
  headers: Readonly<Record<string, string | undefined>>,
  domainName: string | undefined,
): string {
  const scheme = /^\s*http\s*(?:,|$)/i.test(headers["x-forwarded-proto"] ?? "") ? "http://" : "https://";
  return scheme + ([domainName, headers.host].find(isHost) ?? "localhost");
}

function isHost(host: string | undefined): host is string {
  return isText(host) && /^[\w.\-:[\]]+$/.test(host) && URL.canParse(`https://${host}`);
}

/** The address that the load balancer itself saw stands last; a port may follow it. */
function lastAddress(forwarded: string | undefined): string | undefined {
  const last = forwarded?.split(",").at(-1)?.trim();
  return last?.replace(/^\[(.+)\](?::\d+)?$|^([^:]+):\d+$/, "$1$2") || undefined;
}

import { randomUUID } from "node:crypto";
import type { HeaderLine, PlainRequest } from "../host.ts";
import { headerValues, splitUrl } from "../http.ts";

/** What stands in front of a function and turns HTTP into its events. */
export type GatewayKind = "http-api" | "function-url" | "rest-api" | "alb" | "alb-multi-value";

/** How the front is configured. */
export interface GatewayOptions {
  /** A template such as `/orders/{id}` or `/{proxy+}`; without one every path reaches the function. */
  readonly route?: string;
  /** By default `$default` for an HTTP API and `prod` for a REST API. */
  readonly stage?: string;
  readonly sourceIp?: string;
  /** `always` is a REST API that takes every media type as binary; by default the content type decides. */
  readonly base64?: "by-type" | "always";
}

/** A request, taken apart once for all event formats. */
export interface GatewayRequest {
  readonly kind: GatewayKind;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** As sent, with what the front adds. */
  readonly headers: readonly HeaderLine[];
  readonly host: string;
  readonly sourceIp: string;
  /** Absent when the request has none. */
  readonly body: string | undefined;
  readonly isBase64Encoded: boolean;
  readonly stage: string;
  readonly route: string | undefined;
  /** As written in the URL; absent without a route, `false` when the route does not match. */
  readonly params: Readonly<Record<string, string>> | undefined | false;
  readonly requestId: string;
  readonly at: Date;
}

/** Reads a plain request as the front would. */
export function readRequest(
  kind: GatewayKind,
  request: PlainRequest,
  options: GatewayOptions,
): GatewayRequest {
  const { scheme, host: urlHost, path, query } = splitUrl(request.url);
  const sent = request.headers ?? [];
  const host = headerValues(sent, "host")[0] ?? urlHost ?? defaultHosts[kind];
  const sourceIp = options.sourceIp ?? "203.0.113.7";
  const hasBody = request.body !== undefined && request.body.length > 0;
  const isBase64Encoded = hasBody && (options.base64 === "always" || !travelsAsText(kind, sent));
  const port = scheme === "https" ? "443" : "80";
  const added: HeaderLine[] = [
    ["Host", host],
    ["X-Amzn-Trace-Id", "Root=1-67fd8822-75aa8f5e7a30566958eef084"],
    ["X-Forwarded-For", [...headerValues(sent, "x-forwarded-for"), sourceIp].join(", ")],
    ["X-Forwarded-Port", port],
    ["X-Forwarded-Proto", scheme],
  ];
  if (hasBody) added.push(["Content-Length", String(request.body?.length)]);
  const addedNames = added.map(([name]) => name.toLowerCase());
  return {
    kind,
    method: request.method.toUpperCase(),
    path,
    query,
    headers: [...sent.filter(([name]) => !addedNames.includes(name.toLowerCase())), ...added],
    host,
    sourceIp,
    body: hasBody ? Buffer.from(request.body).toString(isBase64Encoded ? "base64" : "utf8") : undefined,
    isBase64Encoded,
    stage: options.stage ?? (kind === "rest-api" ? "prod" : "$default"),
    route: options.route,
    params: options.route === undefined ? undefined : (matchRoute(options.route, path) ?? false),
    requestId: randomUUID(),
    at: new Date(),
  };
}

const defaultHosts: Readonly<Record<GatewayKind, string>> = {
  "http-api": "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com",
  "rest-api": "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com",
  "function-url": "a1b2c3d4e5f6g7.lambda-url.eu-west-1.on.aws",
  alb: "lb-1234567890.eu-west-1.elb.amazonaws.com",
  "alb-multi-value": "lb-1234567890.eu-west-1.elb.amazonaws.com",
};

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#receive-event-from-load-balancer */
function travelsAsText(kind: GatewayKind, headers: readonly HeaderLine[]): boolean {
  const isAlb = kind === "alb" || kind === "alb-multi-value";
  if (isAlb && headerValues(headers, "content-encoding").length > 0) return false;
  const type = headerValues(headers, "content-type")[0]?.split(";")[0]?.trim().toLowerCase() ?? "";
  return /^(text\/.*|application\/(json|xml|javascript)|application\/.*\+(json|xml))$/.test(type);
}

function matchRoute(route: string, path: string): Record<string, string> | undefined {
  const pattern = route.replace(/\{(\w+)(\+?)\}|[^{]+/g, (token, name?: string, greedy?: string) => {
    if (!name) return token.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return greedy ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`;
  });
  const match = new RegExp(`^${pattern}/?$`).exec(path);
  return match ? { ...match.groups } : undefined;
}

import type { ALBEvent, APIGatewayProxyEvent, APIGatewayProxyEventV2 } from "aws-lambda";
import { headerValues } from "../http.ts";
import type { GatewayRequest } from "./gateway-request.ts";

const accountId = "123456789012";
const apiId = "a1b2c3d4e5";

/** The event of an HTTP API (payload format 2.0) or a function URL, which differ in three places. */
export function toV2Event(request: GatewayRequest): APIGatewayProxyEventV2 {
  const isUrl = request.kind === "function-url";
  // An HTTP API decodes the path, all but %2F and %25; a function URL leaves it alone.
  const rawPath =
    (isUrl || request.stage === "$default" ? "" : `/${request.stage}`) +
    (isUrl ? request.path : decodeExcept(request.path, "2F|25"));
  const cookies = headerValues(request.headers, "cookie").flatMap((line) => line.split("; "));
  const headers = joinValues(request.headers.map(([name, value]) => [name.toLowerCase(), value]));
  // A function URL has the cookies in both places.
  if (!isUrl) delete headers.cookie;
  const query = joinValues(decodeQuery(request.query));
  const params = request.params && mapValues(request.params, (value) => decodeExcept(value, "25"));
  const routeKey = request.route === undefined ? "$default" : `ANY ${request.route}`;
  return {
    version: "2.0",
    routeKey,
    rawPath,
    rawQueryString: request.query,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    requestContext: {
      accountId: isUrl ? "anonymous" : accountId,
      apiId: isUrl ? (request.host.split(".")[0] ?? "") : apiId,
      domainName: request.host,
      domainPrefix: request.host.split(".")[0] ?? "",
      http: {
        method: request.method,
        path: rawPath,
        protocol: "HTTP/1.1",
        sourceIp: request.sourceIp,
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: request.requestId,
      routeKey,
      stage: request.stage,
      time: clfTime(request.at),
      timeEpoch: request.at.getTime(),
    },
    ...(request.body !== undefined && { body: request.body }),
    ...(params && Object.keys(params).length > 0 && { pathParameters: params }),
    isBase64Encoded: request.isBase64Encoded,
  };
}

/** The event of a REST API with Lambda proxy integration; the query is decoded, the path is not. */
export function toV1Event(request: GatewayRequest): APIGatewayProxyEvent {
  const { route = "/{proxy+}", params } = request;
  const headers = groupValues(request.headers);
  const query = groupValues(decodeQuery(request.query));
  return {
    resource: route,
    path: request.path,
    httpMethod: request.method,
    headers: mapValues(headers, (values) => values.at(-1)),
    multiValueHeaders: headers,
    queryStringParameters: orNull(mapValues(query, (values) => values.at(-1))),
    multiValueQueryStringParameters: orNull(query),
    pathParameters: orNull({
      ...(request.route === undefined ? { proxy: request.path.slice(1) } : params || {}),
    }),
    stageVariables: null,
    requestContext: {
      accountId,
      apiId,
      authorizer: undefined,
      domainName: request.host,
      domainPrefix: request.host.split(".")[0] ?? "",
      extendedRequestId: "JCI1hFtPPHcEDUw=",
      httpMethod: request.method,
      identity: {
        ...noIdentity,
        sourceIp: request.sourceIp,
        userAgent: headerValues(request.headers, "user-agent")[0] ?? null,
      },
      path: `/${request.stage}${request.path}`,
      protocol: "HTTP/1.1",
      requestId: request.requestId,
      requestTime: clfTime(request.at),
      requestTimeEpoch: request.at.getTime(),
      resourceId: "3nq1cq",
      resourcePath: route,
      stage: request.stage,
    },
    body: request.body ?? null,
    isBase64Encoded: request.isBase64Encoded,
  };
}

/** The event of a load balancer; nothing in it is decoded, and header names are in lower case. */
export function toAlbEvent(request: GatewayRequest): ALBEvent {
  const headers = groupValues(request.headers.map(([name, value]) => [name.toLowerCase(), value] as const));
  const query = groupValues(rawQuery(request.query));
  const last = (values: readonly string[]): string => values.at(-1) ?? "";
  const targetGroupArn = `arn:aws:elasticloadbalancing:eu-west-1:${accountId}:targetgroup/function/6d0ecf831eec9f09`;
  return {
    requestContext: { elb: { targetGroupArn } },
    httpMethod: request.method,
    path: request.path,
    ...(request.kind === "alb-multi-value"
      ? { multiValueQueryStringParameters: query, multiValueHeaders: headers }
      : { queryStringParameters: mapValues(query, last), headers: mapValues(headers, last) }),
    body: request.body ?? "",
    isBase64Encoded: request.isBase64Encoded,
  };
}

const noIdentity: Omit<APIGatewayProxyEvent["requestContext"]["identity"], "sourceIp" | "userAgent"> = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};

type Pairs = readonly (readonly [name: string, value: string])[];

function decodeQuery(query: string): Pairs {
  return [...new URLSearchParams(query)];
}

function rawQuery(query: string): Pairs {
  const pairs = query.split("&").filter(Boolean);
  return pairs.map((pair) => {
    const [name = "", ...value] = pair.split("=");
    return [name, value.join("=")];
  });
}

/** Decodes all escapes but those; what is no UTF-8 stays as it is. */
function decodeExcept(path: string, kept: string): string {
  return path.replace(new RegExp(`(?:%(?!${kept})[0-9a-f]{2})+`, "gi"), (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}

function groupValues(pairs: Pairs): Record<string, string[]> {
  // Without a prototype, as JSON has it: a caller may send `constructor`.
  const groups = Object.create(null) as Record<string, string[]>;
  const spelling = new Map<string, string>();
  for (const [name, value] of pairs) {
    const key = spelling.get(name.toLowerCase()) ?? name;
    spelling.set(name.toLowerCase(), key);
    groups[key] = [...(groups[key] ?? []), value];
  }
  return groups;
}

function joinValues(pairs: Pairs): Record<string, string> {
  return mapValues(groupValues(pairs), (values) => values.join(","));
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function orNull<T extends object>(record: T): T | null {
  return Object.keys(record).length > 0 ? record : null;
}

/** `21/Nov/2026:14:02:01 +0000` */
function clfTime(at: Date): string {
  const [, day, month, year, time] = at.toUTCString().split(" ");
  return `${day}/${month}/${year}:${time} +0000`;
}

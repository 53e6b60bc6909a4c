import { toHttpTrigger } from "../../test/runtimes/hosts/azure/trigger.ts";
import type { Front } from "./peer.ts";

/** The parts of an HTTP request that differ between works. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly body?: string;
  readonly base64?: boolean;
}

const cookieList = ["session=s3cr3t-0123456789abcdef", "theme=dark", "lang=de-CH"];
const stage = { accountId: "123456789012", apiId: "a1b2c3d4e5", stage: "$default" };

/** Twenty headers of a browser behind a gateway, the cookies among them. */
const headers: Readonly<Record<string, string>> = {
  accept: "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
  "accept-encoding": "gzip, deflate, br, zstd",
  "accept-language": "de-CH,de;q=0.8,en;q=0.5",
  authorization: `Bearer ${"eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.".repeat(8)}`,
  "cache-control": "no-cache",
  cookie: cookieList.join("; "),
  dnt: "1",
  host: "shop.example.com",
  origin: "https://shop.example.com",
  priority: "u=0, i",
  referer: "https://shop.example.com/shops/north/orders",
  "sec-fetch-dest": "document",
  "sec-fetch-mode": "navigate",
  "sec-fetch-site": "same-origin",
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  "x-amzn-trace-id": "Root=1-5759e988-bd862e3fe1be46a994272793",
  "x-forwarded-for": "203.0.113.7",
  "x-forwarded-port": "443",
  "x-forwarded-proto": "https",
  "x-request-id": "0b5c8e2e-6a2b-4d1e-9c57-2f1f2f8f0d11",
};

/** The event of a front, in the form its provider documents. */
export const toEvent: Readonly<Record<Front, (sent: Sent) => object>> = {
  v2: toV2,
  v1: toV1,
  alb: toAlb,
  azure: toAzure,
};

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function toV2(sent: Sent): object {
  const { cookie: _, ...rest } = headersOf(sent);
  const { method, path } = sent;
  return {
    version: "2.0",
    routeKey: `${method} /shops/{shop}/orders/{id}`,
    rawPath: path,
    rawQueryString: new URLSearchParams(sent.query).toString(),
    cookies: cookieList,
    headers: rest,
    queryStringParameters: sent.query,
    pathParameters: sent.params,
    requestContext: {
      ...stage,
      domainName: headers.host,
      domainPrefix: "shop",
      http: {
        method,
        path,
        protocol: "HTTP/1.1",
        sourceIp: "203.0.113.7",
        userAgent: headers["user-agent"],
      },
      requestId: "JKJaXmPLvHcESHA=",
      routeKey: `${method} /shops/{shop}/orders/{id}`,
      time: "12/Mar/2026:19:03:58 +0000",
      timeEpoch: 1773342238000,
    },
    ...bodyOf(sent),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html */
function toV1(sent: Sent): object {
  const { method, path } = sent;
  const own = headersOf(sent);
  return {
    resource: "/shops/{shop}/orders/{id}",
    path,
    httpMethod: method,
    headers: own,
    multiValueHeaders: toLists(own),
    queryStringParameters: sent.query,
    multiValueQueryStringParameters: toLists(sent.query),
    pathParameters: sent.params,
    stageVariables: null,
    requestContext: {
      ...stage,
      resourceId: "abc123",
      resourcePath: "/shops/{shop}/orders/{id}",
      httpMethod: method,
      path: `/prod${path}`,
      protocol: "HTTP/1.1",
      requestId: "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
      extendedRequestId: "FNRzIHTmPHcESHA=",
      requestTime: "12/Mar/2026:19:03:58 +0000",
      requestTimeEpoch: 1773342238000,
      domainName: headers.host,
      identity: { sourceIp: "203.0.113.7", userAgent: headers["user-agent"] },
    },
    body: null,
    ...bodyOf(sent),
  };
}

/** With single-value headers, which is the target group's default: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
function toAlb(sent: Sent): object {
  const targetGroupArn =
    "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/shop/6d0ecf831eec9f09";
  return {
    requestContext: { elb: { targetGroupArn } },
    httpMethod: sent.method,
    path: sent.path,
    queryStringParameters: sent.query,
    headers: headersOf(sent),
    body: "",
    ...bodyOf(sent),
  };
}

/** What the host sends to the worker, without the names of bindings; bytes as base64 until {@link reviveAzure}. */
function toAzure(sent: Sent): object {
  const query = new URLSearchParams(sent.query).toString();
  const request = {
    method: sent.method,
    url: `https://shop.azurewebsites.net${sent.path}${query && `?${query}`}`,
    headers: Object.entries(headersOf(sent)),
    body: sent.body === undefined ? undefined : Buffer.from(sent.body),
  };
  const { inputData, triggerMetadata } = toHttpTrigger(request, sent.params);
  const { body, ...http } = inputData.http;
  return {
    invocationId: "5d0a3bd1-9b1e-4e6c-8f37-0b6e4c1f8a55",
    triggerMetadata,
    traceContext: { traceParent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", traceState: "" },
    data: { http: { ...http, ...(body && { body: { base64: sent.body && btoa(sent.body) } }) } },
  };
}

interface Sparse {
  readonly data: { readonly http: { readonly body?: { readonly base64: string } } };
}

/** Gives the event of an Azure function its bytes, as the channel to the worker does. */
export function reviveAzure(event: unknown): unknown {
  const { data, ...rest } = event as Sparse;
  const { body, ...http } = data.http;
  const bytes = body && { body: { bytes: Buffer.from(body.base64, "base64") } };
  return { ...rest, data: { http: { ...http, ...bytes } } };
}

function headersOf({ contentType, body, base64 }: Sent): Record<string, string> {
  if (contentType === undefined || body === undefined) return { ...headers };
  const length = base64 ? Buffer.byteLength(body, "base64") : Buffer.byteLength(body);
  return { ...headers, "content-type": contentType, "content-length": String(length) };
}

function bodyOf({ body, base64 = false }: Sent): object {
  return body === undefined ? { isBase64Encoded: false } : { body, isBase64Encoded: base64 };
}

function toLists(values: Readonly<Record<string, string>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
}

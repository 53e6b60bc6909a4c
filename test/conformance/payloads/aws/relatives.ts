import { httpEvent, httpEventIn } from "./http.ts";

const REGION = "eu-west-1";
const API = `arn:aws:execute-api:${REGION}:123456789012:a1b2c3d4e5/prod`;

/** https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html */
export const LATTICE_EVENTS: readonly object[] = [
  {
    version: "2.0",
    path: "/orders",
    method: "GET",
    headers: { host: ["shop.vpc-lattice-svcs.eu-west-1.on.aws"] },
    queryStringParameters: { sku: ["tea", "milk"] },
    isBase64Encoded: false,
    requestContext: {
      serviceNetworkArn: `arn:aws:vpc-lattice:${REGION}:123456789012:servicenetwork/sn-0b1c2d3e4f5a6b7c8`,
      serviceArn: `arn:aws:vpc-lattice:${REGION}:123456789012:service/svc-0a1b2c3d4e5f6a7b8`,
      targetGroupArn: `arn:aws:vpc-lattice:${REGION}:123456789012:targetgroup/tg-0c1d2e3f4a5b6c7d8`,
      identity: { sourceVpcArn: `arn:aws:ec2:${REGION}:123456789012:vpc/vpc-0d1e2f3a4b5c6d7e8` },
      region: REGION,
      timeEpoch: "1772359200123456",
    },
  },
  {
    raw_path: "/orders?sku=tea",
    method: "GET",
    headers: { host: "shop.vpc-lattice-svcs.eu-west-1.on.aws" },
    query_string_parameters: { sku: "tea" },
    body: "",
    is_base64_encoded: false,
  },
];

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html */
export const AUTHORIZER_EVENTS: readonly object[] = [
  { type: "TOKEN", authorizationToken: "allow", methodArn: `${API}/GET/orders` },
  httpEvent("rest-api", { url: "/orders" }, { type: "REQUEST", methodArn: `${API}/GET/orders` }),
  httpEvent(
    "http-api",
    { url: "/orders" },
    { type: "REQUEST", routeArn: `${API}/GET/orders`, identitySource: ["allow"] },
  ),
  httpEvent(
    "rest-api",
    { url: "/orders" },
    { version: "1.0", type: "REQUEST", methodArn: `${API}/GET/orders`, identitySource: "allow" },
  ),
];

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html */
export function edgeEvent(eventType: string, change: object = {}): object {
  const request = {
    clientIp: "203.0.113.9",
    headers: {
      host: [{ key: "Host", value: "d111111abcdef8.cloudfront.net" }],
      "x-a": [
        { key: "X-A", value: "1" },
        { key: "X-A", value: "2" },
      ],
    },
    method: "GET",
    querystring: "q=a%20b",
    uri: "/orders",
    ...change,
  };
  const config = {
    distributionDomainName: "d111111abcdef8.cloudfront.net",
    eventType,
    requestId: "4TyzHTaY",
  };
  return { Records: [{ cf: { config, request } }] };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html */
export function socketEvent(eventType: "CONNECT" | "MESSAGE" | "DISCONNECT", change: object = {}): object {
  const routeKey = eventType === "MESSAGE" ? "$default" : `$${eventType.toLowerCase()}`;
  const context = {
    routeKey,
    eventType,
    connectionId: "FqKy2cQbjoECF8w=",
    connectedAt: 1772359200123,
    messageDirection: "IN",
    apiId: "a1b2c3d4e5",
    domainName: `a1b2c3d4e5.execute-api.${REGION}.amazonaws.com`,
    stage: "prod",
    requestId: "FqKy2EhmDoEFo7g=",
    identity: { sourceIp: "203.0.113.9" },
  };
  return { requestContext: context, isBase64Encoded: false, ...change };
}

/** What the handshake of a WebSocket API carries besides. */
export const SOCKET_CONNECT: object = socketEvent("CONNECT", {
  headers: { Host: `a1b2c3d4e5.execute-api.${REGION}.amazonaws.com`, "Sec-WebSocket-Version": "13" },
  multiValueHeaders: {
    Host: [`a1b2c3d4e5.execute-api.${REGION}.amazonaws.com`],
    "Sec-WebSocket-Version": ["13"],
  },
  queryStringParameters: { room: "2" },
  multiValueQueryStringParameters: { room: ["1", "2"] },
});

/** A REST API's request that has what a WebSocket API adds; the route's method can be set there. */
export const SOCKET_WITH_METHOD: object = httpEventIn("rest-api", {
  connectionId: "FqKy2cQbjoECF8w=",
  eventType: "CONNECT",
});

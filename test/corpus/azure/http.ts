import { http } from "@anyfn/core";
import { type Expectation, sendHttp, sendTyped } from "./delivery.ts";

/** HTTP requests, as the host or a front end wrote them. */
export const HTTP: Readonly<Record<string, Expectation>> = {
  "azure/http/app-service-get.json": {
    trigger: http.any("/api/{rest+}"),
    send: sendTyped,
    events: [
      {
        method: "GET",
        path: "/api/test-serverless-adapter/users",
        params: { rest: "test-serverless-adapter/users" },
        query: [["code", "REDACTED"]],
        clientIp: "3.3.3.3",
        body: undefined,
        "header:sec-ch-ua-platform": '"Linux"',
      },
    ],
  },
  "azure/http/custom-handler-post.json": {
    trigger: http.post("/api/order"),
    send: ({ Data }: { Data: { req: { Url: string; Method: string; Body: string } } }) =>
      sendTyped({
        http: { url: Data.req.Url, method: Data.req.Method, headers: {}, body: { string: Data.req.Body } },
      }),
    events: [{ method: "POST", path: "/api/order", body: '{"id":1005,"quantity":2,"color":"black"}' }],
  },
  "azure/http/easy-auth-app-service.json": {
    trigger: http.get("/api/helloWorld"),
    send: sendTyped,
    events: [
      {
        path: "/api/helloWorld",
        "header:x-ms-client-principal-name": "test@example.com",
        clientIp: undefined,
      },
    ],
  },
  "azure/http/invocation-request-v4.json": {
    trigger: http.get("/"),
    events: [
      {
        method: "GET",
        url: "https://mock/",
        path: "/",
        body: undefined,
        "header:header1": "value1",
        traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
        attempt: 1,
      },
    ],
  },
  "azure/http/rpc-binary-body.json": {
    trigger: http.post("/api/helloWorld"),
    send: sendTyped,
    events: [{ bytes: [0, 1, 2, 255, 254, 128, 127], "header:content-type": "application/octet-stream" }],
  },
  "azure/http/rpc-form-urlencoded.json": {
    trigger: http.post("/api/helloWorld"),
    send: sendTyped,
    events: [
      {
        form: [
          ["name", "Azure Functions"],
          ["greeting", "Hello"],
        ],
      },
    ],
  },
  "azure/http/rpc-json-body.json": {
    trigger: http.post("/api/helloWorld"),
    send: sendTyped,
    events: [{ body: '{ "hello": "1" }' }],
  },
  "azure/http/rpc-multipart-file.json": {
    trigger: http.post("/api/HttpForm1"),
    send: sendTyped,
    events: [{ form: [["myfile", { file: "test.txt", type: "text/plain", size: 12 }]] }],
  },
  "azure/http/rpc-multipart.json": {
    trigger: http.post("/api/helloWorld"),
    send: sendTyped,
    events: [
      {
        form: [
          ["name", "Azure Functions"],
          ["greeting", "Hello"],
        ],
      },
    ],
  },
  "azure/http/rpc-nullable-maps.json": {
    trigger: http.get("/api/items/{id}"),
    send: sendTyped,
    events: [
      {
        params: { id: "42" },
        query: [
          ["flag", ""],
          ["q", "a b"],
        ],
        "header:x-empty": "",
        "header:accept": "*/*",
      },
    ],
  },
  "azure/http/rpc-route-params-query.json": {
    trigger: http.get("/api/products/{category}/{id}"),
    send: sendTyped,
    events: [{ params: { category: "electronics", id: "357" }, query: [["sort", "desc"]] }],
  },
  "azure/http/rpc-text-body.json": {
    trigger: http.post("/api/helloWorld"),
    send: sendTyped,
    events: [{ body: "body1", "header:content-type": "text/plain" }],
  },
  "azure/http/trigger-metadata-browser-get.json": {
    trigger: http.get("/api/hello"),
    send: ({ triggerMetadata }: { triggerMetadata: { Headers: { json: string } } }) =>
      sendTyped({
        http: {
          url: "http://localhost:7071/api/hello",
          method: "GET",
          headers: JSON.parse(triggerMetadata.Headers.json),
        },
      }),
    events: [{ query: [], "header:host": "localhost:7071", "header:sec-ch-ua-mobile": "?0" }],
  },
  "azure/web-pubsub/user-event-http.json": {
    trigger: http.post("/upstream"),
    send: sendHttp,
    events: [{ method: "POST", body: "hello", "header:ce-connectionid": "0123456789abcdef" }],
  },
};

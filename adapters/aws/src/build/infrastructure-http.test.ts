import { defineFunction, http } from "@anyfn/core";
import { describe, expect, test } from "vitest";
import { specProblems } from "../../../../test/support/service-spec.ts";
import { alone, GIVEN, ofType, propertiesOf, REST, templateOf } from "./_testing.ts";

const handler = () => undefined;

describe("requests", () => {
  test("reach each function by a route of its own; preflights too", () => {
    const routes = ofType(templateOf(GIVEN), "AWS::ApiGatewayV2::Route").map(
      ([, { Properties }]) => Properties.RouteKey,
    );
    expect(routes).toEqual([
      "ANY /files/{path+}",
      "GET /items/{id}",
      "HEAD /items/{id}",
      "OPTIONS /items/{id}",
      "PUT /items/{id}",
    ]);
  });

  test("are let in by method and path", () => {
    const template = templateOf(GIVEN);
    const source = (id: string) => JSON.stringify(propertiesOf(template, id).SourceArn);
    expect(source("GetItemFunctionPermissionHead")).toContain('/*/HEAD/items/*"');
    expect(source("FilesFunctionPermissionAny")).toContain('/*/*/files/*"');
  });

  test("that may take longer than an HTTP API waits go to a URL, with both permissions", () => {
    const template = templateOf(GIVEN);
    const FunctionName = { Ref: "ExportFunction.Alias" };
    expect(propertiesOf(template, "ExportFunctionUrl")).toEqual({
      AuthType: "NONE",
      InvokeMode: "BUFFERED",
      TargetFunctionArn: FunctionName,
    });
    expect(propertiesOf(template, "ExportFunctionUrlPermission")).toEqual({
      Action: "lambda:InvokeFunctionUrl",
      FunctionName,
      FunctionUrlAuthType: "NONE",
      Principal: "*",
    });
    expect(propertiesOf(template, "ExportFunctionUrlInvokePermission")).toEqual({
      Action: "lambda:InvokeFunction",
      FunctionName,
      InvokedViaFunctionUrl: true,
      Principal: "*",
    });
  });

  test.each([
    [{ streaming: true }, "FnFunctionUrl", { InvokeMode: "RESPONSE_STREAM" }],
    [
      { streaming: true, front: "rest-api" },
      "FnFunctionMethodGet",
      {
        Integration: {
          ResponseTransferMode: "STREAM",
          Uri: {
            "Fn::Sub": [
              expect.stringContaining("2021-11-15/functions/"),
              { Alias: { Ref: "FnFunction.Alias" } },
            ],
          },
        },
      },
    ],
    [
      { front: "rest-api" },
      "FnFunctionMethodGet",
      { Integration: { ResponseTransferMode: "BUFFERED", TimeoutInMillis: 29_000 } },
    ],
  ] as const)("with %j", (own, id, expected) => {
    const definition = defineFunction({ trigger: http.get("/"), handler });
    expect(propertiesOf(alone(definition, { functions: { fn: own } }), id)).toMatchObject(expected);
  });

  test("reach a REST API undamaged, and one with other methods is deployed anew", () => {
    expect(propertiesOf(templateOf(REST), "RestApi").BinaryMediaTypes).toEqual(["*/*"]);
    const deployment = (path: string) =>
      ofType(
        alone(defineFunction({ trigger: http.get(path), handler }), REST),
        "AWS::ApiGateway::Deployment",
      )[0]?.[0];
    expect(deployment("/a")).not.toBe(deployment("/b"));
    expect(deployment("/a")).toBe(deployment("/a"));
  });

  test("share the resources of a path, whatever its parameters are called", () => {
    const template = templateOf(REST, {
      one: defineFunction({ trigger: http.get("/shops/{shop}"), handler }),
      two: defineFunction({ trigger: http.get("/shops/{id}/orders"), handler }),
    });
    const parts = ofType(template, "AWS::ApiGateway::Resource").map(
      ([, { Properties }]) => Properties.PathPart,
    );
    expect(parts.sort()).toEqual(["orders", "shops", "{p1}"]);
    expect(specProblems(template)).toEqual([]);
  });
});

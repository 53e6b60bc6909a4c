import { permission } from "./infrastructure-function.ts";
import {
  hashOf,
  idOf,
  ownArn,
  type Parts,
  type Resource,
  ref,
  sub,
  type Value,
} from "./infrastructure-template.ts";
import { type App, type Unit, unitsBehind } from "./infrastructure-units.ts";

/** A method and path that a front hands to a function. */
export interface Route {
  readonly unit: Unit;
  /** Upper case; `"*"` for any. */
  readonly method: string;
  /** Path template, which API Gateway writes as we do. */
  readonly path: string;
}

/** The fronts of the functions that answer requests. */
export function httpParts(app: App): readonly Parts[] {
  return [httpApi(routesOf(app, "http-api")), ...unitsBehind(app, "function-url").map(functionUrl)];
}

/** Routes of one front. The preflight of a function that answers other origins is one of its own. */
export function routesOf(app: App, front: "http-api" | "rest-api"): readonly Route[] {
  const routes = new Map<string, Route>();
  const units = unitsBehind(app, front);
  const add = (unit: Unit, method: string, path: string) => {
    const key = `${method} ${path.replace(/\{[^}+]*/g, "{")}`;
    if (!routes.has(key)) routes.set(key, { unit, method, path });
  };
  for (const { trigger, ...unit } of units)
    for (const method of trigger.methods) add(unit, method, trigger.path);
  for (const { trigger, ...unit } of units) {
    if (trigger.cors !== undefined && !trigger.methods.includes("*")) add(unit, "OPTIONS", trigger.path);
  }
  return [...routes.values()];
}

/** Part of an id that tells a function's routes apart. */
export function routeId({ unit, method, path }: Route): string {
  const own = unit.definition.trigger as { readonly path?: string };
  return `${method === "*" ? "Any" : idOf(method.toLowerCase())}${own.path === path ? "" : hashOf(path)}`;
}

/** Where a request comes from, with anything in place of path parameters. */
export function sourceOfRoute(api: string, { method, path }: Route): Value {
  return ownArn("execute-api", `\${${api}}/*/${method}${path.replace(/\{[^}]*\}/g, "*")}`);
}

function httpApi(routes: readonly Route[]): Parts {
  if (routes.length === 0) return {};
  const integrations = routes.map(({ unit }) => [`${unit.id}Integration`, integration(unit)] as const);
  return {
    Resources: {
      HttpApi: {
        Type: "AWS::ApiGatewayV2::Api",
        Properties: { Name: ref("AWS::StackName"), ProtocolType: "HTTP" },
      },
      HttpApiStage: {
        Type: "AWS::ApiGatewayV2::Stage",
        Properties: { ApiId: ref("HttpApi"), AutoDeploy: true, StageName: "$default" },
      },
      ...Object.fromEntries(integrations),
      ...Object.fromEntries(routes.flatMap(routeResources)),
    },
    Outputs: {
      HttpApiUrl: {
        Description: "Where the HTTP API answers",
        Value: { "Fn::GetAtt": ["HttpApi", "ApiEndpoint"] },
      },
    },
  };
}

function integration({ alias, definition }: Unit): Resource {
  return {
    Type: "AWS::ApiGatewayV2::Integration",
    Properties: {
      ApiId: ref("HttpApi"),
      IntegrationType: "AWS_PROXY",
      IntegrationUri: alias,
      PayloadFormatVersion: "2.0",
      TimeoutInMillis: Math.min(definition.timeout * 1000, 30_000),
    },
  };
}

function routeResources(route: Route): [string, Resource][] {
  const { unit, method, path } = route;
  const id = routeId(route);
  const properties = {
    ApiId: ref("HttpApi"),
    RouteKey: `${method === "*" ? "ANY" : method} ${path}`,
    Target: sub(`integrations/\${${unit.id}Integration}`),
  };
  return [
    [`${unit.id}Route${id}`, { Type: "AWS::ApiGatewayV2::Route", Properties: properties }],
    [
      `${unit.id}Permission${id}`,
      permission(unit, "apigateway.amazonaws.com", sourceOfRoute("HttpApi", route)),
    ],
  ];
}

/** A URL that everybody may call. New ones need both permissions: with the first alone every caller gets a 403. */
function functionUrl(unit: Unit): Parts {
  const { id, alias, settings } = unit;
  const open = (Action: string, more: Readonly<Record<string, Value>>): Resource => ({
    Type: "AWS::Lambda::Permission",
    Properties: { Action, FunctionName: alias, Principal: "*", ...more },
  });
  return {
    Resources: {
      [`${id}Url`]: {
        Type: "AWS::Lambda::Url",
        Properties: {
          AuthType: "NONE",
          InvokeMode: settings.streaming ? "RESPONSE_STREAM" : "BUFFERED",
          TargetFunctionArn: alias,
        },
      },
      [`${id}UrlPermission`]: open("lambda:InvokeFunctionUrl", { FunctionUrlAuthType: "NONE" }),
      [`${id}UrlInvokePermission`]: open("lambda:InvokeFunction", { InvokedViaFunctionUrl: true }),
    },
    Outputs: {
      [`${id}Url`]: {
        Description: `Where ${unit.name} answers`,
        Value: { "Fn::GetAtt": [`${id}Url`, "FunctionUrl"] },
      },
    },
  };
}

import { permission } from "./infrastructure-function.ts";
import { type Route, routeId, routesOf, sourceOfRoute } from "./infrastructure-http.ts";
import { hashOf, type Parts, type Resource, ref, sub, type Value } from "./infrastructure-template.ts";
import type { App } from "./infrastructure-units.ts";

const STAGE = "live";

/** A REST API for the functions that ask for one. */
export function restParts(app: App): readonly Parts[] {
  const routes = routesOf(app, "rest-api");
  if (routes.length === 0) return [];
  const methods = Object.fromEntries(routes.map((route) => [methodId(route), methodOf(route)]));
  const resources = Object.fromEntries(routes.flatMap(({ path }) => resourcesOf(path)));
  // A deployment never changes: one with other methods is another one.
  const deployment = `RestApiDeployment${hashOf(JSON.stringify([methods, resources]))}`;
  return [
    {
      Resources: {
        RestApi: {
          Type: "AWS::ApiGateway::RestApi",
          Properties: {
            // Without them, bodies that are no text arrive damaged.
            BinaryMediaTypes: ["*/*"],
            EndpointConfiguration: { Types: ["REGIONAL"] },
            Name: ref("AWS::StackName"),
          },
        },
        [deployment]: {
          Type: "AWS::ApiGateway::Deployment",
          DependsOn: Object.keys(methods).sort(),
          Properties: { RestApiId: ref("RestApi") },
        },
        RestApiStage: {
          Type: "AWS::ApiGateway::Stage",
          Properties: { DeploymentId: ref(deployment), RestApiId: ref("RestApi"), StageName: STAGE },
        },
        ...resources,
        ...methods,
        ...Object.fromEntries(routes.map((route) => [permissionId(route), permissionOf(route)])),
      },
      Outputs: {
        RestApiUrl: {
          Description: "Where the REST API answers",
          Value: sub(`https://\${RestApi}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/${STAGE}`),
        },
      },
    },
  ];
}

const methodId = (route: Route) => `${route.unit.id}Method${routeId(route)}`;
const permissionId = (route: Route) => `${route.unit.id}Permission${routeId(route)}`;
const permissionOf = (route: Route) =>
  permission(route.unit, "apigateway.amazonaws.com", sourceOfRoute("RestApi", route));

function methodOf({ unit, method, path }: Route): Resource {
  const { settings, definition, alias } = unit;
  const isStreaming = settings.streaming === true;
  const [date, invocations] = isStreaming
    ? ["2021-11-15", "response-streaming-invocations"]
    : ["2015-03-31", "invocations"];
  const longest = isStreaming ? 900_000 : 29_000;
  return {
    Type: "AWS::ApiGateway::Method",
    Properties: {
      AuthorizationType: "NONE",
      HttpMethod: method === "*" ? "ANY" : method,
      Integration: {
        IntegrationHttpMethod: "POST",
        ResponseTransferMode: isStreaming ? "STREAM" : "BUFFERED",
        TimeoutInMillis: Math.min(definition.timeout * 1000, longest),
        Type: "AWS_PROXY",
        Uri: sub(
          `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/${date}/functions/\${Alias}/${invocations}`,
          {
            Alias: alias,
          },
        ),
      },
      ResourceId: resourceOf(segmentsOf(path)),
      RestApiId: ref("RestApi"),
    },
  };
}

/** The resource of each segment: a REST API is a tree. */
function resourcesOf(path: string): [string, Resource][] {
  const segments = segmentsOf(path);
  return segments.map((PathPart, index) => {
    const Properties = {
      ParentId: resourceOf(segments.slice(0, index)),
      PathPart,
      RestApiId: ref("RestApi"),
    };
    return [resourceId(segments.slice(0, index + 1)), { Type: "AWS::ApiGateway::Resource", Properties }];
  });
}

function resourceOf(segments: readonly string[]): Value {
  return segments.length === 0 ? { "Fn::GetAtt": ["RestApi", "RootResourceId"] } : ref(resourceId(segments));
}

const resourceId = (segments: readonly string[]) => `RestApiResource${hashOf(segments.join("/"))}`;

/** A REST API has one name for the parameter in a place; functions find theirs by their own templates. */
function segmentsOf(path: string): readonly string[] {
  const segments = path.split("/").filter((segment) => segment !== "");
  return segments.map((segment, index) => {
    if (!segment.startsWith("{")) return segment;
    return segment.endsWith("+}") ? "{rest+}" : `{p${index}}`;
  });
}

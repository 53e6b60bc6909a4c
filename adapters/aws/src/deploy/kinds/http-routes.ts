import { ifThere } from "../_errors.ts";
import type { Aws, Found, ResourceKind } from "../kind.ts";
import { everything, fromMark, known, together, toMark } from "./_service.ts";
import { httpApis } from "./http-api.ts";

const GONE = "NotFoundException";

/** How an HTTP API calls a function. They have no names: the description tells them apart. */
export const integration: ResourceKind = {
  type: "AWS::ApiGatewayV2::Integration",
  label: "HTTP API integration",
  immutable: ["ApiId"],
  read: async ({ aws, name, properties }) => {
    const ApiId = known(properties.ApiId);
    return ApiId === undefined
      ? undefined
      : (await integrationsOf(aws, ApiId)).find((one) => one.name === name);
  },
  create: async ({ aws, name, properties }) => {
    const client = await aws.clients.apiGatewayV2();
    const declared = properties as unknown as Integration;
    const { IntegrationId = "" } = await client.createIntegration({
      ...declared,
      Description: toMark(aws, name),
    });
    return partOf(declared.ApiId, IntegrationId, name, properties);
  },
  update: async ({ aws, name, properties }, found) => {
    const client = await aws.clients.apiGatewayV2();
    const { ApiId, ...declared } = properties as unknown as Integration;
    const { Ref: IntegrationId = "" } = found.attributes;
    await client.updateIntegration({ ...declared, ApiId, IntegrationId });
    return partOf(ApiId, IntegrationId, name, properties);
  },
  remove: async ({ aws }, { parent: ApiId, attributes }) => {
    const client = await aws.clients.apiGatewayV2();
    await ifThere(client.deleteIntegration({ ApiId, IntegrationId: attributes.Ref }), GONE);
  },
  list: (aws) => inEach(aws, integrationsOf),
};

/** Which requests an integration gets. */
export const route: ResourceKind = {
  type: "AWS::ApiGatewayV2::Route",
  label: "route",
  immutable: ["ApiId"],
  read: async ({ aws, properties }) => {
    const ApiId = known(properties.ApiId);
    const key = shapeOf(properties.RouteKey);
    if (ApiId === undefined) return undefined;
    return (await routesOf(aws, ApiId)).find((one) => shapeOf(one.properties.RouteKey) === key);
  },
  create: async ({ aws, properties }) => {
    const client = await aws.clients.apiGatewayV2();
    const declared = properties as unknown as Route;
    const { RouteId = "" } = await client.createRoute(declared);
    return partOf(declared.ApiId, RouteId, declared.RouteKey, properties);
  },
  update: async ({ aws, properties }, found) => {
    const client = await aws.clients.apiGatewayV2();
    const declared = properties as unknown as Route;
    const { Ref: RouteId = "" } = found.attributes;
    await client.updateRoute({ ...declared, RouteId });
    return partOf(declared.ApiId, RouteId, declared.RouteKey, properties);
  },
  remove: async ({ aws }, { parent: ApiId, attributes }) => {
    const client = await aws.clients.apiGatewayV2();
    await ifThere(client.deleteRoute({ ApiId, RouteId: attributes.Ref }), GONE);
  },
  list: (aws) =>
    inEach(aws, async (_, ApiId) => {
      const integrations = await integrationsOf(aws, ApiId);
      const targets = integrations.map(({ attributes }) => `integrations/${attributes.Ref}`);
      const routes = await routesOf(aws, ApiId);
      return routes.filter(({ properties }) => targets.includes(String(properties.Target)));
    }),
};

type Integration = {
  readonly ApiId: string;
  readonly IntegrationType: "AWS_PROXY";
  readonly IntegrationUri: string;
  readonly PayloadFormatVersion: string;
  readonly TimeoutInMillis: number;
};

type Route = { readonly ApiId: string; readonly RouteKey: string; readonly Target: string };

/** The names of a path's parameters make no other route. */
const shapeOf = (routeKey: unknown) => String(routeKey).replace(/\{[^}+]*/g, "{");

const partOf = (ApiId: string, Ref: string, name: string, properties: Found["properties"]): Found => ({
  id: `${ApiId}/${Ref}`,
  name,
  properties,
  attributes: { Ref },
  parent: ApiId,
});

async function inEach(
  aws: Aws,
  parts: (aws: Aws, api: string) => Promise<readonly Found[]>,
): Promise<readonly Found[]> {
  const apis = await httpApis(aws);
  return (await Promise.all(apis.map(({ id }) => parts(aws, id)))).flat();
}

function integrationsOf(aws: Aws, ApiId: string): Promise<readonly Found[]> {
  return together(aws, `integrations of ${ApiId}`, async () => {
    const client = await aws.clients.apiGatewayV2();
    const all = await everything(async (NextToken) => {
      const page = await ifThere(client.getIntegrations({ ApiId, NextToken }), GONE);
      return [page?.Items, page?.NextToken];
    });
    return all.flatMap((one) => {
      const name = fromMark(aws, one.Description);
      const {
        IntegrationId = "",
        IntegrationType,
        IntegrationUri,
        PayloadFormatVersion,
        TimeoutInMillis,
      } = one;
      const properties = { ApiId, IntegrationType, IntegrationUri, PayloadFormatVersion, TimeoutInMillis };
      return name === undefined ? [] : partOf(ApiId, IntegrationId, name, properties);
    });
  });
}

function routesOf(aws: Aws, ApiId: string): Promise<readonly Found[]> {
  return together(aws, `routes of ${ApiId}`, async () => {
    const client = await aws.clients.apiGatewayV2();
    const all = await everything(async (NextToken) => {
      const page = await ifThere(client.getRoutes({ ApiId, NextToken }), GONE);
      return [page?.Items, page?.NextToken];
    });
    return all.map(({ RouteId = "", RouteKey = "", Target }) =>
      partOf(ApiId, RouteId, RouteKey, { ApiId, RouteKey, Target }),
    );
  });
}

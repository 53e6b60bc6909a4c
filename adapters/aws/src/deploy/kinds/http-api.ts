import { ifThere } from "../_errors.ts";
import { type Aws, type Found, isOurs, type ResourceKind } from "../kind.ts";
import { everything, known, together } from "./_service.ts";

const GONE = "NotFoundException";

/** An HTTP API. */
export const httpApi: ResourceKind = {
  type: "AWS::ApiGatewayV2::Api",
  label: "HTTP API",
  immutable: ["ProtocolType"],
  read: async ({ aws, properties }) =>
    (await httpApis(aws)).find((api) => api.properties.Name === properties.Name),
  create: async ({ aws, properties, tags }) => {
    const client = await aws.clients.apiGatewayV2();
    const { ApiId = "", ApiEndpoint = "" } = await client.createApi({
      Name: properties.Name as string,
      ProtocolType: "HTTP",
      Tags: { ...tags },
    });
    return {
      id: ApiId,
      name: properties.Name as string,
      properties,
      attributes: { Ref: ApiId, ApiEndpoint },
    };
  },
  // The name is what it is found by.
  update: async ({ properties }, found) => ({ ...found, properties }),
  remove: async ({ aws }, { id: ApiId }) => {
    const client = await aws.clients.apiGatewayV2();
    await ifThere(client.deleteApi({ ApiId }), GONE);
  },
  list: (aws) => httpApis(aws),
};

/** What a deployed HTTP API answers with. */
export const httpApiStage: ResourceKind = {
  type: "AWS::ApiGatewayV2::Stage",
  label: "HTTP API stage",
  immutable: ["ApiId", "StageName"],
  read: async ({ aws, name, properties }) => {
    const ApiId = known(properties.ApiId);
    if (ApiId === undefined) return undefined;
    const client = await aws.clients.apiGatewayV2();
    const StageName = properties.StageName as string;
    const stage = await ifThere(client.getStage({ ApiId, StageName }), GONE);
    if (stage === undefined) return undefined;
    return {
      ...stageOf(name, { ApiId, AutoDeploy: stage.AutoDeploy ?? false, StageName }),
      tags: stage.Tags,
    };
  },
  create: async ({ aws, name, properties, tags }) => {
    const client = await aws.clients.apiGatewayV2();
    const stage = properties as unknown as Stage;
    await client.createStage({ ...stage, Tags: { ...tags } });
    return stageOf(name, stage);
  },
  update: async ({ aws, name, properties }) => {
    const client = await aws.clients.apiGatewayV2();
    const stage = properties as unknown as Stage;
    await client.updateStage(stage);
    return stageOf(name, stage);
  },
  remove: async ({ aws }, { id }) => {
    const client = await aws.clients.apiGatewayV2();
    const [ApiId, StageName] = id.split("/");
    await ifThere(client.deleteStage({ ApiId, StageName }), GONE);
  },
};

/** The stage's HTTP APIs. */
export function httpApis(aws: Aws): Promise<readonly Found[]> {
  return together(aws, "HTTP APIs", async () => {
    const client = await aws.clients.apiGatewayV2();
    const apis = await everything(async (NextToken) => {
      const page = await client.getApis({ NextToken });
      return [page.Items, page.NextToken];
    });
    return apis
      .filter(({ Tags = {} }) => isOurs(aws, Tags))
      .map(({ ApiId = "", ApiEndpoint = "", Name = "", ProtocolType, Tags }) => ({
        id: ApiId,
        name: Name,
        properties: { Name, ProtocolType },
        attributes: { Ref: ApiId, ApiEndpoint },
        tags: Tags,
      }));
  });
}

type Stage = { readonly ApiId: string; readonly AutoDeploy: boolean; readonly StageName: string };

const stageOf = (name: string, properties: Stage): Found => {
  const { ApiId, StageName } = properties;
  return { id: `${ApiId}/${StageName}`, name, properties, attributes: { Ref: StageName }, parent: ApiId };
};

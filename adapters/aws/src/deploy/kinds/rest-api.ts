import type { EndpointType, PatchOperation } from "@aws-sdk/client-api-gateway";
import { ifThere, isNamed } from "../_errors.ts";
import { retry } from "../_retry.ts";
import { type Aws, type Found, isOurs, type ResourceKind } from "../kind.ts";
import { everything, fromMark, known, together, toMark } from "./_service.ts";

const GONE = "NotFoundException";

/** A REST API. */
export const restApi: ResourceKind = {
  type: "AWS::ApiGateway::RestApi",
  label: "REST API",
  immutable: ["EndpointConfiguration"],
  read: async ({ aws, properties }) => {
    const found = (await restApis(aws)).find((api) => api.properties.Name === properties.Name);
    // Where there are none, API Gateway says nothing; services that are like it say none whatever they were given.
    const isSilent = typesOf(found?.properties ?? {})?.length === 0;
    const { BinaryMediaTypes } = properties;
    return found && isSilent ? { ...found, properties: { ...found.properties, BinaryMediaTypes } } : found;
  },
  create: async ({ aws, properties, tags }) => {
    const client = await aws.clients.apiGateway();
    const { Name, BinaryMediaTypes = [], EndpointConfiguration } = properties as unknown as RestApi;
    const asked = {
      name: Name,
      binaryMediaTypes: [...BinaryMediaTypes],
      endpointConfiguration: { types: [...EndpointConfiguration.Types] },
      tags: { ...tags },
    };
    const { id = "", rootResourceId = "" } = await patiently(aws, () => client.createRestApi(asked));
    return { id, name: Name, properties, attributes: { Ref: id, RootResourceId: rootResourceId } };
  },
  update: async ({ aws, properties }, found) => {
    const client = await aws.clients.apiGateway();
    const [before, after] = [typesOf(found.properties) ?? [], typesOf(properties) ?? []];
    const patch = (op: "add" | "remove", types: readonly string[]): PatchOperation[] =>
      types.map((type) => ({ op, path: `/binaryMediaTypes/${type.replaceAll("/", "~1")}` }));
    const added = after.filter((type) => !before.includes(type));
    const removed = before.filter((type) => !after.includes(type));
    const patchOperations = [...patch("add", added), ...patch("remove", removed)];
    await client.updateRestApi({ restApiId: found.id, patchOperations });
    return { ...found, properties };
  },
  remove: async ({ aws }, { id: restApiId }) => {
    const client = await aws.clients.apiGateway();
    // One of an account goes every thirty seconds.
    await patiently(aws, () => ifThere(client.deleteRestApi({ restApiId }), GONE));
  },
  list: (aws) => restApis(aws),
};

/** What a REST API answers with: its methods at one moment. */
export const restDeployment: ResourceKind = {
  type: "AWS::ApiGateway::Deployment",
  label: "REST API deployment",
  immutable: ["RestApiId"],
  read: async ({ aws, name, properties }) => {
    const api = known(properties.RestApiId);
    return api === undefined ? undefined : (await deploymentsOf(aws, api)).find((one) => one.name === name);
  },
  create: async ({ aws, name, properties }) => {
    const client = await aws.clients.apiGateway();
    const restApiId = properties.RestApiId as string;
    const description = toMark(aws, name);
    const { id = "" } = await patiently(aws, () => client.createDeployment({ restApiId, description }));
    return deploymentAt(restApiId, id, name);
  },
  update: async (_resource, found) => found,
  remove: async ({ aws }, { parent: restApiId, attributes }) => {
    const client = await aws.clients.apiGateway();
    const deploymentId = attributes.Ref;
    await patiently(aws, () => ifThere(client.deleteDeployment({ restApiId, deploymentId }), GONE));
  },
  list: async (aws) => {
    const apis = await restApis(aws);
    return (await Promise.all(apis.map(({ id }) => deploymentsOf(aws, id)))).flat();
  },
};

/** Where a REST API answers. */
export const restStage: ResourceKind = {
  type: "AWS::ApiGateway::Stage",
  label: "REST API stage",
  immutable: ["RestApiId", "StageName"],
  read: async ({ aws, name, properties }) => {
    const restApiId = known(properties.RestApiId);
    if (restApiId === undefined) return undefined;
    const client = await aws.clients.apiGateway();
    const stageName = properties.StageName as string;
    const stage = await ifThere(client.getStage({ restApiId, stageName }), GONE);
    if (stage === undefined) return undefined;
    const found = { DeploymentId: stage.deploymentId, RestApiId: restApiId, StageName: stageName };
    return { ...stageOf(name, found), tags: stage.tags ?? {} };
  },
  create: async ({ aws, name, properties, tags }) => {
    const client = await aws.clients.apiGateway();
    const {
      RestApiId: restApiId,
      StageName: stageName,
      DeploymentId: deploymentId,
    } = properties as RestStage;
    await patiently(aws, () => client.createStage({ restApiId, stageName, deploymentId, tags: { ...tags } }));
    return stageOf(name, properties);
  },
  update: async ({ aws, name, properties }) => {
    const client = await aws.clients.apiGateway();
    const { RestApiId: restApiId, StageName: stageName, DeploymentId: value } = properties as RestStage;
    const patchOperations: PatchOperation[] = [{ op: "replace", path: "/deploymentId", value }];
    await patiently(aws, () => client.updateStage({ restApiId, stageName, patchOperations }));
    return stageOf(name, properties);
  },
  remove: async ({ aws }, { parent: restApiId, attributes }) => {
    const client = await aws.clients.apiGateway();
    await patiently(aws, () => ifThere(client.deleteStage({ restApiId, stageName: attributes.Ref }), GONE));
  },
};

/** The stage's REST APIs. */
export function restApis(aws: Aws): Promise<readonly Found[]> {
  return together(aws, "REST APIs", async () => {
    const client = await aws.clients.apiGateway();
    const apis = await everything(async (position) => {
      const page = await client.getRestApis({ position, limit: 500 });
      return [page.items, page.position];
    });
    return apis
      .filter(({ tags = {} }) => isOurs(aws, tags))
      .map(({ id = "", name = "", binaryMediaTypes, endpointConfiguration, rootResourceId = "", tags }) => ({
        id,
        name,
        properties: {
          BinaryMediaTypes: binaryMediaTypes,
          EndpointConfiguration: { Types: endpointConfiguration?.types },
          Name: name,
        },
        attributes: { Ref: id, RootResourceId: rootResourceId },
        tags,
      }));
  });
}

/** API Gateway makes few changes of one API at a time, and few of one account. */
export function patiently<T>(aws: Aws, act: () => Promise<T>): Promise<T> {
  const passes = (error: unknown) => isNamed(error, "ConflictException", "TooManyRequestsException");
  return retry(aws, act, passes, { doing: "API Gateway to take the next change", longest: 180_000 });
}

type RestApi = {
  readonly BinaryMediaTypes?: readonly string[];
  readonly EndpointConfiguration: { readonly Types: readonly EndpointType[] };
  readonly Name: string;
};

type RestStage = {
  readonly DeploymentId?: string | undefined;
  readonly RestApiId?: string;
  readonly StageName?: string;
};

const typesOf = (properties: Found["properties"]) => (properties as Partial<RestApi>).BinaryMediaTypes;

function deploymentsOf(aws: Aws, restApiId: string): Promise<readonly Found[]> {
  return together(aws, `deployments of ${restApiId}`, async () => {
    const client = await aws.clients.apiGateway();
    const all = await everything(async (position) => {
      const page = await ifThere(client.getDeployments({ restApiId, position, limit: 500 }), GONE);
      return [page?.items, page?.position];
    });
    return all.flatMap(({ id = "", description }) => {
      const name = fromMark(aws, description);
      return name === undefined ? [] : deploymentAt(restApiId, id, name);
    });
  });
}

const deploymentAt = (RestApiId: string, id: string, name: string): Found => ({
  id: `${RestApiId}/${id}`,
  name,
  properties: { RestApiId },
  attributes: { Ref: id },
  parent: RestApiId,
});

function stageOf(name: string, properties: RestStage): Found {
  const { RestApiId: parent = "", StageName = "" } = properties;
  return { id: `${parent}/${StageName}`, name, properties, attributes: { Ref: StageName }, parent };
}

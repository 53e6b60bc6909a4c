import type { Method, Resource as PathResource } from "@aws-sdk/client-api-gateway";
import { ifThere } from "../_errors.ts";
import type { Aws, Found, ResourceKind } from "../kind.ts";
import { everything, fromMark, known, together, toMark } from "./_service.ts";
import { patiently, restApis } from "./rest-api.ts";

const GONE = "NotFoundException";

/** A segment of a REST API's paths. */
export const restResource: ResourceKind = {
  type: "AWS::ApiGateway::Resource",
  label: "REST API path",
  immutable: ["ParentId", "PathPart", "RestApiId"],
  read: async ({ aws, properties }) => {
    const [api, parent] = [known(properties.RestApiId), known(properties.ParentId)];
    if (api === undefined || parent === undefined) return undefined;
    const found = (await pathsOf(aws, api)).find(
      ({ parentId, pathPart }) => parentId === parent && pathPart === properties.PathPart,
    );
    return found === undefined ? undefined : pathAt(api, found);
  },
  create: async ({ aws, properties }) => {
    const client = await aws.clients.apiGateway();
    const restApiId = properties.RestApiId as string;
    const asked = {
      restApiId,
      parentId: properties.ParentId as string,
      pathPart: properties.PathPart as string,
    };
    return pathAt(restApiId, await patiently(aws, () => client.createResource(asked)));
  },
  update: async (_resource, found) => found,
  remove: async ({ aws }, { id }) => {
    const client = await aws.clients.apiGateway();
    const [restApiId, resourceId] = id.split("/");
    await patiently(aws, () => ifThere(client.deleteResource({ restApiId, resourceId }), GONE));
  },
  list: (aws) =>
    inEach(aws, (api, paths) => {
      // A path below which others have put a method stays.
      const foreign = paths.filter((path) => methodsOf(aws, path).some(({ name }) => name === undefined));
      const isNeeded = ({ path = "" }: PathResource) =>
        path === "/" || foreign.some((other) => `${other.path}/`.startsWith(`${path}/`));
      return paths.filter((path) => !isNeeded(path)).map((path) => pathAt(api, path));
    }),
};

/** What a path of a REST API does with a method's requests. */
export const restMethod: ResourceKind = {
  type: "AWS::ApiGateway::Method",
  label: "REST API method",
  immutable: ["HttpMethod", "ResourceId", "RestApiId"],
  read: async ({ aws, name, properties }) => {
    const [restApiId, resourceId] = [known(properties.RestApiId), known(properties.ResourceId)];
    if (restApiId === undefined || resourceId === undefined) return undefined;
    const client = await aws.clients.apiGateway();
    const httpMethod = properties.HttpMethod as string;
    const method = await ifThere(client.getMethod({ restApiId, resourceId, httpMethod }), GONE);
    if (method === undefined) return undefined;
    const { Integration } = properties as MethodProperties;
    return toFound(name, fromService(restApiId, resourceId, method, Integration?.ResponseTransferMode));
  },
  create: async ({ aws, name, properties }) => {
    const client = await aws.clients.apiGateway();
    const declared = properties as MethodProperties;
    const asked = {
      ...placeOf(declared),
      authorizationType: declared.AuthorizationType,
      operationName: toMark(aws, name),
    };
    await patiently(aws, () => client.putMethod(asked));
    await integrate(aws, declared);
    return toFound(name, declared);
  },
  update: async ({ aws, name, properties }, _found, changed) => {
    const client = await aws.clients.apiGateway();
    const declared = properties as MethodProperties;
    if (changed.includes("AuthorizationType")) {
      const patchOperations = [
        { op: "replace" as const, path: "/authorizationType", value: declared.AuthorizationType },
      ];
      await patiently(aws, () => client.updateMethod({ ...placeOf(declared), patchOperations }));
    }
    if (changed.includes("Integration")) await integrate(aws, declared);
    return toFound(name, declared);
  },
  remove: async ({ aws }, { id }) => {
    const client = await aws.clients.apiGateway();
    const [restApiId, resourceId, httpMethod] = id.split("/");
    await patiently(aws, () => ifThere(client.deleteMethod({ restApiId, resourceId, httpMethod }), GONE));
  },
  list: (aws) =>
    inEach(aws, (api, paths) =>
      paths.flatMap((path) =>
        methodsOf(aws, path).flatMap(({ name, method }) =>
          name === undefined ? [] : toFound(name, fromService(api, path.id ?? "", method)),
        ),
      ),
    ),
};

type MethodProperties = {
  readonly AuthorizationType?: string;
  readonly HttpMethod?: string;
  readonly Integration?: {
    readonly IntegrationHttpMethod?: string | undefined;
    readonly ResponseTransferMode?: "BUFFERED" | "STREAM" | undefined;
    readonly TimeoutInMillis?: number | undefined;
    readonly Type?: "AWS_PROXY";
    readonly Uri?: string | undefined;
  };
  readonly ResourceId?: string;
  readonly RestApiId?: string;
};

async function inEach(
  aws: Aws,
  find: (api: string, paths: readonly PathResource[]) => readonly Found[],
): Promise<readonly Found[]> {
  const found = (await restApis(aws)).map(async ({ id }) => find(id, await pathsOf(aws, id)));
  return (await Promise.all(found)).flat();
}

function pathsOf(aws: Aws, restApiId: string): Promise<readonly PathResource[]> {
  return together(aws, `paths of ${restApiId}`, async () => {
    const client = await aws.clients.apiGateway();
    return everything(async (position) => {
      const asked = client.getResources({ restApiId, position, limit: 500, embed: ["methods"] });
      const page = await ifThere(asked, GONE);
      return [page?.items, page?.position];
    });
  });
}

function pathAt(api: string, { id = "", parentId, pathPart, path = "" }: PathResource): Found {
  return {
    id: `${api}/${id}`,
    name: path,
    properties: { ParentId: parentId, PathPart: pathPart, RestApiId: api },
    attributes: { Ref: id },
    parent: api,
  };
}

/** A path's methods, with the names of those that are the stage's. */
function methodsOf(aws: Aws, { resourceMethods = {} }: PathResource) {
  return Object.values(resourceMethods).map((method) => ({
    method,
    name: fromMark(aws, method.operationName),
  }));
}

const placeOf = ({
  RestApiId: restApiId,
  ResourceId: resourceId,
  HttpMethod: httpMethod,
}: MethodProperties) => ({
  restApiId,
  resourceId,
  httpMethod,
});

async function integrate(aws: Aws, declared: MethodProperties): Promise<void> {
  const client = await aws.clients.apiGateway();
  const { IntegrationHttpMethod, ResponseTransferMode, TimeoutInMillis, Type, Uri } =
    declared.Integration ?? {};
  const asked = {
    ...placeOf(declared),
    integrationHttpMethod: IntegrationHttpMethod,
    responseTransferMode: ResponseTransferMode,
    timeoutInMillis: TimeoutInMillis,
    type: Type,
    uri: Uri,
  };
  await patiently(aws, () => client.putIntegration(asked));
}

/** Where the transfer mode is left out, the URI still tells one from the other. */
function fromService(
  RestApiId: string,
  ResourceId: string,
  method: Method,
  mode: "BUFFERED" | "STREAM" = "BUFFERED",
): MethodProperties {
  const { httpMethod, uri, timeoutInMillis, responseTransferMode, type } = method.methodIntegration ?? {};
  return {
    AuthorizationType: method.authorizationType ?? "",
    HttpMethod: method.httpMethod ?? "",
    ...(type === undefined
      ? {}
      : {
          Integration: {
            IntegrationHttpMethod: httpMethod,
            ResponseTransferMode: responseTransferMode ?? mode,
            TimeoutInMillis: timeoutInMillis,
            Type: type as "AWS_PROXY",
            Uri: uri,
          },
        }),
    ResourceId,
    RestApiId,
  };
}

function toFound(name: string, properties: MethodProperties): Found {
  const { RestApiId = "", ResourceId = "", HttpMethod = "" } = properties;
  const id = `${RestApiId}/${ResourceId}/${HttpMethod}`;
  return { id, name, properties, attributes: { Ref: name }, parent: `${RestApiId}/${ResourceId}` };
}

import { createIds, jsonError, REGION, type ServiceStub } from "./aws-service.ts";
import { answerByPath, at, type Loose, paged, type RestOperation, refusal } from "./aws-service-tables.ts";

/** The stand-in of API Gateway. */
export interface ApiGatewayStub extends ServiceStub {
  readonly httpApis: Map<string, StubApi>;
  readonly restApis: Map<string, StubApi>;
}

/** An API as the stand-in keeps it: what is part of it by kind, then by id. */
export interface StubApi {
  api: Loose;
  readonly parts: Map<string, Map<string, Loose>>;
}

/** Starts empty. */
export function createApiGatewayStub(): ApiGatewayStub {
  const [httpApis, restApis] = [new Map<string, StubApi>(), new Map<string, StubApi>()];
  const ids = createIds();
  const routes = { ...httpRoutes(httpApis, ids), ...restRoutes(restApis, ids) };
  return {
    name: "apigateway",
    httpApis,
    restApis,
    answer: (request) => answerByPath(routes, request) ?? jsonError(501, "NotImplemented", request.operation),
  };
}

type Ids = ReturnType<typeof createIds>;
type Routes = Readonly<Record<string, RestOperation>>;

const GONE = ["NotFoundException", 404] as const;

const partsOf = (apis: ReadonlyMap<string, StubApi>, api: unknown, kind: string): Map<string, Loose> => {
  const { parts } = at(apis, api, ...GONE);
  const found = parts.get(kind) ?? new Map<string, Loose>();
  parts.set(kind, found);
  return found;
};

/** Gives out what came in, without the ids of the path. */
const members = (input: Loose, ...others: readonly string[]): Loose =>
  Object.fromEntries(Object.entries(input).filter(([name]) => !["Api", ...others].includes(name)));

function httpRoutes(apis: Map<string, StubApi>, ids: Ids): Routes {
  const list = (items: Iterable<Loose>, token: unknown): Loose => {
    const [page, nextToken] = paged(items, token);
    return { items: page, nextToken };
  };
  const partRoutes = (kind: string, id: string, unique: string): Routes => ({
    [`POST /v2/apis/{Api}/${kind}`]: (input) => {
      const all = partsOf(apis, input.Api, kind);
      const isTaken = [...all.values()].some(
        (one) => one[unique] !== undefined && one[unique] === input[unique],
      );
      if (isTaken) throw refusal("ConflictException", 409);
      const part = { ...members(input), [id]: input[id] ?? ids(id) };
      all.set(String(part[id]), part);
      return part;
    },
    [`GET /v2/apis/{Api}/${kind}`]: ({ Api, nextToken }) =>
      list(partsOf(apis, Api, kind).values(), nextToken),
    [`GET /v2/apis/{Api}/${kind}/{Part}`]: ({ Api, Part }) => at(partsOf(apis, Api, kind), Part, ...GONE),
    [`PATCH /v2/apis/{Api}/${kind}/{Part}`]: ({ Api, Part, ...changed }) => {
      const all = partsOf(apis, Api, kind);
      const part = { ...at(all, Part, ...GONE), ...changed };
      all.set(String(Part), part);
      return part;
    },
    [`DELETE /v2/apis/{Api}/${kind}/{Part}`]: ({ Api, Part }) => {
      at(partsOf(apis, Api, kind), Part, ...GONE);
      partsOf(apis, Api, kind).delete(String(Part));
      return {};
    },
  });
  return {
    "POST /v2/apis": (input) => {
      const apiId = ids("http");
      const api = { ...input, apiId, apiEndpoint: `https://${apiId}.execute-api.${REGION}.amazonaws.com` };
      apis.set(apiId, { api, parts: new Map() });
      return api;
    },
    "GET /v2/apis": ({ nextToken }) =>
      list(
        [...apis.values()].map(({ api }) => api),
        nextToken,
      ),
    "DELETE /v2/apis/{Api}": ({ Api }) => {
      at(apis, Api, ...GONE);
      apis.delete(String(Api));
      return {};
    },
    ...partRoutes("stages", "stageName", "stageName"),
    ...partRoutes("integrations", "integrationId", "integrationId"),
    ...partRoutes("routes", "routeId", "routeKey"),
  };
}

function restRoutes(apis: Map<string, StubApi>, ids: Ids): Routes {
  const parts = (api: unknown, kind: string) => partsOf(apis, api, kind);
  const list = (items: Iterable<Loose>, token: unknown): Loose => {
    const [item, position] = paged(items, token);
    return { item, position };
  };
  const remove =
    (kind: string): RestOperation =>
    ({ Api, Part, Method }) => {
      const id = Method === undefined ? Part : `${Part} ${Method}`;
      at(parts(Api, kind), id, ...GONE);
      parts(Api, kind).delete(String(id));
      return {};
    };
  const methodsAt = (api: unknown, path: Loose) => {
    const own = [...parts(api, "methods")].filter(([id]) => id.startsWith(`${path.id} `));
    return {
      ...path,
      resourceMethods: Object.fromEntries(own.map(([id, method]) => [id.split(" ")[1], method])),
    };
  };
  const put =
    (kind: string, change: (before: Loose, input: Loose) => Loose): RestOperation =>
    (input) => {
      const { Api, Part, Method } = input;
      const id = Method === undefined ? String(Part) : `${Part} ${Method}`;
      const part = change(at(parts(Api, kind), id, ...GONE), input);
      parts(Api, kind).set(id, part);
      return part;
    };
  return {
    "POST /restapis": (input) => {
      const [id, rootResourceId] = [ids("rest"), ids("root")];
      apis.set(id, { api: { ...input, id, rootResourceId }, parts: new Map() });
      parts(id, "resources").set(rootResourceId, { id: rootResourceId, path: "/" });
      return { ...input, id, rootResourceId };
    },
    "GET /restapis": ({ position }) =>
      list(
        [...apis.values()].map(({ api }) => api),
        position,
      ),
    "PATCH /restapis/{Api}": ({ Api, patchOperations }) => {
      const found = at(apis, Api, ...GONE);
      found.api = { ...found.api, binaryMediaTypes: typesAfter(found.api.binaryMediaTypes, patchOperations) };
      return found.api;
    },
    "DELETE /restapis/{Api}": ({ Api }) => {
      at(apis, Api, ...GONE);
      apis.delete(String(Api));
      return {};
    },
    "GET /restapis/{Api}/resources": ({ Api, position }) =>
      list(
        [...parts(Api, "resources").values()].map((path) => methodsAt(Api, path)),
        position,
      ),
    "POST /restapis/{Api}/resources/{Part}": ({ Api, Part, pathPart }) => {
      const parent = at(parts(Api, "resources"), Part, ...GONE);
      const path = `${String(parent.path).replace(/\/$/, "")}/${pathPart}`;
      const resource = { id: ids("path"), parentId: Part, pathPart, path };
      parts(Api, "resources").set(resource.id, resource);
      return resource;
    },
    "DELETE /restapis/{Api}/resources/{Part}": remove("resources"),
    "PUT /restapis/{Api}/resources/{Part}/methods/{Method}": ({ Api, Part, Method, ...input }) => {
      const id = `${Part} ${Method}`;
      if (parts(Api, "methods").has(id)) throw refusal("ConflictException", 409);
      parts(Api, "methods").set(id, { ...input, httpMethod: Method });
      return {};
    },
    "GET /restapis/{Api}/resources/{Part}/methods/{Method}": ({ Api, Part, Method }) =>
      at(parts(Api, "methods"), `${Part} ${Method}`, ...GONE),
    "DELETE /restapis/{Api}/resources/{Part}/methods/{Method}": remove("methods"),
    "PUT /restapis/{Api}/resources/{Part}/methods/{Method}/integration": put("methods", (method, input) => ({
      ...method,
      methodIntegration: members(input, "Part", "Method"),
    })),
    "POST /restapis/{Api}/deployments": ({ Api, description }) => {
      const deployment = { id: ids("deployment"), description };
      parts(Api, "deployments").set(deployment.id, deployment);
      return deployment;
    },
    "GET /restapis/{Api}/deployments": ({ Api, position }) =>
      list(parts(Api, "deployments").values(), position),
    "DELETE /restapis/{Api}/deployments/{Part}": remove("deployments"),
    "POST /restapis/{Api}/stages": ({ Api, ...stage }) => {
      parts(Api, "stages").set(String(stage.stageName), stage);
      return stage;
    },
    "GET /restapis/{Api}/stages/{Part}": ({ Api, Part }) => at(parts(Api, "stages"), Part, ...GONE),
    "PATCH /restapis/{Api}/stages/{Part}": put("stages", (stage, { patchOperations }) => {
      const [patch] = patchOperations as readonly Loose[];
      return { ...stage, deploymentId: patch?.value };
    }),
    "DELETE /restapis/{Api}/stages/{Part}": remove("stages"),
  };
}

function typesAfter(before: unknown, patches: unknown): unknown {
  const types = new Set(before as readonly string[] | undefined);
  for (const { op, path } of patches as readonly Loose[]) {
    const type = String(path).split("/")[2]?.replaceAll("~1", "/") ?? "";
    if (op === "add") types.add(type);
    else types.delete(type);
  }
  return [...types];
}

import { ACCOUNT, createIds, jsonError, REGION } from "./aws-service.ts";
import {
  arnOf,
  gone,
  type Json,
  onFunction,
  type Route,
  revised,
  type StubFunction,
  wrongRevision,
} from "./aws-service-lambda.ts";

type Functions = ReadonlyMap<string, StubFunction>;

/** What a function's alias is asked for. */
export function aliasRoutes(functions: Functions): readonly Route[] {
  const of = onFunction(functions);
  return [
    [
      "GET /functions/([^/]+)/aliases/live",
      of(({ aliases }) => {
        const alias = aliases.get("live");
        return alias === undefined ? gone("live") : { body: alias };
      }),
    ],
    [
      "POST /functions/([^/]+)/aliases",
      of(({ aliases, versions }, { json }) => {
        if (!versions.has(String(json.FunctionVersion))) return gone(String(json.FunctionVersion));
        const alias = revised(json);
        aliases.set(String(json.Name), alias);
        return { status: 201, body: alias };
      }),
    ],
    [
      "PUT /functions/([^/]+)/aliases/live",
      of(({ aliases, versions }, { json }) => {
        const before = aliases.get("live") ?? {};
        const { RevisionId, ...rest } = json;
        const wrong = wrongRevision(RevisionId, before);
        if (wrong !== undefined) return wrong;
        if (!versions.has(String(json.FunctionVersion))) return gone(String(json.FunctionVersion));
        const alias = revised({ ...before, ...rest });
        aliases.set("live", alias);
        return { body: alias };
      }),
    ],
  ];
}

/** What belongs to an alias: permissions, the address, the retries. */
export function partRoutes(functions: Functions): readonly Route[] {
  const of = onFunction(functions);
  return [
    [
      "GET /functions/([^/]+)/policy",
      of(({ statements }, _request, name = "") =>
        statements.size === 0
          ? gone(`policy of ${name}`)
          : { body: { Policy: JSON.stringify({ Statement: [...statements.values()] }) } },
      ),
    ],
    [
      "POST /functions/([^/]+)/policy",
      of(({ statements }, { json, query }, name = "") => {
        const id = String(json.StatementId);
        if (query.get("Qualifier") !== "live")
          return jsonError(400, "InvalidParameterValueException", "alias");
        if (statements.has(id)) return jsonError(409, "ResourceConflictException", "It is there already.");
        statements.set(id, statementOf(name, json));
        return { status: 201, body: {} };
      }),
    ],
    [
      "DELETE /functions/([^/]+)/policy/([^/]+)",
      of(({ statements }, _request, _name, id = "") => (statements.delete(id) ? { status: 204 } : gone(id))),
    ],
    ["GET /functions/([^/]+)/url", of(({ url }) => (url === undefined ? gone("url") : { body: url }))],
    [
      "(?:POST|PUT) /functions/([^/]+)/url",
      of((fn, { json }, name = "") => {
        const FunctionUrl = `https://${name}.lambda-url.${REGION}.on.aws/`;
        fn.url = { ...json, FunctionArn: `${arnOf(name)}:live`, FunctionUrl };
        return { body: fn.url };
      }),
    ],
    [
      "DELETE /functions/([^/]+)/url",
      of((fn) => {
        fn.url = undefined;
        return { status: 204 };
      }),
    ],
    [
      "GET /functions/([^/]+)/event-invoke-config",
      of(({ invokeConfig }) => (invokeConfig === undefined ? gone("retries") : { body: invokeConfig })),
    ],
    [
      "PUT /functions/([^/]+)/event-invoke-config",
      of((fn, { json }, name = "") => {
        const { DestinationConfig, ...rest } = json;
        const destinations = { OnSuccess: {}, ...(DestinationConfig as Json) };
        fn.invokeConfig = { ...rest, DestinationConfig: destinations, FunctionArn: `${arnOf(name)}:live` };
        return { body: fn.invokeConfig };
      }),
    ],
    [
      "DELETE /functions/([^/]+)/event-invoke-config",
      of((fn) => {
        fn.invokeConfig = undefined;
        return { status: 204 };
      }),
    ],
  ];
}

/** What reads queues and streams for functions. A change of one takes until it is asked for the second time. */
export function mappingRoutes(mappings: Map<string, Json>, functions: Functions): readonly Route[] {
  const ids = createIds();
  const settle = (id: string, mapping: Json): Json => {
    if (mapping.State === "Deleting") mappings.delete(id);
    else mappings.set(id, { ...mapping, State: "Enabled" });
    return mapping;
  };
  return [
    [
      "GET /event-source-mappings",
      ({ query }) => {
        const source = query.get("EventSourceArn");
        const found = [...mappings.values()].filter(
          (one) => source === null || one.EventSourceArn === source,
        );
        return { body: { EventSourceMappings: found } };
      },
    ],
    [
      "POST /event-source-mappings",
      ({ json }) => {
        const UUID = ids("mapping-");
        const { FunctionName, ...rest } = json;
        const EventSourceMappingArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:event-source-mapping:${UUID}`;
        const mapping = {
          ...rest,
          UUID,
          FunctionArn: FunctionName,
          EventSourceMappingArn,
          State: "Creating",
        };
        mappings.set(UUID, mapping);
        return { status: 202, body: mapping };
      },
    ],
    [
      "GET /event-source-mappings/([^/]+)",
      (_request, id = "") => {
        const found = mappings.get(id);
        return found === undefined ? gone(id) : { body: settle(id, found) };
      },
    ],
    [
      "PUT /event-source-mappings/([^/]+)",
      ({ json }, id = "") => {
        const found = mappings.get(id);
        if (found === undefined) return gone(id);
        if (found.State !== "Enabled")
          return jsonError(400, "ResourceInUseException", "It is being changed.");
        mappings.set(id, { ...found, ...json, State: "Updating" });
        return { status: 202, body: mappings.get(id) ?? {} };
      },
    ],
    [
      "DELETE /event-source-mappings/([^/]+)",
      (_request, id = "") => {
        const found = mappings.get(id);
        if (found === undefined) return gone(id);
        mappings.set(id, { ...found, State: "Deleting" });
        return { status: 202, body: mappings.get(id) ?? {} };
      },
    ],
    [
      "GET /tags/(.+)",
      (_request, arn = "") => {
        const [, kind, id = ""] = /:(function|event-source-mapping):([^:]+)$/.exec(arn) ?? [];
        const tags = kind === "function" ? functions.get(id)?.tags : mappings.get(id)?.Tags;
        return tags === undefined ? gone(arn) : { body: { Tags: tags } };
      },
    ],
  ];
}

/** A statement as Lambda writes it into the policy. */
function statementOf(name: string, json: Json): Json {
  const { StatementId, Action, Principal, SourceArn, SourceAccount } = json;
  const { FunctionUrlAuthType, InvokedViaFunctionUrl } = json;
  const conditions = {
    ArnLike: { "AWS:SourceArn": SourceArn },
    StringEquals: { "AWS:SourceAccount": SourceAccount, "lambda:FunctionUrlAuthType": FunctionUrlAuthType },
    Bool: { "lambda:InvokedViaFunctionUrl": InvokedViaFunctionUrl === undefined ? undefined : "true" },
  };
  return {
    Sid: StatementId,
    Effect: "Allow",
    Action,
    Principal: Principal === "*" ? "*" : { Service: Principal },
    Resource: `${arnOf(name)}:live`,
    Condition: JSON.parse(JSON.stringify(conditions)),
  };
}

import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { ACCOUNT, type AwsRequest, createIds, jsonError, REGION, type ServiceStub } from "./aws-service.ts";
import { aliasRoutes, mappingRoutes, partRoutes } from "./aws-service-lambda-parts.ts";
import type { ServerAnswer } from "./recording-server.ts";

/** What a service keeps of something. */
export type Json = Readonly<Record<string, unknown>>;

/** A function as the stand-in keeps it. */
export interface StubFunction {
  latest: Json;
  tags: Json;
  /** By number, from "1". */
  readonly versions: Map<string, Json>;
  readonly aliases: Map<string, Json>;
  /** Statements by id; all of them belong to the alias. */
  readonly statements: Map<string, Json>;
  url?: Json | undefined;
  invokeConfig?: Json | undefined;
}

/** The stand-in of Lambda, and what it holds. */
export interface LambdaStub extends ServiceStub {
  readonly functions: Map<string, StubFunction>;
  readonly mappings: Map<string, Json>;
  /** What an alias serves: its version, with configuration and code. */
  readonly served: (name: string) => Json | undefined;
}

/** A method and path as a pattern, and what answers it with the pattern's groups. */
export type Route = readonly [
  pattern: string,
  answer: (request: AwsRequest, ...parts: readonly string[]) => ServerAnswer,
];

/** Starts empty. */
export function createLambdaStub(): LambdaStub {
  const functions = new Map<string, StubFunction>();
  const mappings = new Map<string, Json>();
  const routes = [
    ...functionRoutes(functions),
    ...aliasRoutes(functions),
    ...partRoutes(functions),
    ...mappingRoutes(mappings, functions),
  ];
  return {
    name: "lambda",
    functions,
    mappings,
    served: (name) => {
      const fn = functions.get(name);
      return fn?.versions.get(String(fn.aliases.get("live")?.FunctionVersion));
    },
    answer: (request) => {
      const asked = `${request.method} ${request.path.replace(/^\/\d{4}-\d{2}-\d{2}/, "").replace(/\/$/, "")}`;
      for (const [pattern, answer] of routes) {
        const found = new RegExp(`^${pattern}$`).exec(asked);
        if (found !== null) return answer(request, ...found.slice(1));
      }
      return jsonError(501, "NotImplemented", asked);
    },
  };
}

/** The error for what is not there. */
export const gone = (what: string) => jsonError(404, "ResourceNotFoundException", `${what} is not there`);
/** The ARN of a function. */
export const arnOf = (name: string) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;

const ids = createIds();

/** What a change has made: whoever saw what was there before cannot write over it. */
export const revised = (configuration: Json): Json => ({ ...configuration, RevisionId: ids("revision-") });

/** The error for whoever saw something older. */
export const wrongRevision = (asked: unknown, { RevisionId }: Json) =>
  asked !== undefined && asked !== RevisionId
    ? jsonError(412, "PreconditionFailedException", "The RevisionId is not the latest.")
    : undefined;

function codeOf(zip: unknown): string {
  return createHash("sha256")
    .update(Buffer.from(String(zip), "base64"))
    .digest("base64");
}

/** Answers for a function that is there. */
export const onFunction =
  (functions: ReadonlyMap<string, StubFunction>) =>
  (run: (fn: StubFunction, request: AwsRequest, ...parts: readonly string[]) => ServerAnswer): Route[1] =>
  (request, name = "", ...parts) => {
    const fn = functions.get(name);
    return fn === undefined ? gone(name) : run(fn, request, name, ...parts);
  };

function functionRoutes(functions: Map<string, StubFunction>): readonly Route[] {
  const of = onFunction(functions);
  const versionOf = ({ latest, versions }: StubFunction, qualifier: string | null) =>
    qualifier === null ? latest : versions.get(qualifier);
  return [
    ["GET /functions", () => ({ body: { Functions: [...functions.values()].map(({ latest }) => latest) } })],
    [
      "POST /functions",
      ({ json }) => {
        const { FunctionName, Code, Tags = {}, ...rest } = json;
        const name = String(FunctionName);
        if (functions.has(name)) return jsonError(409, "ResourceConflictException", "It is there already.");
        const latest = revised({
          ...rest,
          FunctionName,
          FunctionArn: arnOf(name),
          CodeSha256: codeOf((Code as Json).ZipFile),
          State: "Active",
          LastUpdateStatus: "Successful",
        });
        const maps = { versions: new Map(), aliases: new Map(), statements: new Map() };
        functions.set(name, { latest, tags: Tags as Json, ...maps });
        return { status: 201, body: latest };
      },
    ],
    ["GET /functions/([^/]+)", of(({ latest, tags }) => ({ body: { Configuration: latest, Tags: tags } }))],
    [
      "GET /functions/([^/]+)/configuration",
      of((fn, { query }, name = "") => {
        const qualifier = query.get("Qualifier");
        const version = qualifier === "live" ? String(fn.aliases.get("live")?.FunctionVersion) : qualifier;
        const found = versionOf(fn, version);
        return found === undefined ? gone(`${name}:${qualifier}`) : { body: found };
      }),
    ],
    [
      "PUT /functions/([^/]+)/configuration",
      of((fn, { json }) => {
        const { RevisionId, ...rest } = json;
        const wrong = wrongRevision(RevisionId, fn.latest);
        if (wrong !== undefined) return wrong;
        fn.latest = revised({ ...fn.latest, ...rest });
        return { body: fn.latest };
      }),
    ],
    [
      "PUT /functions/([^/]+)/code",
      of((fn, { json }) => {
        const { RevisionId, ZipFile, Architectures } = json;
        const wrong = wrongRevision(RevisionId, fn.latest);
        if (wrong !== undefined) return wrong;
        fn.latest = revised({ ...fn.latest, Architectures, CodeSha256: codeOf(ZipFile) });
        return { body: fn.latest };
      }),
    ],
    [
      "POST /functions/([^/]+)/versions",
      of((fn, { json }, name = "") => {
        if (json.CodeSha256 !== fn.latest.CodeSha256) {
          return jsonError(400, "InvalidParameterValueException", "CodeSha256 is that of other code.");
        }
        const version = publish(fn, name);
        return { status: 201, body: version };
      }),
    ],
    [
      "DELETE /functions/([^/]+)",
      of((_fn, _request, name = "") => {
        functions.delete(name);
        return { status: 204 };
      }),
    ],
    [
      "POST /functions/([^/]+)/invocations",
      of((fn, { query, body }, name = "") => {
        const alias = fn.aliases.get(String(query.get("Qualifier")));
        if (alias === undefined) return gone(name);
        const { httpMethod, rawPath } = JSON.parse(body || "null") ?? {};
        const said = { version: alias.FunctionVersion, asked: rawPath ?? httpMethod ?? JSON.parse(body) };
        const answer = { statusCode: 200, headers: { "x-a": "1" }, body: JSON.stringify(said) };
        return { body: rawPath === undefined ? JSON.stringify(said) : JSON.stringify(answer) };
      }),
    ],
  ];
}

/** The same code and configuration as that of the last version is that version. */
function publish(fn: StubFunction, name: string): Json {
  const { RevisionId: _revision, FunctionArn: _arn, ...latest } = fn.latest;
  const last = fn.versions.get(String(fn.versions.size));
  const { Version: _version, FunctionArn: _versionArn, ...before } = last ?? {};
  if (last !== undefined && isDeepStrictEqual(before, latest)) return last;
  const Version = String(fn.versions.size + 1);
  const version = { ...latest, FunctionArn: `${arnOf(name)}:${Version}`, Version };
  fn.versions.set(Version, version);
  return version;
}

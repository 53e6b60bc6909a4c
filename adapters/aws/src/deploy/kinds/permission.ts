import type { AddPermissionRequest } from "@aws-sdk/client-lambda";
import { ALIAS } from "../../build/infrastructure-function.ts";
import { ifThere } from "../_errors.ts";
import type { Aws, Found, Resource, ResourceKind } from "../kind.ts";
import { aliasOf, atAlias, change, GONE, ofEach, partOf } from "./_lambda.ts";
import { prefixOf } from "./_service.ts";

/** Lets a service invoke a function: a statement of the alias's policy. */
export const permission: ResourceKind = {
  type: "AWS::Lambda::Permission",
  label: "permission",
  read: async ({ aws, name, properties }) => {
    const at = atAlias(properties.FunctionName);
    if (at === undefined) return undefined;
    const statements = await statementsOf(aws, at.FunctionName);
    const found = statements.find((statement) => statement.name === name);
    const { FunctionUrlAuthType, InvokedViaFunctionUrl } = properties;
    // Emulators leave these two out.
    return (
      found && { ...found, properties: { FunctionUrlAuthType, InvokedViaFunctionUrl, ...found.properties } }
    );
  },
  create: add,
  // A statement cannot be changed.
  update: async (resource, found) => {
    await remove(resource.aws, found);
    return add(resource);
  },
  remove: ({ aws }, found) => remove(aws, found),
  list: (aws) =>
    ofEach(aws, async (name) =>
      (await statementsOf(aws, name)).filter((found) => found.name.startsWith(prefixOf(aws))),
    ),
};

async function add({ aws, name, properties }: Resource): Promise<Found> {
  const lambda = await aws.clients.lambda();
  const at = atAlias(properties.FunctionName);
  const { FunctionName: _function, ...rest } = properties;
  const request = { ...rest, ...at, StatementId: name } as unknown as AddPermissionRequest;
  await change(aws, () => lambda.addPermission(request));
  return partOf(at?.FunctionName ?? "", name, properties);
}

async function remove(aws: Aws, { name: StatementId, parent: FunctionName }: Found): Promise<void> {
  const lambda = await aws.clients.lambda();
  const request = { FunctionName, Qualifier: ALIAS, StatementId };
  await ifThere(
    change(aws, () => lambda.removePermission(request)),
    GONE,
  );
}

interface Statement {
  readonly Sid: string;
  readonly Action: string;
  readonly Principal: string | Readonly<Record<string, string>>;
  readonly Resource: string;
  /** Values by name, by operator. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

async function statementsOf(aws: Aws, FunctionName: string): Promise<readonly Found[]> {
  const lambda = await aws.clients.lambda();
  const answer = await ifThere(lambda.getPolicy({ FunctionName, Qualifier: ALIAS }), GONE);
  const { Statement = [] }: { Statement?: readonly Statement[] } = JSON.parse(answer?.Policy ?? "{}");
  const arn = `arn:${aws.partition}:lambda:${aws.region}:${aws.account}:function:${FunctionName}`;
  return Statement.map((statement) =>
    partOf(FunctionName, statement.Sid, propertiesOf(statement, aliasOf(arn))),
  );
}

/** Properties by the names of the conditions that they become, in lower case. */
const CONDITIONS: Readonly<Record<string, string>> = {
  "aws:sourcearn": "SourceArn",
  "aws:sourceaccount": "SourceAccount",
  "lambda:functionurlauthtype": "FunctionUrlAuthType",
  "lambda:invokedviafunctionurl": "InvokedViaFunctionUrl",
};

function propertiesOf({ Action, Principal, Condition = {} }: Statement, alias: string): Found["properties"] {
  const conditions = Object.values(Condition).flatMap((values) => Object.entries(values));
  return {
    Action,
    FunctionName: alias,
    Principal: typeof Principal === "string" ? Principal : (Principal.Service ?? Principal.AWS),
    ...Object.fromEntries(
      conditions.map(([name, value]) => {
        const property = CONDITIONS[name.toLowerCase()] ?? name;
        return [property, property === "InvokedViaFunctionUrl" ? String(value) === "true" : value];
      }),
    ),
  };
}

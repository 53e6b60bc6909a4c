import type { CreateTableCommandInput, TableDescription } from "@aws-sdk/client-dynamodb";
import { ifThere, isNamed } from "../_errors.ts";
import { retry, until } from "../_retry.ts";
import type { Aws, Found, ResourceKind } from "../kind.ts";
import { everything, fromTagList, ours, prefixOf, toTagList } from "./_service.ts";

const GONE = "ResourceNotFoundException";

/** A table with a stream of its changes. */
export const table: ResourceKind = {
  type: "AWS::DynamoDB::Table",
  label: "table",
  immutable: ["AttributeDefinitions", "KeySchema"],
  defaults: { BillingMode: "PROVISIONED" },
  read: ({ aws, name }) => describe(aws, name),
  create: async ({ aws, name: TableName, properties, tags }) => {
    const dynamodb = await aws.clients.dynamodb();
    const declared = properties as unknown as Table;
    const StreamSpecification = toStream(declared.StreamSpecification);
    const asked = { ...declared, TableName, StreamSpecification, Tags: toTagList(tags) };
    // A table that is being deleted still has the name.
    const passes = (error: unknown) => isNamed(error, "ResourceInUseException");
    await retry(aws, () => dynamodb.createTable(asked), passes, {
      doing: `the deleted table ${TableName} to be gone`,
    });
    return toFound(TableName, await ready(aws, TableName));
  },
  update: async ({ aws, name: TableName, properties }, _found, changed) => {
    const dynamodb = await aws.clients.dynamodb();
    const { BillingMode, StreamSpecification } = properties as unknown as Table;
    if (changed.includes("BillingMode")) {
      await dynamodb.updateTable({ TableName, BillingMode });
      await ready(aws, TableName);
    }
    if (changed.includes("StreamSpecification")) {
      const { Table: before } = await dynamodb.describeTable({ TableName });
      // What a stream shows is settled for as long as it lives.
      if (before?.StreamSpecification?.StreamEnabled) {
        await dynamodb.updateTable({ TableName, StreamSpecification: { StreamEnabled: false } });
        await ready(aws, TableName);
      }
      await dynamodb.updateTable({ TableName, StreamSpecification: toStream(StreamSpecification) });
    }
    return toFound(TableName, await ready(aws, TableName));
  },
  remove: async ({ aws }, { id: TableName }) => {
    const dynamodb = await aws.clients.dynamodb();
    await ifThere(dynamodb.deleteTable({ TableName }), GONE);
  },
  isEmpty: async (aws, { id: TableName }) => {
    const dynamodb = await aws.clients.dynamodb();
    const found = await ifThere(dynamodb.scan({ TableName, Limit: 1, ConsistentRead: true }), GONE);
    return (found?.Items ?? []).length === 0;
  },
  list: async (aws) => {
    const dynamodb = await aws.clients.dynamodb();
    const names = await everything(async (ExclusiveStartTableName) => {
      const page = await dynamodb.listTables({ ExclusiveStartTableName });
      return [page.TableNames, page.LastEvaluatedTableName];
    });
    const own = names.filter((name) => name.startsWith(prefixOf(aws)));
    return ours(aws, own, (name) => describe(aws, name));
  },
};

type Table = Pick<CreateTableCommandInput, "AttributeDefinitions" | "BillingMode" | "KeySchema"> & {
  readonly StreamSpecification?: Pick<
    NonNullable<CreateTableCommandInput["StreamSpecification"]>,
    "StreamViewType"
  >;
};

const toStream = (declared: Table["StreamSpecification"]) => ({
  ...declared,
  StreamEnabled: declared !== undefined,
});

async function describe(aws: Aws, TableName: string): Promise<Found | undefined> {
  const dynamodb = await aws.clients.dynamodb();
  const found = (await ifThere(dynamodb.describeTable({ TableName }), GONE))?.Table;
  if (found === undefined || found.TableStatus === "DELETING") return undefined;
  const { Tags } = (await ifThere(dynamodb.listTagsOfResource({ ResourceArn: found.TableArn }), GONE)) ?? {};
  return {
    ...toFound(TableName, found.TableStatus === "ACTIVE" ? found : await ready(aws, TableName)),
    tags: fromTagList(Tags),
  };
}

/** While a table is being made or changed, it takes no other change. */
async function ready(aws: Aws, TableName: string): Promise<TableDescription> {
  const dynamodb = await aws.clients.dynamodb();
  const ask = async () => {
    const { Table } = await dynamodb.describeTable({ TableName });
    return Table?.TableStatus === "ACTIVE" ? Table : undefined;
  };
  return until(aws, ask, { doing: `the table ${TableName} to be ready` });
}

function toFound(name: string, found: TableDescription): Found {
  const { AttributeDefinitions, KeySchema, TableArn = "", LatestStreamArn = "" } = found;
  const { StreamEnabled, StreamViewType } = found.StreamSpecification ?? {};
  const properties = {
    AttributeDefinitions,
    BillingMode: found.BillingModeSummary?.BillingMode,
    KeySchema,
    StreamSpecification: StreamEnabled ? { StreamViewType } : undefined,
  };
  return { id: name, name, properties, attributes: { Ref: name, Arn: TableArn, StreamArn: LatestStreamArn } };
}

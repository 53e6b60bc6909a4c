import { ACCOUNT, REGION, type ServiceStub } from "./aws-service.ts";
import { at, createJsonStub, type Loose, paged, refusal } from "./aws-service-tables.ts";

/** A stand-in of DynamoDB or Kinesis: what it holds by name, in the service's own words. */
export interface DataStub extends ServiceStub {
  readonly held: Map<string, Held>;
}

/** A table or stream: it is ready when it was described once. */
export interface Held {
  description: Loose;
  tags: Loose | readonly Loose[];
  isBusy: boolean;
  /** What users have put in. */
  items: readonly Loose[];
}

const GONE = "ResourceNotFoundException";

/** Starts empty. */
export function createDynamoDbStub(): DataStub {
  const held = new Map<string, Held>();
  const tableAt = ({ TableName }: Loose) => at(held, TableName, GONE);
  const described = (table: Held): Loose => {
    const TableStatus = table.isBusy ? "UPDATING" : "ACTIVE";
    table.isBusy = false;
    return { ...table.description, TableStatus };
  };
  const streamed = (StreamSpecification: unknown, TableArn: unknown, label: number): Loose => {
    const isOn = (StreamSpecification as Loose | undefined)?.StreamEnabled === true;
    return isOn
      ? { StreamSpecification, LatestStreamArn: `${TableArn}/stream/${label}` }
      : { StreamSpecification: undefined };
  };
  const stub = createJsonStub("dynamodb", {
    CreateTable: ({ TableName, BillingMode, StreamSpecification, Tags, ...input }) => {
      if (held.has(String(TableName))) throw refusal("ResourceInUseException");
      const TableArn = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${TableName}`;
      const BillingModeSummary = BillingMode === "PAY_PER_REQUEST" ? { BillingMode } : undefined;
      const description = {
        ...input,
        TableName,
        TableArn,
        BillingModeSummary,
        ...streamed(StreamSpecification, TableArn, 1),
      };
      held.set(String(TableName), { description, tags: Tags as readonly Loose[], isBusy: true, items: [] });
      return { TableDescription: description };
    },
    DescribeTable: (input) => ({ Table: described(tableAt(input)) }),
    UpdateTable: (input) => {
      const table = tableAt(input);
      if (table.isBusy) throw refusal("ResourceInUseException");
      const { StreamSpecification: asked, BillingMode } = input;
      const isOn = (table.description.StreamSpecification as Loose | undefined)?.StreamEnabled === true;
      if (isOn && (asked as Loose | undefined)?.StreamEnabled === true) throw refusal("ValidationException");
      const stream = asked === undefined ? {} : streamed(asked, table.description.TableArn, 2);
      const billing = BillingMode === undefined ? {} : { BillingModeSummary: { BillingMode } };
      Object.assign(table, { description: { ...table.description, ...stream, ...billing }, isBusy: true });
      return {};
    },
    ListTagsOfResource: ({ ResourceArn }) => ({
      Tags: at(held, String(ResourceArn).split("/")[1], GONE).tags,
    }),
    ListTables: ({ ExclusiveStartTableName }) => {
      const names = [...held.keys()].sort();
      const [TableNames] = paged(names, names.indexOf(String(ExclusiveStartTableName)) + 1);
      return {
        TableNames,
        LastEvaluatedTableName: TableNames.at(-1) === names.at(-1) ? undefined : TableNames.at(-1),
      };
    },
    Scan: (input) => ({ Items: tableAt(input).items.slice(0, Number(input.Limit)) }),
    DeleteTable: (input) => {
      tableAt(input);
      held.delete(String(input.TableName));
      return {};
    },
  });
  return { ...stub, held };
}

/** Starts empty. */
export function createKinesisStub(): DataStub {
  const held = new Map<string, Held>();
  const streamAt = ({ StreamName, StreamARN }: Loose) =>
    at(held, StreamName ?? String(StreamARN).split("/")[1], GONE);
  const change = (input: Loose, description: Loose): Loose => {
    const stream = streamAt(input);
    if (stream.isBusy) throw refusal("ResourceInUseException");
    Object.assign(stream, { description: { ...stream.description, ...description }, isBusy: true });
    return {};
  };
  const retain =
    (direction: 1 | -1) =>
    (input: Loose): Loose => {
      const { RetentionPeriodHours } = input;
      const more = Number(RetentionPeriodHours) - Number(streamAt(input).description.RetentionPeriodHours);
      if (more * direction <= 0) throw refusal("InvalidArgumentException");
      return change(input, { RetentionPeriodHours });
    };
  const stub = createJsonStub("kinesis", {
    CreateStream: ({ StreamName, Tags, ...input }) => {
      if (held.has(String(StreamName))) throw refusal("ResourceInUseException");
      const StreamARN = `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/${StreamName}`;
      const description = { ...input, StreamName, StreamARN, RetentionPeriodHours: 24 };
      held.set(String(StreamName), { description, tags: Tags as Loose, isBusy: true, items: [] });
      return {};
    },
    DescribeStreamSummary: (input) => {
      const stream = streamAt(input);
      const StreamStatus = stream.isBusy ? "UPDATING" : "ACTIVE";
      stream.isBusy = false;
      return { StreamDescriptionSummary: { ...stream.description, StreamStatus } };
    },
    AddTagsToStream: (input) => {
      streamAt(input).tags = { ...streamAt(input).tags, ...(input.Tags as Loose) };
      return {};
    },
    ListTagsForStream: (input) => ({
      Tags: Object.entries(streamAt(input).tags).map(([Key, Value]) => ({ Key, Value })),
    }),
    UpdateStreamMode: (input) => change(input, { StreamModeDetails: input.StreamModeDetails }),
    IncreaseStreamRetentionPeriod: retain(1),
    DecreaseStreamRetentionPeriod: retain(-1),
    ListStreams: ({ NextToken }) => {
      const [StreamNames, next] = paged(held.keys(), NextToken);
      return { StreamNames, NextToken: next, HasMoreStreams: next !== undefined };
    },
    ListShards: (input) => {
      streamAt(input);
      return { Shards: [{ ShardId: "shard-1" }] };
    },
    GetShardIterator: (input) => {
      streamAt(input);
      return { ShardIterator: input.StreamName };
    },
    GetRecords: ({ ShardIterator }) => ({
      Records: streamAt({ StreamName: ShardIterator }).items,
      MillisBehindLatest: 0,
    }),
    DeleteStream: (input) => {
      streamAt(input);
      held.delete(String(input.StreamName));
      return {};
    },
  });
  return { ...stub, held };
}

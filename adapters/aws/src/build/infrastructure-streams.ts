import type { ChangeAction, ChangesTrigger, StreamTrigger } from "@anyfn/core";
import { deadLettersOf, permission } from "./infrastructure-function.ts";
import {
  allow,
  holding,
  idOf,
  ownArn,
  type Parts,
  ref,
  type Statement,
  type Value,
} from "./infrastructure-template.ts";
import { type App, isCreated, type Unit, type Wiring } from "./infrastructure-units.ts";

/** Changes of a DynamoDB table that trigger a function. */
export function changesWiring(unit: Unit, app: App): Wiring {
  const { name, on } = unit.definition.trigger as ChangesTrigger;
  const { arn, parts } = tableStream(name, app);
  const actions = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"];
  const statement = allow(
    actions.map((action) => `dynamodb:${action}`),
    arn,
  );
  const FilterCriteria = on.length < 3 ? { Filters: [{ Pattern: patternOf(on) }] } : undefined;
  return sharded(unit, arn, statement, { FilterCriteria, MaximumRecordAgeInSeconds: 86_400 }, parts);
}

/** Records of a Kinesis stream, or of a log group's subscription filter, that trigger a function. */
export function streamWiring(unit: Unit, app: App): Wiring {
  if (unit.source === "logs") return logsWiring(unit);
  const { name } = unit.definition.trigger as StreamTrigger;
  const { arn, parts } = kinesisStream(name, app);
  const actions = ["DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards"];
  const statement = allow(
    actions.map((action) => `kinesis:${action}`),
    arn,
  );
  return sharded(unit, arn, statement, { MaximumRecordAgeInSeconds: 604_800 }, parts);
}

/** A shard goes on after ten more tries of ever smaller batches, and what it left is kept; by default it would stand still. */
function sharded(
  unit: Unit,
  stream: Value,
  statement: Statement,
  properties: Readonly<Record<string, Value | undefined>>,
  parts: Parts,
): Wiring {
  const { batchSize } = unit.definition.trigger as ChangesTrigger;
  const takesList = unit.settings.partialFailures !== false;
  return {
    ...parts,
    statements: [statement],
    deadLetters: true,
    Resources: {
      ...parts.Resources,
      [`${unit.id}Mapping`]: {
        Type: "AWS::Lambda::EventSourceMapping",
        Properties: {
          BatchSize: batchSize,
          BisectBatchOnFunctionError: true,
          DestinationConfig: { OnFailure: { Destination: deadLettersOf(unit) } },
          EventSourceArn: stream,
          FunctionName: unit.alias,
          FunctionResponseTypes: takesList ? ["ReportBatchItemFailures"] : undefined,
          MaximumRetryAttempts: 10,
          // The latest would leave out what arrives while the mapping is made.
          StartingPosition: "TRIM_HORIZON",
          ...properties,
        },
      },
    },
  };
}

const EVENT_NAMES: Readonly<Record<ChangeAction, string>> = {
  created: "INSERT",
  updated: "MODIFY",
  deleted: "REMOVE",
};

function patternOf(on: readonly ChangeAction[]): string {
  return JSON.stringify({ eventName: on.map((action) => EVENT_NAMES[action]) });
}

function logsWiring(unit: Unit): Wiring {
  const { name } = unit.definition.trigger as StreamTrigger;
  const id = `${idOf(name)}LogGroupName`;
  const groupArn = ownArn("logs", `log-group:\${${id}}:*`);
  return {
    asynchronous: true,
    deadLetters: true,
    Parameters: { [id]: { Type: "String", Description: `Name of the log group "${name}"` } },
    Resources: {
      [`${unit.id}Permission`]: permission(unit, "logs.amazonaws.com", groupArn, ref("AWS::AccountId")),
      [`${unit.id}Subscription`]: {
        Type: "AWS::Logs::SubscriptionFilter",
        // CloudWatch tries the permission when it is told of the function.
        DependsOn: [`${unit.id}Permission`],
        Properties: { DestinationArn: unit.alias, FilterPattern: "", LogGroupName: ref(id) },
      },
    },
  };
}

interface Source {
  readonly arn: Value;
  readonly parts: Parts;
}

function tableStream(name: string, { settings }: App): Source {
  const id = `${idOf(name)}Table`;
  if (!isCreated(settings, name))
    return given(`${id}StreamArn`, `ARN of the stream of the table "${name}"`, "dynamodb");
  const key = `${id}PartitionKey`;
  return {
    arn: { "Fn::GetAtt": [id, "StreamArn"] },
    parts: {
      Parameters: {
        [key]: {
          Type: "String",
          Description: `Partition key of the table "${name}", which is text`,
          Default: "id",
        },
      },
      Resources: {
        [id]: holding("Retain", "AWS::DynamoDB::Table", {
          AttributeDefinitions: [{ AttributeName: ref(key), AttributeType: "S" }],
          BillingMode: "PAY_PER_REQUEST",
          KeySchema: [{ AttributeName: ref(key), KeyType: "HASH" }],
          StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
        }),
      },
      Outputs: { [`${id}Name`]: { Description: `The table "${name}"`, Value: ref(id) } },
    },
  };
}

function kinesisStream(name: string, { settings }: App): Source {
  const id = `${idOf(name)}Stream`;
  if (!isCreated(settings, name)) return given(`${id}Arn`, `ARN of the stream "${name}"`, "kinesis");
  return {
    arn: { "Fn::GetAtt": [id, "Arn"] },
    parts: {
      Resources: {
        [id]: holding("Retain", "AWS::Kinesis::Stream", {
          RetentionPeriodHours: 24,
          StreamModeDetails: { StreamMode: "ON_DEMAND" },
        }),
      },
      Outputs: { [`${id}Name`]: { Description: `The stream "${name}"`, Value: ref(id) } },
    },
  };
}

function given(id: string, Description: string, service: string): Source {
  return {
    arn: ref(id),
    parts: {
      Parameters: { [id]: { Type: "String", Description, AllowedPattern: `arn:[^:]+:${service}:.+` } },
    },
  };
}

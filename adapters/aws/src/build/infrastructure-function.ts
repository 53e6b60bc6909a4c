import {
  allow,
  arnOf,
  type Fate,
  holding,
  type Parts,
  policy,
  type Resource,
  ref,
  sub,
  type Value,
} from "./infrastructure-template.ts";
import type { App, Sender, Unit, Wiring } from "./infrastructure-units.ts";

/** Name of the alias that everything invokes. */
export const ALIAS = "live";

/** The function, its role, its logs and, where something may fail for good, its dead letters. */
export function functionParts(unit: Unit, { settings }: App, wiring: Wiring): Parts {
  const { id } = unit;
  const { logRetentionDays: RetentionInDays = 30, architecture = "arm64" } = settings;
  return {
    Resources: {
      [id]: functionOf(unit, architecture, wiring),
      [`${id}Role`]: role(unit, wiring),
      [`${id}Logs`]: holding("Delete", "AWS::Logs::LogGroup", { RetentionInDays }),
      ...(wiring.deadLetters ? deadLetters(id, wiring.senders ?? []) : {}),
    },
  };
}

/** ARN of the queue for what a function could not handle. */
export const deadLettersOf = ({ id }: Pick<Unit, "id">): Value => arnOf(`${id}DeadLetters`);

/** The longest that SQS keeps a message: two weeks. */
export const RETENTION = 1_209_600;

/** A queue for dead letters. */
export function deadLetterQueue(fate: Fate, isFifo = false): Resource {
  return holding(fate, "AWS::SQS::Queue", {
    ...(isFifo ? { FifoQueue: true } : {}),
    MessageRetentionPeriod: RETENTION,
    SqsManagedSseEnabled: true,
  });
}

/** Lets services send to a queue, each for its own source: CloudFormation does not do so by itself. */
export function queuePolicy(queue: string, senders: readonly Sender[]): Resource {
  return {
    Type: "AWS::SQS::QueuePolicy",
    Properties: {
      Queues: [ref(queue)],
      PolicyDocument: policy(
        ...senders.map(({ service, sourceArn }) => ({
          Effect: "Allow",
          Principal: { Service: service },
          Action: "sqs:SendMessage",
          Resource: arnOf(queue),
          Condition: { ArnEquals: { "aws:SourceArn": sourceArn } },
        })),
      ),
    },
  };
}

/** Lets a service invoke a function, for one source. */
export function permission(unit: Unit, service: string, sourceArn: Value, sourceAccount?: Value): Resource {
  return {
    Type: "AWS::Lambda::Permission",
    Properties: {
      Action: "lambda:InvokeFunction",
      FunctionName: unit.alias,
      Principal: service,
      SourceArn: sourceArn,
      SourceAccount: sourceAccount,
    },
  };
}

/** A role that one service may take on. */
export function roleFor(service: string, statements: readonly Value[], condition?: Value): Resource {
  const trust = {
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sts:AssumeRole",
    Condition: condition,
  };
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: policy(trust),
      Policies: [{ PolicyName: "least-privilege", PolicyDocument: policy(...statements) }],
    },
  };
}

/** Variables of a function; source maps are read only when Node is told to. */
export function environmentOf({ environment = {} }: Unit["settings"]): Readonly<Record<string, string>> {
  const { NODE_OPTIONS: options } = environment;
  const maps = "--enable-source-maps";
  return { ...environment, NODE_OPTIONS: options === undefined ? maps : `${maps} ${options}` };
}

function functionOf(unit: Unit, architecture: string, wiring: Wiring): Resource {
  const { id, definition, settings, code } = unit;
  return {
    Type: "AWS::Serverless::Function",
    Properties: {
      Architectures: [architecture],
      AutoPublishAlias: ALIAS,
      // Without it, a change of memory or environment would not reach the alias.
      AutoPublishAliasAllProperties: true,
      CodeUri: code,
      Environment: { Variables: environmentOf(settings) },
      ...(wiring.asynchronous ? { EventInvokeConfig: retries(unit) } : {}),
      Handler: "index.handler",
      LoggingConfig: { LogGroup: ref(`${id}Logs`) },
      MemorySize: definition.memory,
      Role: arnOf(`${id}Role`),
      Runtime: "nodejs24.x",
      Timeout: definition.timeout,
    },
  };
}

/** Lambda's own defaults, except that an event which failed three times is kept. */
function retries(unit: Unit): Value {
  return {
    MaximumEventAgeInSeconds: 21_600,
    MaximumRetryAttempts: 2,
    DestinationConfig: { OnFailure: { Type: "SQS", Destination: deadLettersOf(unit) } },
  };
}

function role(unit: Unit, { statements = [], deadLetters = false }: Wiring): Resource {
  const own = (unit.settings.permissions ?? []).map(({ actions, resources }) =>
    allow(actions, ...resources.map((arn) => (arn.includes("${") ? sub(arn) : arn))),
  );
  return roleFor("lambda.amazonaws.com", [
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], arnOf(`${unit.id}Logs`)),
    ...statements,
    ...(deadLetters ? [allow(["sqs:SendMessage"], deadLettersOf(unit))] : []),
    ...own,
  ]);
}

function deadLetters(id: string, senders: readonly Sender[]): Readonly<Record<string, Resource>> {
  const queue = `${id}DeadLetters`;
  if (senders.length === 0) return { [queue]: deadLetterQueue("Delete") };
  return { [queue]: deadLetterQueue("Delete"), [`${queue}Policy`]: queuePolicy(queue, senders) };
}

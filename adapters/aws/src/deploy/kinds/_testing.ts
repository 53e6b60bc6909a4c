import {
  type AwsServer,
  CREDENTIALS,
  REGION,
  startAwsServer,
} from "../../../../../test/support/aws-service.ts";
import {
  type ApiGatewayStub,
  createApiGatewayStub,
} from "../../../../../test/support/aws-service-apigateway.ts";
import {
  createDynamoDbStub,
  createKinesisStub,
  type DataStub,
} from "../../../../../test/support/aws-service-data.ts";
import {
  createEventsStub,
  createSchedulerStub,
  type EventsStub,
  type SchedulerStub,
} from "../../../../../test/support/aws-service-events.ts";
import { createIamStub, type IamStub } from "../../../../../test/support/aws-service-iam.ts";
import { createLogsStub, type LogsStub } from "../../../../../test/support/aws-service-logs.ts";
import { createS3Stub, type S3Stub } from "../../../../../test/support/aws-service-s3.ts";
import { createSnsStub, type SnsStub } from "../../../../../test/support/aws-service-sns.ts";
import { createSqsStub, type SqsStub } from "../../../../../test/support/aws-service-sqs.ts";
import { openAws } from "../aws.ts";
import type { Aws, Found, Resource, ResourceKind } from "../kind.ts";

/** Stand-ins of all services but Lambda. */
export interface Stubs {
  readonly apiGateway: ApiGatewayStub;
  readonly dynamodb: DataStub;
  readonly events: EventsStub;
  readonly iam: IamStub;
  readonly kinesis: DataStub;
  readonly logs: LogsStub;
  readonly s3: S3Stub;
  readonly scheduler: SchedulerStub;
  readonly sns: SnsStub;
  readonly sqs: SqsStub;
}

/** Starts all of them empty. */
export function createStubs(): Stubs {
  return {
    apiGateway: createApiGatewayStub(),
    dynamodb: createDynamoDbStub(),
    events: createEventsStub(),
    iam: createIamStub(),
    kinesis: createKinesisStub(),
    logs: createLogsStub(),
    s3: createS3Stub(),
    scheduler: createSchedulerStub(),
    sns: createSnsStub(),
    sqs: createSqsStub(),
  };
}

/** The stand-in of AWS, and who asks it: the stage `dev` of the application `shop`. */
export interface Place extends AsyncDisposable {
  readonly server: AwsServer;
  readonly stubs: Stubs;
  readonly aws: Aws;
  /** Of another application and stage. */
  readonly open: (app: string, stage: string) => Promise<Aws>;
}

/** Starts a stand-in in which nobody waits. */
export async function startPlace(): Promise<Place> {
  const stubs = createStubs();
  const server = await startAwsServer(Object.values(stubs));
  Object.assign(process.env, { ...CREDENTIALS, AWS_ENDPOINT_URL: server.url, AWS_REGION: REGION });
  const { signal } = new AbortController();
  const open = (app: string, stage: string) => openAws({ app, stage, signal }, async () => undefined);
  return {
    server,
    stubs,
    aws: await open("shop", "dev"),
    open,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** A resource as the template would have it, with its values in place. */
export function resourceOf(
  kind: ResourceKind,
  aws: Aws,
  logicalId: string,
  properties: Resource["properties"] = {},
): Resource {
  const resource = { aws, logicalId, properties, tags: aws.tags };
  const suggested = `${aws.app}-${aws.stage}-${logicalId}`;
  return { ...resource, name: kind.nameOf?.(suggested, resource) ?? suggested };
}

/** Makes a resource. */
export function make(
  kind: ResourceKind,
  aws: Aws,
  logicalId: string,
  properties?: Resource["properties"],
): Promise<Found> {
  return kind.create(resourceOf(kind, aws, logicalId, properties));
}

import { describe, expect, it } from "vitest";
import { jsonError } from "../../../../../test/support/aws-service.ts";
import { differences } from "../diff.ts";
import { type Aws, type Found, isOurs, type ResourceKind, UNKNOWN } from "../kind.ts";
import { make, resourceOf, startPlace } from "./_testing.ts";
import { bucket } from "./bucket.ts";
import { httpApi, httpApiStage } from "./http-api.ts";
import { integration, route } from "./http-routes.ts";
import { logGroup } from "./logs.ts";
import { queue, queuePolicy } from "./queue.ts";
import { restApi, restDeployment, restStage } from "./rest-api.ts";
import { restMethod, restResource } from "./rest-methods.ts";
import { role } from "./role.ts";
import { eventBus, rule } from "./rule.ts";
import { schedule } from "./schedule.ts";
import { stream } from "./stream.ts";
import { table } from "./table.ts";
import { subscription, topic } from "./topic.ts";

type Properties = Readonly<Record<string, unknown>>;

/** A kind, what one of it is like, and properties that it changes to, one after the other. */
interface Case {
  readonly kind: ResourceKind;
  readonly properties: Properties | ((aws: Aws) => Promise<Properties>);
  readonly changes: readonly Properties[];
}

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:123456789012:${rest}`;
const FUNCTION = arn("lambda", "function:shop-dev-get:live");
const policy = (...Statement: readonly object[]) => ({ Version: "2012-10-17", Statement });
const can = (Action: string) =>
  policy({ Effect: "Allow", Action: [Action], Resource: [arn("sqs", "a?b&c=d")] });
const named = (PolicyName: string, action: string) => ({ PolicyName, PolicyDocument: can(action) });
const refOf = async (made: Promise<Found>, attribute = "Ref") => (await made).attributes[attribute];
const target = (Id: string, MaximumRetryAttempts = 185) => ({
  Arn: FUNCTION,
  DeadLetterConfig: { Arn: arn("sqs", "letters") },
  Id,
  RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts },
});
const notification = (Event: string, Value: string) => ({
  Event,
  Filter: {
    S3Key: {
      Rules: [
        { Name: "prefix", Value },
        { Name: "suffix", Value: ".png" },
      ],
    },
  },
  Function: FUNCTION,
});
const ACCESS = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};
const SCHEDULE_TARGET = {
  Arn: FUNCTION,
  DeadLetterConfig: { Arn: arn("sqs", "letters") },
  Input: '{"a":1}',
  RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
  RoleArn: "arn:aws:iam::123456789012:role/r",
};
const REST_API = {
  BinaryMediaTypes: ["*/*"],
  EndpointConfiguration: { Types: ["REGIONAL"] },
  Name: "shop-dev",
};
const HTTP_API = { Name: "shop-dev", ProtocolType: "HTTP" };
const INTEGRATION = {
  IntegrationHttpMethod: "POST",
  TimeoutInMillis: 29_000,
  Type: "AWS_PROXY",
  Uri: "arn:aws:x",
};

const CASES: readonly Case[] = [
  {
    kind: role,
    properties: {
      AssumeRolePolicyDocument: can("sts:AssumeRole"),
      Policies: [named("a", "a:A"), named("b", "b:B")],
    },
    changes: [
      { Policies: [named("a", "a:C"), named("b", "b:B")] },
      { Policies: [named("b", "b:B"), named("c", "c:C")] },
      { AssumeRolePolicyDocument: can("sts:Other") },
    ],
  },
  {
    kind: logGroup,
    properties: { RetentionInDays: 30 },
    changes: [{ RetentionInDays: 7 }, { RetentionInDays: undefined }],
  },
  {
    kind: queue,
    properties: {
      MessageRetentionPeriod: 1_209_600,
      RedrivePolicy: { deadLetterTargetArn: arn("sqs", "letters"), maxReceiveCount: 5 },
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 120,
    },
    changes: [{ VisibilityTimeout: undefined }, { RedrivePolicy: undefined }, { MessageRetentionPeriod: 60 }],
  },
  { kind: queue, properties: { FifoQueue: true }, changes: [{ VisibilityTimeout: 60 }] },
  {
    kind: queuePolicy,
    properties: async (aws) => ({
      Queues: [await refOf(make(queue, aws, "letters"))],
      PolicyDocument: can("sqs:A"),
    }),
    changes: [{ PolicyDocument: can("sqs:B") }],
  },
  { kind: topic, properties: {}, changes: [] },
  {
    kind: subscription,
    properties: async (aws) => ({
      Endpoint: await refOf(make(queue, aws, "orders"), "Arn"),
      Protocol: "sqs",
      TopicArn: await refOf(make(topic, aws, "orders")),
    }),
    changes: [{ RedrivePolicy: { deadLetterTargetArn: "a" } }, { RedrivePolicy: undefined }],
  },
  { kind: eventBus, properties: { Name: "shop-dev-ShopBus" }, changes: [] },
  {
    kind: rule,
    properties: async (aws) => ({
      EventBusName: await refOf(make(eventBus, aws, "shop", { Name: "shop-dev-ShopBus" })),
      EventPattern: { source: ["shop"], "detail-type": ["order.placed"] },
      Targets: [target("function")],
    }),
    changes: [
      { EventPattern: { source: [{ prefix: "" }] } },
      { Targets: [target("function", 3)] },
      { Targets: [target("other")] },
    ],
  },
  {
    kind: rule,
    properties: { ScheduleExpression: "cron(0 2 * * ? *)", Targets: [target("function")] },
    changes: [{ ScheduleExpression: "cron(0 3 * * ? *)" }],
  },
  {
    kind: schedule,
    properties: {
      FlexibleTimeWindow: { Mode: "OFF" },
      ScheduleExpression: "cron(0 2 * * ? *)",
      ScheduleExpressionTimezone: "Europe/Berlin",
      Target: SCHEDULE_TARGET,
    },
    changes: [{ ScheduleExpressionTimezone: "UTC" }, { Target: { ...SCHEDULE_TARGET, Input: "{}" } }],
  },
  {
    kind: bucket,
    properties: {
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      PublicAccessBlockConfiguration: ACCESS,
    },
    changes: [{ PublicAccessBlockConfiguration: { ...ACCESS, BlockPublicAcls: false } }],
  },
  {
    kind: bucket,
    properties: {
      NotificationConfiguration: {
        LambdaConfigurations: [
          notification("s3:ObjectRemoved:*", "a/"),
          notification("s3:ObjectTagging:*", "a/"),
        ],
      },
      PublicAccessBlockConfiguration: ACCESS,
    },
    changes: [
      { NotificationConfiguration: { LambdaConfigurations: [notification("s3:ObjectTagging:*", "b/")] } },
      { NotificationConfiguration: {} },
    ],
  },
  {
    kind: table,
    properties: {
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
    },
    changes: [{ StreamSpecification: { StreamViewType: "KEYS_ONLY" } }, { StreamSpecification: undefined }],
  },
  {
    kind: stream,
    properties: { RetentionPeriodHours: 24, StreamModeDetails: { StreamMode: "ON_DEMAND" } },
    changes: [
      { RetentionPeriodHours: 48 },
      { RetentionPeriodHours: undefined },
      { StreamModeDetails: { StreamMode: "PROVISIONED" } },
    ],
  },
  { kind: httpApi, properties: HTTP_API, changes: [] },
  {
    kind: httpApiStage,
    properties: async (aws) => ({
      ApiId: await refOf(make(httpApi, aws, "api", HTTP_API)),
      AutoDeploy: true,
      StageName: "$default",
    }),
    changes: [{ AutoDeploy: false }],
  },
  { kind: integration, properties: integrationProperties, changes: [{ TimeoutInMillis: 1000 }] },
  {
    kind: route,
    properties: async (aws) => {
      const properties = await integrationProperties(aws);
      const { attributes } = await make(integration, aws, "get-integration", properties);
      return {
        ApiId: properties.ApiId,
        RouteKey: "GET /items/{id}",
        Target: `integrations/${attributes.Ref}`,
      };
    },
    // The same route by another name of its parameter: two of them could not be at once.
    changes: [{ RouteKey: "GET /items/{key}" }],
  },
  { kind: restApi, properties: REST_API, changes: [{ BinaryMediaTypes: ["image/png", "a/b"] }] },
  { kind: restResource, properties: pathProperties, changes: [] },
  {
    kind: restMethod,
    properties: async (aws) => {
      const path = await pathProperties(aws);
      return {
        AuthorizationType: "NONE",
        HttpMethod: "GET",
        Integration: { ...INTEGRATION, ResponseTransferMode: "STREAM" },
        ResourceId: await refOf(make(restResource, aws, "path", path)),
        RestApiId: path.RestApiId,
      };
    },
    changes: [{ Integration: { ...INTEGRATION, ResponseTransferMode: "BUFFERED" } }],
  },
  { kind: restDeployment, properties: deploymentProperties, changes: [] },
  {
    kind: restStage,
    properties: async (aws) => {
      const { RestApiId } = await deploymentProperties(aws);
      const DeploymentId = await refOf(make(restDeployment, aws, "one", { RestApiId }));
      return { DeploymentId, RestApiId, StageName: "live" };
    },
    changes: [{ DeploymentId: "another" }],
  },
];

describe.each(CASES.map((one) => [one.kind.type, one] as const))("%s", (_type, one) => {
  const { kind, changes } = one;
  const start = async () => {
    const place = await startPlace();
    const { properties } = one;
    return {
      ...place,
      properties: typeof properties === "function" ? await properties(place.aws) : properties,
    };
  };

  it("is not there before, is then as it is declared, and is gone in the end", async () => {
    await using place = await start();
    const { aws, properties } = place;
    const resource = resourceOf(kind, aws, "one", properties);
    expect(await kind.read(resource)).toBeUndefined();
    const made = await kind.create(resource);
    const found = await foundBy(kind, aws, properties);
    expect(found).toMatchObject({ id: made.id, name: made.name, attributes: made.attributes });
    expect(found.parent).toBe(made.parent);
    expect(found.tags === undefined || isOurs(aws, found.tags)).toBe(true);
    await kind.remove(resource, found);
    expect(await kind.read(resource)).toBeUndefined();
    await kind.remove(resource, found);
  });

  it("becomes what it is changed to, by writes for what has changed", async () => {
    await using place = await start();
    const { aws } = place;
    let properties = place.properties;
    const { id } = await make(kind, aws, "one", properties);
    for (const change of changes) {
      properties = defined({ ...properties, ...change });
      const resource = resourceOf(kind, aws, "one", properties);
      // By what it is to be, what it still is must be found.
      const before = await kind.read(resource);
      expect(before?.id).toBe(id);
      if (before === undefined) return;
      const changed = differences(properties, before.properties, kind.defaults);
      expect(changed.map(({ property }) => property)).toEqual(Object.keys(change));
      const half = await kind.update(resource, before, Object.keys(change));
      const updated = (await kind.finish?.(resource, half)) ?? half;
      const { attributes } = await foundBy(kind, aws, properties);
      expect(updated).toMatchObject({ id, attributes });
    }
  });

  it("is completed after a failure at any of its writes", async () => {
    for (let index = 0, isDone = false; !isDone; index++) {
      await using place = await start();
      const { aws, server, properties } = place;
      const resource = resourceOf(kind, aws, "one", properties);
      const { length } = server.writes();
      const when = () => server.writes().length === length + index + 1;
      server.failWith({ when, answer: jsonError(403, "AccessDenied", "not today"), times: 1 });
      const made = await kind.create(resource).catch(() => undefined);
      isDone = made !== undefined;
      server.recover();
      const half = await kind.read(resource);
      const changed = differences(properties, half?.properties ?? {}, kind.defaults);
      if (half === undefined) await kind.create(resource);
      else if (changed.length > 0) {
        await kind.update(
          resource,
          half,
          changed.map(({ property }) => property),
        );
      }
      const found = await foundBy(kind, aws, properties);
      expect(found.tags === undefined || isOurs(aws, found.tags)).toBe(true);
    }
  });

  it("is listed for its stage alone, among many", async () => {
    await using place = await start();
    const { aws, properties } = place;
    if (kind.list === undefined) return;
    const { id } = await make(kind, aws, "one", properties);
    const ids = (await kind.list(aws)).map((found) => found.id);
    expect(ids).toContain(id);
    expect(new Set(ids).size).toBe(ids.length);
    // Its names begin as those of the stage `dev` do.
    expect(await kind.list(await place.open("shop", "de"))).toEqual([]);
    expect(await kind.list(await place.open("shop", "dev-one"))).toEqual([]);
    expect(await kind.list(await place.open("shop-dev", "one"))).toEqual([]);
  });

  it("is nothing that can be looked for before what it is a part of is there", async () => {
    await using place = await start();
    const { aws, properties } = place;
    const parents = ["ApiId", "RestApiId", "ResourceId", "ParentId", "Queues", "TopicArn", "EventBusName"];
    const name = parents.find((one) => properties[one] !== undefined);
    if (name === undefined) return;
    const unknown = { ...properties, [name]: name === "Queues" ? [UNKNOWN] : UNKNOWN };
    expect(await kind.read(resourceOf(kind, aws, "one", unknown))).toBeUndefined();
  });
});

async function integrationProperties(aws: Aws) {
  return {
    ApiId: await refOf(make(httpApi, aws, "api", HTTP_API)),
    IntegrationType: "AWS_PROXY",
    IntegrationUri: FUNCTION,
    PayloadFormatVersion: "2.0",
    TimeoutInMillis: 30_000,
  };
}

async function pathProperties(aws: Aws) {
  const { Ref, RootResourceId } = (await make(restApi, aws, "api", REST_API)).attributes;
  return { ParentId: RootResourceId, PathPart: "items", RestApiId: Ref };
}

async function deploymentProperties(aws: Aws) {
  return { RestApiId: await refOf(make(restApi, aws, "api", REST_API)) };
}

/** Reads a resource that has to be as it is declared. */
async function foundBy(kind: ResourceKind, aws: Aws, properties: Properties): Promise<Found> {
  const found = await kind.read(resourceOf(kind, aws, "one", properties));
  if (found === undefined) throw new Error("It is not there.");
  expect(differences(properties, found.properties, kind.defaults)).toEqual([]);
  return found;
}

const defined = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));

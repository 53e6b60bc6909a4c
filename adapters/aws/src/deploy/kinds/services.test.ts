import { describe, expect, it } from "vitest";
import { jsonError } from "../../../../../test/support/aws-service.ts";
import type { RecordedRequest, ServerAnswer } from "../../../../../test/support/recording-server.ts";
import type { ResourceKind } from "../kind.ts";
import { make, resourceOf, startPlace } from "./_testing.ts";
import { bucket } from "./bucket.ts";
import { httpApi } from "./http-api.ts";
import { integration, route } from "./http-routes.ts";
import { subscriptionFilter } from "./logs.ts";
import { queue, queuePolicy } from "./queue.ts";
import { restApi } from "./rest-api.ts";
import { role } from "./role.ts";
import { rule } from "./rule.ts";
import { schedule } from "./schedule.ts";

const FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:shop-dev-get:live";
const s3Error = (code: string): ServerAnswer => ({
  status: 400,
  body: `<Error><Code>${code}</Code><Message>It is a case of ${code}.</Message></Error>`,
});
const isOperation = (name: string) => (request: RecordedRequest) =>
  String(request.headers["x-amz-target"]).endsWith(`.${name}`);

interface Passing {
  readonly what: string;
  readonly kind: ResourceKind;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly when: (request: RecordedRequest) => boolean;
  readonly passing: ServerAnswer;
  readonly lasting: ServerAnswer;
}

const PASSING: readonly Passing[] = [
  {
    what: "a schedule, until its role is known",
    kind: schedule,
    properties: {
      FlexibleTimeWindow: { Mode: "OFF" },
      ScheduleExpression: "rate(1 day)",
      Target: { Arn: FUNCTION },
    },
    when: ({ method, url }) => method === "POST" && url.startsWith("/schedules"),
    passing: jsonError(
      400,
      "ValidationException",
      "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
    ),
    lasting: jsonError(400, "ValidationException", "Invalid Schedule Expression rate(1 day)."),
  },
  {
    what: "a queue, until the deleted one of its name is forgotten",
    kind: queue,
    properties: {},
    when: isOperation("CreateQueue"),
    passing: jsonError(400, "QueueDeletedRecently", "You must wait 60 seconds after deleting a queue."),
    lasting: jsonError(400, "InvalidAttributeName", "Unknown attribute."),
  },
  {
    what: "a log subscription, until the permission is known",
    kind: subscriptionFilter,
    properties: { DestinationArn: FUNCTION, FilterPattern: "", LogGroupName: "the-logs" },
    when: isOperation("PutSubscriptionFilter"),
    passing: jsonError(400, "InvalidParameterException", "Could not execute the lambda function."),
    lasting: jsonError(400, "InvalidOperationException", "The operation is not valid."),
  },
  {
    what: "a bucket, until the permission is known",
    kind: bucket,
    properties: { NotificationConfiguration: {} },
    when: ({ method, url }) => method === "PUT" && url.includes("notification"),
    passing: s3Error("InvalidArgument"),
    lasting: s3Error("MalformedXML"),
  },
  {
    what: "a REST API, until API Gateway takes another change",
    kind: restApi,
    properties: { EndpointConfiguration: { Types: ["REGIONAL"] }, Name: "shop-dev" },
    when: ({ method, url }) => method === "POST" && url === "/restapis",
    passing: jsonError(
      409,
      "ConflictException",
      "Unable to complete operation due to concurrent modification.",
    ),
    lasting: jsonError(400, "BadRequestException", "Invalid name."),
  },
];

describe("making it is tried again", () => {
  it.each(PASSING.map((one) => [one.what, one] as const))("for %s; nothing else is", async (_what, one) => {
    const { kind, properties, when, passing, lasting } = one;
    await using place = await startPlace();
    const { aws, server, stubs } = place;
    stubs.logs.groups.set("the-logs", { tags: {}, days: undefined, filters: new Map(), events: [] });
    server.failWith({ when, answer: passing, times: 3 });
    await make(kind, aws, "one", properties);
    expect(await kind.read(resourceOf(kind, aws, "one", properties))).toBeDefined();
    const tries = () => server.requests.filter(when).length;
    expect(tries()).toBe(4);
    server.failWith({ when, answer: lasting });
    await expect(make(kind, aws, "two", properties)).rejects.toThrow();
    expect(tries()).toBe(5);
  });
});

describe("a bucket", () => {
  it("keeps the notifications and events that others have added", async () => {
    await using place = await startPlace();
    const { aws, stubs } = place;
    const { id } = await make(bucket, aws, "images", { BucketName: "the-images" });
    const theirs =
      "<CloudFunctionConfiguration><Id>theirs</Id><CloudFunction>arn:x</CloudFunction><Event>s3:ObjectRestore:*</Event></CloudFunctionConfiguration>";
    const others = `${theirs}<EventBridgeConfiguration/><TopicConfiguration><Id>t</Id><Topic>arn:t</Topic><Event>s3:Replication:*</Event></TopicConfiguration>`;
    stubs.s3.buckets
      .get(id)
      ?.set("notification", `<NotificationConfiguration>${others}</NotificationConfiguration>`);
    const LambdaConfigurations = [{ Event: "s3:ObjectCreated:*", Function: FUNCTION }];
    const properties = { BucketName: "the-images", NotificationConfiguration: { LambdaConfigurations } };
    const resource = resourceOf(bucket, aws, "images", properties);
    const found = await bucket.read(resource);
    expect(found?.properties.NotificationConfiguration).toEqual({});
    if (found !== undefined) await bucket.update(resource, found, ["NotificationConfiguration"]);
    const text = stubs.s3.buckets.get(id)?.get("notification") ?? "";
    expect(text.match(/<Id>[^<]+|<EventBridgeConfiguration/g)?.sort()).toEqual([
      "<EventBridgeConfiguration",
      "<Id>anyfn-0",
      "<Id>t",
      "<Id>theirs",
    ]);
  });

  it("has its tags from the first moment on: one without them would be someone else's", async () => {
    await using place = await startPlace();
    const { aws, server } = place;
    await make(bucket, aws, "images");
    const creation = server.requests.find(({ method, url }) => method === "PUT" && !url.includes("="));
    expect(String(creation?.body)).toContain("<Key>anyfn:stage</Key><Value>dev</Value>");
  });

  it("has a name that no other account or region has, in at most 63 characters", async () => {
    await using place = await startPlace();
    const { name } = resourceOf(bucket, { ...place.aws, app: "An_App".repeat(20) }, "ImagesBucket");
    expect(name).toMatch(/^an-appan[a-z-]+-[0-9a-f]{8}-123456789012-eu-central-1$/);
    expect(name.length).toBeLessThanOrEqual(63);
  });
});

describe("a role", () => {
  it("goes with the policies that others have attached to it", async () => {
    await using place = await startPlace();
    const { aws, stubs } = place;
    const found = await make(role, aws, "one", { AssumeRolePolicyDocument: {}, Policies: [] });
    stubs.iam.roles.get(found.id)?.attached.add("arn:aws:iam::aws:policy/ReadOnlyAccess");
    await role.remove({ aws, name: found.name }, found);
    expect(stubs.iam.roles.size).toBe(0);
  });

  it("is another one in each region", async () => {
    await using place = await startPlace();
    const { aws } = place;
    const names = ["eu-central-1", "us-east-1"].map(
      (region) => resourceOf(role, { ...aws, region }, "get-function-role").name,
    );
    expect(names).toEqual([
      "shop-dev-get-function-role-eu-central-1",
      "shop-dev-get-function-role-us-east-1",
    ]);
  });
});

describe("a queue policy", () => {
  it("of others is not the stage's to delete", async () => {
    await using place = await startPlace();
    const { aws, stubs } = place;
    const { name } = await make(queue, aws, "orders");
    const found = stubs.sqs.queues.get(name);
    if (found !== undefined)
      found.attributes = { ...found.attributes, Policy: '{"Id":"theirs","Statement":[]}' };
    expect(await queuePolicy.list?.(aws)).toEqual([]);
  });
});

describe("a rule", () => {
  it("fails when EventBridge answers that it has not taken the target", async () => {
    await using place = await startPlace();
    const { aws, server } = place;
    const FailedEntries = [
      { TargetId: "function", ErrorCode: "LimitExceeded", ErrorMessage: "Too many targets." },
    ];
    const answer = { body: { FailedEntryCount: 1, FailedEntries } };
    server.failWith({ when: isOperation("PutTargets"), answer });
    const properties = { ScheduleExpression: "rate(1 day)", Targets: [{ Id: "function", Arn: FUNCTION }] };
    await expect(make(rule, aws, "one", properties)).rejects.toThrow("LimitExceeded: Too many targets.");
  });
});

describe("routes of one API", () => {
  it("are looked up by one listing when many are looked up at once", async () => {
    await using place = await startPlace();
    const { aws, server } = place;
    const { Ref: ApiId } = (await make(httpApi, aws, "api", { Name: "shop-dev", ProtocolType: "HTTP" }))
      .attributes;
    const keys = [...Array(20).keys()].map((n) => `GET /${n}`);
    await Promise.all(keys.map((RouteKey) => route.read(resourceOf(route, aws, "one", { ApiId, RouteKey }))));
    expect(server.lines().filter((line) => line === `GET /v2/apis/${ApiId}/routes`)).toHaveLength(1);
  });

  it("are the stage's where they lead to its integrations; others stay", async () => {
    await using place = await startPlace();
    const { aws } = place;
    const { Ref: ApiId } = (await make(httpApi, aws, "api", { Name: "shop-dev", ProtocolType: "HTTP" }))
      .attributes;
    const { Ref } = (await make(integration, aws, "get", { ApiId, IntegrationUri: FUNCTION })).attributes;
    await make(route, aws, "get", { ApiId, RouteKey: "GET /ours", Target: `integrations/${Ref}` });
    await make(route, aws, "theirs", { ApiId, RouteKey: "GET /theirs", Target: "integrations/theirs" });
    expect((await route.list?.(aws))?.map(({ name }) => name)).toEqual(["GET /ours"]);
  });
});

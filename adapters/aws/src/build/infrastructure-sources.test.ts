import { type AnyFunction, defineFunction, queue, storage } from "@anyfn/core";
import { describe, expect, test } from "vitest";
import {
  alone,
  arn,
  CREATING,
  can,
  canKeep,
  DEFINITIONS,
  GIVEN,
  ofType,
  propertiesOf,
  templateOf,
} from "./_testing.ts";

const handler = () => undefined;

describe("messages", () => {
  test("of a created queue stay hidden for six times its slowest function's timeout, and are kept after five tries", () => {
    const template = templateOf(
      { create: true },
      {
        slow: defineFunction({ trigger: queue("q"), timeout: 50, handler }),
        fast: defineFunction({ trigger: queue("q"), timeout: 3, handler }),
      },
    );
    expect(propertiesOf(template, "QQueue")).toMatchObject({
      VisibilityTimeout: 300,
      RedrivePolicy: { deadLetterTargetArn: arn("QQueueDeadLetters"), maxReceiveCount: 5 },
    });
    expect(propertiesOf(template, "QQueueDeadLetters")).toMatchObject({ MessageRetentionPeriod: 1_209_600 });
  });

  test("of a FIFO queue go to dead letters that are FIFO, without a window", () => {
    const template = templateOf(CREATING);
    expect(propertiesOf(template, "OrdersQueue")).toMatchObject({ FifoQueue: true });
    expect(propertiesOf(template, "OrdersQueueDeadLetters")).toMatchObject({ FifoQueue: true });
    const mapping = propertiesOf(template, "FulfilFastFunctionMapping");
    expect(mapping.MaximumBatchingWindowInSeconds).toBeUndefined();
  });

  test("fail one by one, and more than ten at once are waited for", () => {
    const { EventSourceArn, ...mapping } = { ...propertiesOf(templateOf(GIVEN), "PaymentsFunctionMapping") };
    expect(EventSourceArn).toEqual({ Ref: "PaymentsQueueArn" });
    expect(mapping).toEqual({
      BatchSize: 100,
      FunctionName: { Ref: "PaymentsFunction.Alias" },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      MaximumBatchingWindowInSeconds: 1,
    });
  });

  test("fail all at once where the function says so to its source", () => {
    const template = alone(DEFINITIONS.payments as AnyFunction, { partialFailures: false });
    expect(propertiesOf(template, "FnFunctionMapping").FunctionResponseTypes).toBeUndefined();
  });

  test("that a topic cannot deliver are kept: its policy lets SNS put them there", () => {
    const template = templateOf(CREATING);
    expect(propertiesOf(template, "ShipFunctionSubscription")).toEqual({
      Endpoint: { Ref: "ShipFunction.Alias" },
      Protocol: "lambda",
      RedrivePolicy: { deadLetterTargetArn: arn("ShipFunctionDeadLetters") },
      TopicArn: { Ref: "ShipmentsTopic" },
    });
    const policies = ["ShipFunctionDeadLetters", "AuditFunctionQueue"].map((id) =>
      propertiesOf(template, `${id}Policy`),
    );
    expect(policies).toEqual([
      sendingPolicy("ShipFunctionDeadLetters", "sns.amazonaws.com", { Ref: "ShipmentsTopic" }),
      sendingPolicy("AuditFunctionQueue", "sns.amazonaws.com", { Ref: "AuditsTopic" }),
    ]);
  });
});

function sendingPolicy(queueId: string, Service: string, sourceArn: unknown) {
  const statement = {
    Effect: "Allow",
    Principal: { Service },
    Action: "sqs:SendMessage",
    Resource: arn(queueId),
    Condition: { ArnEquals: { "aws:SourceArn": sourceArn } },
  };
  return { Queues: [{ Ref: queueId }], PolicyDocument: { Version: "2012-10-17", Statement: [statement] } };
}

describe("events", () => {
  test.each([
    "ShipFunction",
    "NightlyFunction",
    "HourlyFunction",
    "ResizeFunction",
    "ForgetFunction",
    "ScanFunction",
    "OnLogFunction",
    "OnOrderFunction",
    "VatFunction",
  ])("that Lambda queues for %s are tried twice more, and kept then", (id) => {
    expect(propertiesOf(templateOf(CREATING), id).EventInvokeConfig).toEqual({
      MaximumEventAgeInSeconds: 21_600,
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Type: "SQS", Destination: arn(`${id}DeadLetters`) } },
    });
  });

  test("of a rule have a retry policy, dead letters, and a policy that lets EventBridge send them", () => {
    const template = templateOf(CREATING);
    const rules = ofType(template, "AWS::Events::Rule");
    expect(rules.map(([id]) => id)).toEqual([
      "HourlyFunctionRule",
      "OnAnyFunctionRule",
      "OnOrderFunctionRule",
      "ResizeFunctionRule",
    ]);
    for (const [id, { Properties }] of rules) {
      const fn = id.replace(/Rule$/, "");
      expect(Properties.Targets).toEqual([
        {
          Arn: { Ref: `${fn}.Alias` },
          DeadLetterConfig: { Arn: arn(`${fn}DeadLetters`) },
          Id: "function",
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        },
      ]);
      expect(propertiesOf(template, `${fn}DeadLettersPolicy`)).toEqual(
        sendingPolicy(`${fn}DeadLetters`, "events.amazonaws.com", arn(id)),
      );
    }
  });

  test.each([
    ["OnOrderFunctionRule", { source: ["shop"], "detail-type": ["order.placed"] }],
    ["OnAnyFunctionRule", { source: [{ prefix: "" }] }],
    [
      "ResizeFunctionRule",
      {
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: { bucket: { name: [{ Ref: "ImagesBucket" }] }, object: { key: [{ wildcard: "raw/*.png" }] } },
      },
    ],
  ])("%s matches what the function asks for", (id, pattern) => {
    expect(propertiesOf(templateOf(CREATING), id).EventPattern).toEqual(pattern);
  });

  test.each([
    ["raw/", "", [{ prefix: "raw/" }]],
    ["", ".png", [{ suffix: ".png" }]],
    ["a*b\\", ".png", [{ wildcard: "a\\*b\\\\*.png" }]],
    ["", "", undefined],
  ])("of keys that start with %j and end with %j", (prefix, suffix, key) => {
    const definition = defineFunction({ trigger: storage("images", { prefix, suffix }), handler });
    const pattern = propertiesOf(alone(definition), "FnFunctionRule").EventPattern as {
      readonly detail: { readonly object?: { readonly key: unknown } };
    };
    expect(pattern.detail.object?.key).toEqual(key);
  });

  test("a bucket tells functions once they may be told", () => {
    const template = templateOf(CREATING);
    expect(template.Resources.PapersBucket?.DependsOn).toEqual(["ForgetFunctionPermission"]);
    const { LambdaConfigurations } = propertiesOf(template, "PapersBucket").NotificationConfiguration as {
      readonly LambdaConfigurations: readonly { readonly Event: string }[];
    };
    expect(LambdaConfigurations.map(({ Event }) => Event)).toEqual([
      "s3:ObjectRemoved:*",
      "s3:LifecycleExpiration:*",
      "s3:ObjectTagging:*",
      "s3:ObjectAcl:Put",
    ]);
  });

  test("a schedule keeps its time zone, says when it was due, and may invoke this function alone", () => {
    const template = templateOf(CREATING);
    const { Target, ...schedule } = { ...propertiesOf(template, "NightlyFunctionSchedule") };
    expect(schedule).toEqual({
      FlexibleTimeWindow: { Mode: "OFF" },
      ScheduleExpression: "cron(0 2 ? * 2,3,4,5,6 *)",
      ScheduleExpressionTimezone: "Europe/Berlin",
    });
    expect(Target).toMatchObject({
      DeadLetterConfig: { Arn: arn("NightlyFunctionDeadLetters") },
      Input: expect.stringContaining('"scheduledTime":"<aws.scheduler.scheduled-time>"'),
      RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
    });
    const role = propertiesOf(template, "NightlyFunctionScheduleRole");
    expect(role.Policies).toMatchObject([
      {
        PolicyDocument: {
          Statement: [
            can(["lambda:InvokeFunction"], { Ref: "NightlyFunction.Alias" }),
            canKeep("NightlyFunction"),
          ],
        },
      },
    ]);
    expect(JSON.stringify(role.AssumeRolePolicyDocument)).toContain("aws:SourceAccount");
  });
});

test.each([
  ["OnCustomerFunctionMapping", 86_400, [{ Pattern: '{"eventName":["MODIFY"]}' }]],
  ["OnClickFunctionMapping", 604_800, undefined],
])("%s goes on after a bad record, and keeps it", (id, age, filters) => {
  expect(propertiesOf(templateOf(CREATING), id)).toMatchObject({
    BatchSize: 100,
    BisectBatchOnFunctionError: true,
    DestinationConfig: { OnFailure: { Destination: arn(id.replace("Mapping", "DeadLetters")) } },
    FunctionResponseTypes: ["ReportBatchItemFailures"],
    MaximumRecordAgeInSeconds: age,
    MaximumRetryAttempts: 10,
    StartingPosition: "TRIM_HORIZON",
    ...(filters && { FilterCriteria: { Filters: filters } }),
  });
});

import { type AnyFunction, defineFunction, queue } from "@anyfn/core";
import { describe, expect, test } from "vitest";
import { brokenReferences, references, specProblems } from "../../../../test/support/service-spec.ts";
import {
  alone,
  arn,
  CREATING,
  can,
  canKeep,
  DEFINITIONS,
  GIVEN,
  inputOf,
  ofType,
  propertiesOf,
  REST,
  templateOf,
} from "./_testing.ts";
import { adapter } from "./index.ts";
import type { Template } from "./infrastructure.ts";
import { idOf } from "./infrastructure-template.ts";

const handler = () => undefined;
const SQS = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
const DYNAMODB = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"].map(
  (name) => `dynamodb:${name}`,
);
const KINESIS = [
  "DescribeStream",
  "DescribeStreamSummary",
  "GetRecords",
  "GetShardIterator",
  "ListShards",
].map((name) => `kinesis:${name}`);

describe.each([
  ["of what is given", GIVEN],
  ["of what it creates", CREATING],
  ["of a REST API", REST],
])("a template %s", (_case, settings) => {
  const template = templateOf(settings);

  test("is as AWS specifies its resources", () => {
    expect(specProblems(template)).toEqual([]);
  });

  test("refers to what is there, and has no parameter that nothing uses", () => {
    expect(brokenReferences(template)).toEqual([]);
    const used = new Set(references(template).map(({ id }) => id));
    expect(Object.keys(template.Parameters).filter((id) => !used.has(id))).toEqual([]);
  });

  test("allows no action and no resource by a wildcard, and uses no policy of somebody else", () => {
    const text = JSON.stringify(template);
    expect(text).not.toContain("ManagedPolicyArns");
    const roles = ofType(template, "AWS::IAM::Role");
    expect(roles.length).toBeGreaterThan(20);
    for (const [, { Properties }] of roles) expect(JSON.stringify(Properties.Policies)).not.toContain("*");
  });

  test("lets services in for one source each, and everybody by a URL alone", () => {
    for (const [id, { Properties }] of ofType(template, "AWS::Lambda::Permission")) {
      const { Principal, SourceArn, SourceAccount } = Properties;
      expect([id, Principal === "*"]).toEqual([id, /Url(?:Invoke)?Permission$/.test(id)]);
      expect([id, SourceArn === undefined]).toEqual([id, Principal === "*"]);
      // Neither the ARN of a bucket nor what is asked for logs says whose it is.
      const isVague = Principal === "s3.amazonaws.com" || Principal === "logs.amazonaws.com";
      expect([id, SourceAccount]).toEqual([id, isVague ? { Ref: "AWS::AccountId" } : undefined]);
    }
  });

  test("points everything that invokes at the alias, so that a rollback reaches it", () => {
    const withoutAlias = references(
      Object.values(template.Resources).filter(({ Type }) => Type !== "AWS::Serverless::Function"),
    ).filter(
      ({ id, attribute }) =>
        template.Resources[id]?.Type === "AWS::Serverless::Function" && attribute !== "Alias",
    );
    expect(withoutAlias).toEqual([]);
  });
});

test.each([
  ["GetItemFunction", []],
  ["FulfilFastFunction", [can(SQS, arn("OrdersQueue"))]],
  ["PaymentsFunction", [can(SQS, arn("PaymentsQueue"))]],
  ["ShipFunction", [canKeep("ShipFunction")]],
  ["AuditFunction", [can(SQS, arn("AuditFunctionQueue"))]],
  ["NightlyFunction", [canKeep("NightlyFunction")]],
  ["HourlyFunction", [canKeep("HourlyFunction")]],
  ["ResizeFunction", [canKeep("ResizeFunction")]],
  ["ForgetFunction", [canKeep("ForgetFunction")]],
  ["ScanFunction", [canKeep("ScanFunction")]],
  ["IndexFunction", [can(SQS, { Ref: "BooksQueueArn" })]],
  ["OnCustomerFunction", [can(DYNAMODB, arn("CustomersTable", "StreamArn")), canKeep("OnCustomerFunction")]],
  ["OnClickFunction", [can(KINESIS, arn("ClicksStream")), canKeep("OnClickFunction")]],
  ["OnLogFunction", [canKeep("OnLogFunction")]],
  ["OnOrderFunction", [canKeep("OnOrderFunction")]],
  ["VatFunction", [canKeep("VatFunction")]],
])("%s may do what its trigger needs, and nothing else", (id, expected) => {
  expect(statementsOf(templateOf(CREATING), `${id}Role`)).toEqual(expected);
});

test("a function may do more where its settings say what and on what", () => {
  const permissions = [
    { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::images/*"] },
    {
      actions: ["dynamodb:GetItem"],
      resources: [`arn:aws:dynamodb:\${AWS::Region}:\${AWS::AccountId}:table/orders`],
    },
  ];
  const template = alone(DEFINITIONS["get-item"] as AnyFunction, { functions: { fn: { permissions } } });
  expect(statementsOf(template, "FnFunctionRole")).toEqual([
    can(["s3:GetObject"], "arn:aws:s3:::images/*"),
    can(["dynamodb:GetItem"], { "Fn::Sub": permissions[1]?.resources[0] }),
  ]);
});

test("a function has its settings, its zip, source maps and logs that end", () => {
  const settings = { logRetentionDays: 7, environment: { STAGE: "test", NODE_OPTIONS: "--no-warnings" } };
  const definition = defineFunction({ trigger: queue("q"), timeout: 7, memory: 256, handler });
  const template = alone(definition, settings);
  expect(propertiesOf(template, "FnFunction")).toEqual({
    Architectures: ["arm64"],
    AutoPublishAlias: "live",
    AutoPublishAliasAllProperties: true,
    CodeUri: "fn/fn.zip",
    Environment: { Variables: { STAGE: "test", NODE_OPTIONS: "--enable-source-maps --no-warnings" } },
    Handler: "index.handler",
    LoggingConfig: { LogGroup: { Ref: "FnFunctionLogs" } },
    MemorySize: 256,
    Role: arn("FnFunctionRole"),
    Runtime: "nodejs24.x",
    Timeout: 7,
  });
  expect(propertiesOf(template, "FnFunctionLogs")).toEqual({ RetentionInDays: 7 });
});

/** A policy's statements, beyond those about logs. */
function statementsOf(template: Template, role: string): unknown[] {
  const { Policies } = propertiesOf(template, role) as {
    readonly Policies: readonly [{ readonly PolicyDocument: { readonly Statement: readonly object[] } }];
  };
  const [logs, ...others] = Policies[0].PolicyDocument.Statement;
  expect(logs).toEqual({
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: [{ "Fn::GetAtt": [role.replace(/Role$/, "Logs"), "Arn"] }],
  });
  return others;
}

test("the text depends on the functions alone, not on their order or place", () => {
  const input = inputOf(DEFINITIONS, CREATING);
  const texts = adapter.infrastructure?.(input);
  const reversed = { ...input, functions: [...input.functions].reverse() };
  expect(adapter.infrastructure?.(reversed)).toEqual(texts);
  expect(Object.keys(texts ?? {})).toEqual(["template.json"]);
  expect(texts?.["template.json"]).not.toContain("/project");
});

test("what is wrong with a template is found", () => {
  const template = {
    Resources: {
      Queue: { Type: "AWS::SQS::Queue", Properties: { VisibilityTimeout: "long", Visible: true } },
      Rule: {
        Type: "AWS::Events::Rule",
        DependsOn: ["Nothing"],
        Properties: { Targets: [{ Arn: { "Fn::GetAtt": ["Queue", "Url"] } }] },
      },
      Other: {
        Type: "AWS::SQS::Line",
        Properties: { Text: { "Fn::Sub": `\${Missing} of \${AWS::Region}` } },
      },
    },
  };
  expect(specProblems(template)).toEqual([
    'Queue.VisibilityTimeout: "long" is no integer',
    "Queue: there is no Visible",
    "Rule.Targets[0]: Id is missing",
    "Other: there is no AWS::SQS::Line",
  ]);
  expect(brokenReferences(template)).toEqual([
    "Nothing is not there",
    "Queue, of the type AWS::SQS::Queue, has no Url",
    "Missing is not there",
  ]);
});

test("a function that its user connects has its role and nothing that invokes it", () => {
  const template = alone(DEFINITIONS["on-click"] as AnyFunction, { functions: { fn: { source: "none" } } });
  expect(Object.keys(template.Resources)).toEqual(["FnFunction", "FnFunctionLogs", "FnFunctionRole"]);
});

test("names that share their words have ids of their own", () => {
  const names = [
    "get-order",
    "getorder",
    "getOrder",
    "a-1",
    "a1",
    "Orders",
    "orders",
    "my orders",
    "my.orders",
  ];
  const ids = names.map(idOf);
  expect(ids[0]).toBe("GetOrder");
  expect(new Set(ids).size).toBe(names.length);
  expect(ids.filter((id) => !/^[A-Za-z0-9]+$/.test(id))).toEqual([]);
});

import { defineFunction, http, queue } from "@anyfn/core";
import { describe, expect, test } from "vitest";
import { argumentProblems, brokenAddresses } from "../../../../test/support/terraform-aws.ts";
import { CREATING, DEFINITIONS, GIVEN, inputOf, REST } from "./_testing.ts";
import { adapter } from "./index.ts";
import type { AwsSettings } from "./settings.ts";

function terraformOf(settings: AwsSettings, definitions = DEFINITIONS) {
  const texts = adapter.infrastructure?.(inputOf(definitions, settings, "terraform")) ?? {};
  expect(Object.keys(texts)).toEqual(["main.tf.json"]);
  return JSON.parse(texts["main.tf.json"] ?? "");
}

describe.each([
  ["of what is given", GIVEN],
  ["of what it creates", CREATING],
  ["of a REST API", REST],
])("a configuration %s", (_case, settings) => {
  const configuration = terraformOf(settings);

  test("has the arguments that the provider has", () => {
    expect(argumentProblems(configuration)).toEqual([]);
  });

  test("refers to what is there, and has no variable that nothing uses", () => {
    expect(brokenAddresses(configuration)).toEqual([]);
    const text = JSON.stringify([configuration.resource, configuration.output]);
    const unused = Object.keys(configuration.variable).filter((name) => !text.includes(`var.${name}`));
    expect(unused).toEqual([]);
    const used = [...text.matchAll(/var\.([a-z0-9_]+)/g)].map(([, name]) => name);
    expect(used.filter((name) => !(String(name) in configuration.variable))).toEqual([]);
  });

  test("leaves no function of CloudFormation behind", () => {
    expect(JSON.stringify(configuration)).not.toMatch(/Fn::|"Ref"|AWS::/);
  });

  test("has policies without wildcards, but for the streams of a function's own logs", () => {
    const policies = Object.values<{ readonly policy: string }>(configuration.resource.aws_iam_role_policy);
    expect(policies.length).toBeGreaterThan(20);
    for (const { policy } of policies) {
      const [, ...others] = policy.split(/\$\{aws_cloudwatch_log_group\.\w+\.arn\}:\*/);
      expect([policy, others.length]).toEqual([policy, policy.includes("logs:") ? 1 : 0]);
      expect(others.join("")).not.toContain("*");
      expect(JSON.parse(policy).Statement.length).toBeGreaterThan(0);
    }
  });
});

test("what is wrong with a configuration is found", () => {
  const configuration = {
    resource: {
      aws_sqs_queue: { q: { visible: true, redrive_policy: `\${aws_sqs_queue.other.arn}` } },
      aws_scheduler_schedule: {
        s: { flexible_time_window: { mode: "OFF" }, schedule_expression: "", target: { arn: "", input: "" } },
      },
      aws_line: { l: { depends_on: ["aws_sqs_queue.q", "aws_sqs_queue.r"] } },
    },
  };
  expect(argumentProblems(configuration)).toEqual([
    "aws_sqs_queue.q: there is no visible",
    "aws_scheduler_schedule.s.target: role_arn is missing",
    "there is no aws_line",
  ]);
  expect(brokenAddresses(configuration)).toEqual(["aws_sqs_queue.other", "aws_sqs_queue.r"]);
});

test("a function is published when its zip changes, after its role may write logs", () => {
  const { resource } = terraformOf(CREATING);
  expect(resource.aws_lambda_function.vat_function).toMatchObject({
    depends_on: ["aws_iam_role_policy.vat_function_role"],
    filename: `\${path.module}/vat/vat.zip`,
    function_name: `\${var.name}-vat`,
    publish: true,
    source_code_hash: `\${filebase64sha256("\${path.module}/vat/vat.zip")}`,
  });
  expect(resource.aws_lambda_alias.vat_function).toMatchObject({
    function_version: `\${aws_lambda_function.vat_function.version}`,
    name: "live",
  });
  expect(resource.aws_lambda_function_event_invoke_config.vat_function).toMatchObject({
    maximum_retry_attempts: 2,
    qualifier: `\${aws_lambda_alias.vat_function.name}`,
  });
});

test("a function URL has both permissions, on the alias", () => {
  const { aws_lambda_permission: permissions } = terraformOf(GIVEN).resource;
  const alias = {
    function_name: `\${aws_lambda_alias.export_function.function_name}`,
    principal: "*",
    qualifier: `\${aws_lambda_alias.export_function.name}`,
  };
  expect(permissions.export_function_url_permission).toEqual({
    ...alias,
    action: "lambda:InvokeFunctionUrl",
    function_url_auth_type: "NONE",
  });
  expect(permissions.export_function_url_invoke_permission).toEqual({
    ...alias,
    action: "lambda:InvokeFunction",
    invoked_via_function_url: true,
  });
});

test("what starts an expression in a user's text stays text", () => {
  const definition = defineFunction({ trigger: http.get("/"), handler: () => "" });
  const { resource } = terraformOf({ environment: { PATTERN: `\${HOME} %{x}` } }, { fn: definition });
  expect(resource.aws_lambda_function.fn_function.environment.variables.PATTERN).toBe(`$\${HOME} %%{x}`);
});

test("what holds data is not destroyed by mistake", () => {
  const { resource } = terraformOf(CREATING);
  const kept = [
    resource.aws_s3_bucket.images_bucket,
    resource.aws_dynamodb_table.customers_table,
    resource.aws_kinesis_stream.clicks_stream,
    resource.aws_sqs_queue.orders_queue,
  ];
  for (const { lifecycle } of kept) expect(lifecycle).toEqual({ prevent_destroy: true });
  expect(resource.aws_sqs_queue.vat_function_dead_letters.lifecycle).toBeUndefined();
});

test("names fit AWS's limits, however long a function's is, and stay apart", () => {
  const long = "a".repeat(59);
  const definition = defineFunction({ trigger: queue("q"), handler: () => {} });
  const { resource } = terraformOf({ create: true }, { [`${long}b`]: definition, [`${long}c`]: definition });
  const names = ["aws_lambda_function", "aws_iam_role"].flatMap((type) =>
    Object.values<{ readonly function_name?: string; readonly name?: string }>(resource[type]).map(
      ({ function_name, name }) => String(function_name ?? name).replace(`\${var.name}`, "n".repeat(30)),
    ),
  );
  expect(new Set(names).size).toBe(4);
  expect(names.filter((name) => name.length > 64)).toEqual([]);
});

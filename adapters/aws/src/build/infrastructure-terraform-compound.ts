import { ALIAS } from "./infrastructure-function.ts";
import type { Resource, Value } from "./infrastructure-template.ts";
import {
  aliasOf,
  at,
  kept,
  nameOf,
  readerOf,
  type TerraformResource,
} from "./infrastructure-terraform-blocks.ts";
import { type Expressions, label } from "./infrastructure-terraform-expressions.ts";

/** A function, its alias, and what becomes of events that fail. */
export function lambda(
  id: string,
  resource: Resource,
  expressions: Expressions,
): readonly TerraformResource[] {
  const name = label(id);
  const read = readerOf(resource, expressions);
  const zip = `\${path.module}/${read("CodeUri")}`;
  const resources = [
    {
      type: "aws_lambda_function",
      name,
      body: {
        architectures: read("Architectures"),
        depends_on: [`aws_iam_role_policy.${label(`${id}Role`)}`],
        environment: { variables: read.at("Environment", "Variables") },
        filename: zip,
        function_name: nameOf(id, 64),
        handler: read("Handler"),
        logging_config: { log_format: "Text", log_group: read.at("LoggingConfig", "LogGroup") },
        memory_size: read("MemorySize"),
        publish: true,
        role: read("Role"),
        runtime: read("Runtime"),
        source_code_hash: `\${filebase64sha256("${zip}")}`,
        timeout: read("Timeout"),
      },
    },
    {
      type: "aws_lambda_alias",
      name,
      body: {
        function_name: `\${aws_lambda_function.${name}.function_name}`,
        function_version: `\${aws_lambda_function.${name}.version}`,
        name: ALIAS,
      },
    },
  ];
  const destination = read.at("EventInvokeConfig", "DestinationConfig", "OnFailure", "Destination");
  if (destination === undefined) return resources;
  const body = {
    ...aliasOf({ Ref: `${id}.Alias` }),
    destination_config: { on_failure: { destination } },
    maximum_event_age_in_seconds: read.at("EventInvokeConfig", "MaximumEventAgeInSeconds"),
    maximum_retry_attempts: read.at("EventInvokeConfig", "MaximumRetryAttempts"),
  };
  return [...resources, { type: "aws_lambda_function_event_invoke_config", name, body }];
}

/** A bucket that is not public, and what it tells functions. */
export function bucket(
  id: string,
  resource: Resource,
  expressions: Expressions,
): readonly TerraformResource[] {
  const name = label(id);
  const read = readerOf(resource, expressions);
  const address = `\${aws_s3_bucket.${name}.id}`;
  const given = read("BucketName");
  const notified = (at(resource.Properties, ["NotificationConfiguration", "LambdaConfigurations"]) ??
    []) as readonly Value[];
  return [
    {
      type: "aws_s3_bucket",
      name,
      // A prefix takes 37 characters, and a name is unique in the world.
      body: {
        ...(given === undefined ? { bucket_prefix: `${nameOf(id, 36)}-` } : { bucket: given }),
        ...kept(resource),
      },
    },
    {
      type: "aws_s3_bucket_public_access_block",
      name,
      body: {
        block_public_acls: true,
        block_public_policy: true,
        bucket: address,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      },
    },
    {
      type: "aws_s3_bucket_notification",
      name,
      body: {
        bucket: address,
        depends_on: (resource.DependsOn ?? []).map(expressions.address),
        eventbridge:
          read.at("NotificationConfiguration", "EventBridgeConfiguration", "EventBridgeEnabled") === true,
        lambda_function: notified.map((notification) => {
          const rules = (at(notification, ["Filter", "S3Key", "Rules"]) ?? []) as readonly Value[];
          const filter = (kind: string) =>
            expressions.value(
              at(
                rules.find((rule) => at(rule, ["Name"]) === kind),
                ["Value"],
              ),
            );
          return {
            events: [at(notification, ["Event"])] as Value[],
            filter_prefix: filter("prefix"),
            filter_suffix: filter("suffix"),
            lambda_function_arn: expressions.value(at(notification, ["Function"])),
          };
        }),
      },
    },
  ];
}

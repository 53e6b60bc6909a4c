import {
  aliasOf,
  at,
  type Block,
  type Body,
  kept,
  nameOf,
  optional,
  type Read,
  readerOf,
  type Translate,
} from "./infrastructure-terraform-blocks.ts";
import { bucket, lambda } from "./infrastructure-terraform-compound.ts";
import { label } from "./infrastructure-terraform-expressions.ts";

/** How each type of the template is written; some are several resources of Terraform. */
export const RESOURCES: Readonly<Record<string, Translate>> = {
  "AWS::ApiGateway::Deployment": one(
    "aws_api_gateway_deployment",
    (read, id, { DependsOn = [] }, { address }) => ({
      rest_api_id: read("RestApiId"),
      triggers: { redeployment: id.slice(-8) },
      depends_on: DependsOn.map(address),
      lifecycle: { create_before_destroy: true },
    }),
  ),
  "AWS::ApiGateway::Method": many({
    aws_api_gateway_method: (read) => ({
      ...methodOf(read),
      authorization: read("AuthorizationType"),
    }),
    aws_api_gateway_integration: (read, id) => ({
      ...methodOf(read),
      http_method: `\${aws_api_gateway_method.${label(id)}.http_method}`,
      integration_http_method: read.at("Integration", "IntegrationHttpMethod"),
      response_transfer_mode: read.at("Integration", "ResponseTransferMode"),
      timeout_milliseconds: read.at("Integration", "TimeoutInMillis"),
      type: read.at("Integration", "Type"),
      uri: read.at("Integration", "Uri"),
    }),
  }),
  "AWS::ApiGateway::Resource": one("aws_api_gateway_resource", (read) => ({
    parent_id: read("ParentId"),
    path_part: read("PathPart"),
    rest_api_id: read("RestApiId"),
  })),
  "AWS::ApiGateway::RestApi": one("aws_api_gateway_rest_api", (read) => ({
    binary_media_types: read("BinaryMediaTypes"),
    endpoint_configuration: { types: read.at("EndpointConfiguration", "Types") },
    name: read("Name"),
  })),
  "AWS::ApiGateway::Stage": one("aws_api_gateway_stage", (read) => ({
    deployment_id: read("DeploymentId"),
    rest_api_id: read("RestApiId"),
    stage_name: read("StageName"),
  })),
  "AWS::ApiGatewayV2::Api": one("aws_apigatewayv2_api", (read) => ({
    name: read("Name"),
    protocol_type: read("ProtocolType"),
  })),
  "AWS::ApiGatewayV2::Integration": one("aws_apigatewayv2_integration", (read) => ({
    api_id: read("ApiId"),
    integration_type: read("IntegrationType"),
    integration_uri: read("IntegrationUri"),
    payload_format_version: read("PayloadFormatVersion"),
    timeout_milliseconds: read("TimeoutInMillis"),
  })),
  "AWS::ApiGatewayV2::Route": one("aws_apigatewayv2_route", (read) => ({
    api_id: read("ApiId"),
    route_key: read("RouteKey"),
    target: read("Target"),
  })),
  "AWS::ApiGatewayV2::Stage": one("aws_apigatewayv2_stage", (read) => ({
    api_id: read("ApiId"),
    auto_deploy: read("AutoDeploy"),
    name: read("StageName"),
  })),
  "AWS::DynamoDB::Table": one("aws_dynamodb_table", (read, id, resource) => ({
    attribute: [{ name: read.at("AttributeDefinitions", "0", "AttributeName"), type: "S" }],
    billing_mode: read("BillingMode"),
    hash_key: read.at("KeySchema", "0", "AttributeName"),
    name: nameOf(id, 255),
    stream_enabled: true,
    stream_view_type: read.at("StreamSpecification", "StreamViewType"),
    ...kept(resource),
  })),
  "AWS::Events::EventBus": one("aws_cloudwatch_event_bus", (_read, id) => ({ name: nameOf(id, 256) })),
  "AWS::Events::Rule": many({
    aws_cloudwatch_event_rule: (read, id) => ({
      event_bus_name: read("EventBusName"),
      event_pattern: read.json("EventPattern"),
      name: nameOf(id, 64),
      schedule_expression: read("ScheduleExpression"),
    }),
    aws_cloudwatch_event_target: (read, id) => ({
      arn: read.at("Targets", "0", "Arn"),
      dead_letter_config: { arn: read.at("Targets", "0", "DeadLetterConfig", "Arn") },
      event_bus_name: read("EventBusName"),
      retry_policy: retryPolicy(read, "Targets", "0"),
      rule: `\${aws_cloudwatch_event_rule.${label(id)}.name}`,
      target_id: read.at("Targets", "0", "Id"),
    }),
  }),
  "AWS::IAM::Role": many({
    aws_iam_role: (read, id) => ({
      assume_role_policy: read.json("AssumeRolePolicyDocument"),
      name: nameOf(id, 64),
    }),
    aws_iam_role_policy: (read, id, { Properties }, { json }) => ({
      name: read.at("Policies", "0", "PolicyName"),
      policy: json(at(Properties, ["Policies", "0", "PolicyDocument"])),
      role: `\${aws_iam_role.${label(id)}.id}`,
    }),
  }),
  "AWS::Kinesis::Stream": one("aws_kinesis_stream", (read, id, resource) => ({
    name: nameOf(id, 128),
    retention_period: read("RetentionPeriodHours"),
    stream_mode_details: { stream_mode: read.at("StreamModeDetails", "StreamMode") },
    ...kept(resource),
  })),
  "AWS::Lambda::EventSourceMapping": one("aws_lambda_event_source_mapping", (read, _id, { Properties }) => ({
    batch_size: read("BatchSize"),
    bisect_batch_on_function_error: read("BisectBatchOnFunctionError"),
    destination_config: optional(
      read.at("DestinationConfig", "OnFailure", "Destination"),
      (destination_arn) => ({
        on_failure: { destination_arn },
      }),
    ),
    event_source_arn: read("EventSourceArn"),
    filter_criteria: optional(at(Properties, ["FilterCriteria", "Filters", "0", "Pattern"]), (pattern) => ({
      filter: [{ pattern }],
    })),
    function_name: read("FunctionName"),
    function_response_types: read("FunctionResponseTypes"),
    maximum_batching_window_in_seconds: read("MaximumBatchingWindowInSeconds"),
    maximum_record_age_in_seconds: read("MaximumRecordAgeInSeconds"),
    maximum_retry_attempts: read("MaximumRetryAttempts"),
    starting_position: read("StartingPosition"),
  })),
  "AWS::Lambda::Permission": one("aws_lambda_permission", (read, _id, { Properties }) => ({
    action: read("Action"),
    ...aliasOf(Properties.FunctionName),
    function_url_auth_type: read("FunctionUrlAuthType"),
    invoked_via_function_url: read("InvokedViaFunctionUrl"),
    principal: read("Principal"),
    source_account: read("SourceAccount"),
    source_arn: read("SourceArn"),
  })),
  "AWS::Lambda::Url": one("aws_lambda_function_url", (read, _id, { Properties }) => ({
    authorization_type: read("AuthType"),
    ...aliasOf(Properties.TargetFunctionArn),
    invoke_mode: read("InvokeMode"),
  })),
  "AWS::Logs::LogGroup": one("aws_cloudwatch_log_group", (read, id) => ({
    name: `/aws/lambda/${nameOf(id.replace(/Logs$/, ""), 64)}`,
    retention_in_days: read("RetentionInDays"),
  })),
  "AWS::Logs::SubscriptionFilter": one(
    "aws_cloudwatch_log_subscription_filter",
    (read, id, { DependsOn = [] }, { address }) => ({
      depends_on: DependsOn.map(address),
      destination_arn: read("DestinationArn"),
      filter_pattern: read("FilterPattern"),
      log_group_name: read("LogGroupName"),
      name: nameOf(id, 512),
    }),
  ),
  "AWS::S3::Bucket": bucket,
  "AWS::SNS::Subscription": one("aws_sns_topic_subscription", (read) => ({
    endpoint: read("Endpoint"),
    protocol: read("Protocol"),
    redrive_policy: read.json("RedrivePolicy"),
    topic_arn: read("TopicArn"),
  })),
  "AWS::SNS::Topic": one("aws_sns_topic", (_read, id) => ({ name: nameOf(id, 256) })),
  "AWS::SQS::Queue": one("aws_sqs_queue", (read, id, resource) => ({
    fifo_queue: read("FifoQueue"),
    message_retention_seconds: read("MessageRetentionPeriod"),
    name: read("FifoQueue") === true ? `${nameOf(id, 75)}.fifo` : nameOf(id, 80),
    redrive_policy: read.json("RedrivePolicy"),
    sqs_managed_sse_enabled: read("SqsManagedSseEnabled"),
    visibility_timeout_seconds: read("VisibilityTimeout"),
    ...kept(resource),
  })),
  "AWS::SQS::QueuePolicy": one("aws_sqs_queue_policy", (read) => ({
    policy: read.json("PolicyDocument"),
    queue_url: read.at("Queues", "0"),
  })),
  "AWS::Scheduler::Schedule": one("aws_scheduler_schedule", (read, id) => ({
    flexible_time_window: { mode: read.at("FlexibleTimeWindow", "Mode") },
    name: nameOf(id, 64),
    schedule_expression: read("ScheduleExpression"),
    schedule_expression_timezone: read("ScheduleExpressionTimezone"),
    target: {
      arn: read.at("Target", "Arn"),
      dead_letter_config: { arn: read.at("Target", "DeadLetterConfig", "Arn") },
      input: read.at("Target", "Input"),
      retry_policy: retryPolicy(read, "Target"),
      role_arn: read.at("Target", "RoleArn"),
    },
  })),
  "AWS::Serverless::Function": lambda,
};

function methodOf(read: Read): Block {
  return { http_method: read("HttpMethod"), resource_id: read("ResourceId"), rest_api_id: read("RestApiId") };
}

function retryPolicy(read: Read, ...path: readonly string[]): Block {
  return {
    maximum_event_age_in_seconds: read.at(...path, "RetryPolicy", "MaximumEventAgeInSeconds"),
    maximum_retry_attempts: read.at(...path, "RetryPolicy", "MaximumRetryAttempts"),
  };
}

function one(type: string, body: Body): Translate {
  return many({ [type]: body });
}

function many(bodies: Readonly<Record<string, Body>>): Translate {
  return (id, resource, expressions) =>
    Object.entries(bodies).map(([type, body]) => ({
      type,
      name: label(id),
      body: body(readerOf(resource, expressions), id, resource, expressions),
    }));
}

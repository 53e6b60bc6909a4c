import type { Template } from "./infrastructure.ts";
import type { Value } from "./infrastructure-template.ts";

/** Writes the values of a template as Terraform does. */
export interface Expressions {
  /** A value with Terraform's expressions in place of CloudFormation's functions. */
  readonly value: (value: Value | undefined) => Value | undefined;
  /** As `value`, of text. */
  readonly text: (value: Value | undefined) => string;
  /** A document as JSON text, with expressions inside. */
  readonly json: (value: Value | undefined) => string | undefined;
  /** The address of a resource, for `depends_on`. */
  readonly address: (id: string) => string;
}

/** A logical id as Terraform's name: `GetOrderFunction` as `get_order_function`. */
export function label(id: string): string {
  // A deployment keeps its name, and what triggers a new one changes.
  const stable = id.replace(/^(RestApiDeployment)[0-9a-f]{8}$/, "$1");
  return stable.replace(/(?!^)[A-Z]/g, "_$&").toLowerCase();
}

/** What stands for a resource where it is referred to, and the type that has its address. */
const REFERENCES: Readonly<Record<string, readonly [type: string, attribute: string]>> = {
  "AWS::ApiGateway::Deployment": ["aws_api_gateway_deployment", "id"],
  "AWS::ApiGateway::Method": ["aws_api_gateway_integration", "id"],
  "AWS::ApiGateway::Resource": ["aws_api_gateway_resource", "id"],
  "AWS::ApiGateway::RestApi": ["aws_api_gateway_rest_api", "id"],
  "AWS::ApiGatewayV2::Api": ["aws_apigatewayv2_api", "id"],
  "AWS::ApiGatewayV2::Integration": ["aws_apigatewayv2_integration", "id"],
  "AWS::DynamoDB::Table": ["aws_dynamodb_table", "name"],
  "AWS::Events::EventBus": ["aws_cloudwatch_event_bus", "name"],
  "AWS::Events::Rule": ["aws_cloudwatch_event_rule", "name"],
  "AWS::IAM::Role": ["aws_iam_role", "name"],
  "AWS::Kinesis::Stream": ["aws_kinesis_stream", "name"],
  "AWS::Lambda::Permission": ["aws_lambda_permission", "id"],
  "AWS::Lambda::Url": ["aws_lambda_function_url", "function_url"],
  "AWS::Logs::LogGroup": ["aws_cloudwatch_log_group", "name"],
  "AWS::S3::Bucket": ["aws_s3_bucket", "bucket"],
  "AWS::SNS::Topic": ["aws_sns_topic", "arn"],
  "AWS::SQS::Queue": ["aws_sqs_queue", "url"],
};

const ATTRIBUTES: Readonly<Record<string, string>> = {
  ApiEndpoint: "api_endpoint",
  Arn: "arn",
  FunctionUrl: "function_url",
  RootResourceId: "root_resource_id",
  StreamArn: "stream_arn",
};

const PSEUDO: Readonly<Record<string, string>> = {
  "AWS::AccountId": "data.aws_caller_identity.current.account_id",
  "AWS::Partition": "data.aws_partition.current.partition",
  "AWS::Region": "data.aws_region.current.region",
  "AWS::StackName": "var.name",
  "AWS::URLSuffix": "data.aws_partition.current.dns_suffix",
};

/** Reads the references of one template. */
export function expressionsOf({ Parameters, Resources }: Template): Expressions {
  const resource = (id: string, attribute?: string): string => {
    const type = Resources[id]?.Type ?? "";
    const [terraform, own] = REFERENCES[type] ?? [];
    if (terraform === undefined) throw new Error(`${id} cannot be referred to.`);
    const wanted = attribute === undefined ? own : ATTRIBUTES[attribute];
    // The ARN of a log group is that of its streams in CloudFormation, and its own in Terraform.
    const isGroup = type === "AWS::Logs::LogGroup" && attribute === "Arn";
    return `\${${terraform}.${label(id)}.${wanted}}${isGroup ? ":*" : ""}`;
  };
  const reference = (name: string): string => {
    if (name in PSEUDO) return `\${${PSEUDO[name]}}`;
    if (name in Parameters) return `\${var.${label(name)}}`;
    const [id = "", attribute] = name.split(".");
    return attribute === "Alias" ? `\${aws_lambda_alias.${label(id)}.arn}` : resource(id, attribute);
  };
  const value = (node: Value | undefined): Value | undefined => {
    if (typeof node === "string") return escapeText(node);
    if (typeof node !== "object") return node;
    if (isList(node)) return node.map((item) => value(item) ?? "");
    const { Ref, "Fn::GetAtt": attribute, "Fn::Sub": template } = node;
    if (typeof Ref === "string") return reference(Ref);
    if (attribute !== undefined) return resource(...(attribute as [string, string]));
    if (template !== undefined) return substitute(template, reference, value);
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, value(item)]));
  };
  return {
    value,
    text: (node) => String(value(node)),
    json: (node) => (node === undefined ? undefined : JSON.stringify(value(node))),
    address: (id) => resource(id).slice(2).split(".", 2).join("."),
  };
}

function substitute(
  template: Value,
  reference: (name: string) => string,
  value: (value: Value) => Value | undefined,
): string {
  const [text, values] =
    typeof template === "string" ? [template, {}] : (template as [string, Record<string, Value>]);
  return text.replace(/\$\{([^}]+)\}/g, (_match, name: string) => {
    const given = values[name];
    return given === undefined ? reference(name) : String(value(given));
  });
}

/** What starts an expression in Terraform is text here. */
function escapeText(text: string): string {
  return text.replace(/[$%]\{/g, (start) => `${start.charAt(0)}${start}`);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

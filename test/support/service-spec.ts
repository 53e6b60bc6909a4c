import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";

/** A CloudFormation template as JSON. */
export interface CloudFormation {
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Type: string;
        readonly DependsOn?: readonly string[];
        readonly Properties: Readonly<Record<string, unknown>>;
      }
    >
  >;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

type Properties = NonNullable<ReturnType<typeof findResource>>["properties"];
type PropertyType = Properties[string]["type"];

const database = loadAwsServiceSpecSync();

/** What AWS's own specification of its resources finds wrong with a template, one line for each. */
export function specProblems(template: CloudFormation): string[] {
  return Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => {
    const properties = propertiesOf(Type);
    if (properties === undefined) return [`${id}: there is no ${Type}`];
    return objectProblems(Properties, properties, id).filter((problem) => !MISTAKES.test(problem));
  });
}

/** The serverless model does not ask for what the specification says it does. */
const MISTAKES = /\.EventInvokeConfig\.DestinationConfig: OnSuccess is missing$/;

/** References to what is not there: by `Ref`, `Fn::GetAtt`, `Fn::Sub` and `DependsOn`. */
export function brokenReferences(template: CloudFormation): string[] {
  const { Parameters = {}, Resources } = template;
  return references(template).flatMap(({ id, attribute }) => {
    if (id.startsWith("AWS::") || (attribute === undefined && id in Parameters)) return [];
    const resource = Resources[id];
    if (resource === undefined) return [`${id} is not there`];
    if (attribute === undefined || isAttribute(resource.Type, attribute)) return [];
    return [`${id}, of the type ${resource.Type}, has no ${attribute}`];
  });
}

interface Reference {
  readonly id: string;
  readonly attribute: string | undefined;
}

/** Everything that a template refers to. */
export function references(node: unknown): Reference[] {
  if (typeof node !== "object" || node === null) return [];
  if (Array.isArray(node)) return node.flatMap(references);
  return Object.entries(node).flatMap(([key, value]): Reference[] => {
    if (key === "Ref" && typeof value === "string") return [toReference(value)];
    if (key === "Fn::GetAtt") return [{ id: value[0], attribute: value[1] }];
    if (key === "DependsOn") return (value as string[]).map((id) => ({ id, attribute: undefined }));
    if (key !== "Fn::Sub") return references(value);
    const [text, values = {}] = typeof value === "string" ? [value] : (value as [string, object?]);
    const names = [...text.matchAll(/\$\{([^!}]+)\}/g)].map(([, name = ""]) => name);
    return [...names.filter((name) => !(name in values)).map(toReference), ...references(values)];
  });
}

/** The Serverless Application Model writes a function's alias as `Function.Alias`. */
function toReference(text: string): Reference {
  const [id = "", attribute] = text.split(".");
  return { id, attribute };
}

function isAttribute(type: string, name: string): boolean {
  if (type === "AWS::Serverless::Function") return name === "Alias" || name === "Arn";
  return name in (findResource(type)?.attributes ?? {});
}

function findResource(type: string) {
  const [resource] = database.lookup("resource", "cloudFormationType", "equals", type);
  return resource;
}

function propertiesOf(type: string): Properties | undefined {
  const resource = findResource(type);
  if (resource === undefined || type !== "AWS::Serverless::Function") return resource?.properties;
  // The specification of the serverless model is older than these two; the first is passed on to AWS::Lambda::Function.
  const { LoggingConfig } = propertiesOf("AWS::Lambda::Function") ?? {};
  const added: Properties = { AutoPublishAliasAllProperties: { type: { type: "boolean" } } };
  return { ...resource.properties, ...added, ...(LoggingConfig && { LoggingConfig }) };
}

function objectProblems(
  value: Readonly<Record<string, unknown>>,
  properties: Properties,
  path: string,
): string[] {
  const missing = Object.entries(properties)
    .filter(([name, { required = false }]) => required && !(name in value))
    .map(([name]) => `${path}: ${name} is missing`);
  const wrong = Object.entries(value).flatMap(([name, item]) => {
    const property = properties[name];
    return property === undefined
      ? [`${path}: there is no ${name}`]
      : typeProblems(item, property.type, `${path}.${name}`);
  });
  return [...missing, ...wrong];
}

function typeProblems(value: unknown, type: PropertyType, path: string): string[] {
  if (isFunctionCall(value)) return [];
  const wrong = [`${path}: ${JSON.stringify(value)} is no ${type.type}`];
  switch (type.type) {
    case "string":
      if (typeof value !== "string") return wrong;
      return type.allowedValues?.includes(value) === false ? [`${path}: "${value}" is not allowed`] : [];
    case "number":
      return typeof value === "number" ? [] : wrong;
    case "integer":
      return Number.isInteger(value) ? [] : wrong;
    case "boolean":
      return typeof value === "boolean" ? [] : wrong;
    case "array":
      if (!Array.isArray(value)) return wrong;
      return value.flatMap((item, index) => typeProblems(item, type.element, `${path}[${index}]`));
    case "map":
      if (!isObject(value)) return wrong;
      return Object.entries(value).flatMap(([key, item]) =>
        typeProblems(item, type.element, `${path}.${key}`),
      );
    case "ref":
      if (!isObject(value)) return wrong;
      return objectProblems(value, database.get("typeDefinition", type.reference).properties, path);
    case "union": {
      const each = type.types.map((one) => typeProblems(value, one, path));
      return each.find((problems) => problems.length === 0) ?? each.flat();
    }
    default:
      return type.type === "json" ? [] : wrong;
  }
}

/** A value that CloudFormation computes; its type is known there alone. */
function isFunctionCall(value: unknown): boolean {
  if (!isObject(value)) return false;
  const [name = "", ...more] = Object.keys(value);
  return more.length === 0 && (name === "Ref" || name.startsWith("Fn::"));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

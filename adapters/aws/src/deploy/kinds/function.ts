import { readFile } from "node:fs/promises";
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { ALIAS } from "../../build/infrastructure-function.ts";
import { deployError, ifThere, isNamed } from "../_errors.ts";
import { retry } from "../_retry.ts";
import { differences } from "../diff.ts";
import type { Aws, CodeArtifact, Found, Resource, ResourceKind } from "../kind.ts";
import { toDescription } from "../marks.ts";
import { aliasOf, change, GONE, ready } from "./_lambda.ts";

/** A function whose versions an alias serves: what is compared is the version that callers get. */
export const lambdaFunction: ResourceKind = {
  type: "AWS::Serverless::Function",
  label: "function",
  read,
  create: async (resource) => {
    const { aws, name: FunctionName, properties, tags } = resource;
    const lambda = await aws.clients.lambda();
    const ZipFile = await zipOf(resource.artifact);
    const { Architectures, ...configuration } = configurationOf(properties);
    const create = () =>
      lambda.createFunction({
        ...configuration,
        FunctionName,
        Architectures,
        Role: configuration.Role,
        Code: { ZipFile },
        Tags: { ...tags },
      });
    await withNewRole(aws, create);
    await ready(aws, FunctionName);
    return activate(resource, await publish(resource, {}));
  },
  update: async (resource, { attributes }) => {
    await bringUpToDate(resource);
    return publish(resource, attributes);
  },
  finish: activate,
  remove: async ({ aws }, { id: FunctionName }) => {
    const lambda = await aws.clients.lambda();
    await ifThere(
      change(aws, () => lambda.deleteFunction({ FunctionName })),
      GONE,
    );
  },
  list: async (aws) =>
    (await aws.functions()).map(({ name, arn, tags }) => ({
      id: name,
      name,
      properties: {},
      attributes: attributesOf(name, arn),
      tags,
    })),
};

async function read({ aws, name: FunctionName, properties }: Resource): Promise<Found | undefined> {
  const lambda = await aws.clients.lambda();
  const latest = await ifThere(lambda.getFunction({ FunctionName }), GONE);
  if (latest === undefined) return undefined;
  const arn = latest.Configuration?.FunctionArn ?? "";
  const alias = await ifThere(lambda.getAlias({ FunctionName, Name: ALIAS }), GONE);
  const Qualifier = alias?.FunctionVersion;
  const served =
    Qualifier === undefined
      ? latest.Configuration
      : await lambda.getFunctionConfiguration({ FunctionName, Qualifier });
  return {
    id: FunctionName,
    name: FunctionName,
    properties: {
      ...propertiesOf(served ?? {}, properties),
      // Without it the creation stopped half-way.
      AutoPublishAlias: alias?.Name,
    },
    attributes: {
      ...attributesOf(FunctionName, arn),
      Mark: alias?.Description ?? "",
      Revision: alias?.RevisionId ?? "",
    },
    tags: latest.Tags ?? {},
  };
}

/** Moves the alias: the one moment in which callers get other code. */
async function activate({ aws, name: FunctionName }: Resource, found: Found): Promise<Found> {
  const lambda = await aws.clients.lambda();
  const { Version: FunctionVersion = "", Revision } = found.attributes;
  const alias = await ifThere(lambda.getAlias({ FunctionName, Name: ALIAS }), GONE);
  // Nothing was published where all turned out to be as it was.
  if (FunctionVersion === "" || alias?.FunctionVersion === FunctionVersion) return found;
  const { id: deployment, time } = aws.deployment;
  const mark = { deployment, time, before: alias?.FunctionVersion };
  const pointed = { FunctionName, Name: ALIAS, FunctionVersion, Description: toDescription(mark) };
  if (alias === undefined) await lambda.createAlias(pointed);
  // Whoever has moved it since the plan was made has the last word.
  else await change(aws, () => lambda.updateAlias({ ...pointed, RevisionId: Revision || alias.RevisionId }));
  return found;
}

/** Makes the unpublished version what is declared. Configuration goes first: new code never sees an old one. */
async function bringUpToDate({ aws, name: FunctionName, properties, artifact }: Resource): Promise<void> {
  const lambda = await aws.clients.lambda();
  const latest = await ready(aws, FunctionName);
  const differing = differences(properties, { ...properties, ...propertiesOf(latest, properties) });
  const changed = differing.map(({ property }) => property);
  const { Architectures, ...configuration } = configurationOf(properties);
  let { RevisionId } = latest;
  if (changed.some((name) => name !== "Code" && name !== "Architectures")) {
    aws.tell("changing its configuration");
    await withNewRole(aws, () =>
      lambda.updateFunctionConfiguration({ ...configuration, FunctionName, RevisionId }),
    );
    ({ RevisionId } = await ready(aws, FunctionName));
  }
  if (changed.includes("Code") || changed.includes("Architectures")) {
    const ZipFile = await zipOf(artifact);
    aws.tell("uploading its code");
    await change(aws, () => lambda.updateFunctionCode({ FunctionName, ZipFile, Architectures, RevisionId }));
    await ready(aws, FunctionName);
  }
}

async function publish(
  { aws, name: FunctionName, properties, artifact }: Resource,
  before: Found["attributes"],
): Promise<Found> {
  const lambda = await aws.clients.lambda();
  aws.tell("publishing a version");
  // What another deployment has uploaded since is not published.
  const CodeSha256 = Buffer.from(artifact?.sha256 ?? "", "hex").toString("base64");
  const { Version = "", FunctionArn = "" } = await change(aws, () =>
    lambda.publishVersion({ FunctionName, CodeSha256 }),
  );
  await ready(aws, FunctionName, Version);
  const arn = FunctionArn.replace(/(:function:[^:]+):.+$/, "$1");
  return {
    id: FunctionName,
    name: FunctionName,
    properties,
    attributes: { ...before, ...attributesOf(FunctionName, arn), Version },
  };
}

const attributesOf = (name: string, arn: string) => ({ Ref: name, Arn: arn, Alias: aliasOf(arn) });

/** A role that was just made is not known everywhere yet. */
function withNewRole<T>(aws: Aws, act: () => Promise<T>): Promise<T> {
  const passes = (error: unknown) =>
    isNamed(error, "InvalidParameterValueException") && /assume/i.test(String(error));
  return retry(aws, act, passes, { doing: "Lambda to know the new role" });
}

interface Declared {
  readonly Architectures: ("arm64" | "x86_64")[];
  readonly Environment: { readonly Variables: Record<string, string> };
  readonly Handler: string;
  readonly LoggingConfig: { readonly LogGroup: string };
  readonly MemorySize: number;
  readonly Role: string;
  readonly Runtime: "nodejs24.x";
  readonly Timeout: number;
}

function configurationOf(properties: Resource["properties"]): Declared {
  const { Architectures, Environment, Handler, LoggingConfig, MemorySize, Role, Runtime, Timeout } =
    properties as unknown as Declared;
  return { Architectures, Environment, Handler, LoggingConfig, MemorySize, Role, Runtime, Timeout };
}

/** What Lambda says of a function, as the template would; what it leaves out is taken for what is declared. */
function propertiesOf(found: FunctionConfiguration, declared: Resource["properties"]): Found["properties"] {
  const { Architectures, Environment, Handler, LoggingConfig, MemorySize, Role, Runtime, Timeout } = found;
  const LogGroup = LoggingConfig?.LogGroup;
  return {
    Architectures,
    Environment: { Variables: Environment?.Variables ?? {} },
    Handler,
    LoggingConfig: LogGroup === undefined ? declared.LoggingConfig : { LogGroup },
    MemorySize,
    Role,
    Runtime,
    Timeout,
    Code: Buffer.from(found.CodeSha256 ?? "", "base64").toString("hex"),
  };
}

async function zipOf(artifact: CodeArtifact | undefined): Promise<Buffer> {
  if (artifact === undefined) throw deployError("There is no zip. Run: anyfn build --target aws");
  return readFile(artifact.file);
}

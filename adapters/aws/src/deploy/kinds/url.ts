import type { CreateFunctionUrlConfigRequest, FunctionUrlConfig } from "@aws-sdk/client-lambda";
import { ALIAS } from "../../build/infrastructure-function.ts";
import { ifThere } from "../_errors.ts";
import type { Found, Resource, ResourceKind } from "../kind.ts";
import { atAlias, change, GONE, ofEach, partOf } from "./_lambda.ts";

/** The address of one function. */
export const functionUrl: ResourceKind = {
  type: "AWS::Lambda::Url",
  label: "function URL",
  immutable: ["TargetFunctionArn"],
  read: async ({ aws, properties }) => {
    const at = atAlias(properties.TargetFunctionArn);
    if (at === undefined) return undefined;
    const lambda = await aws.clients.lambda();
    const found = await ifThere(lambda.getFunctionUrlConfig(at), GONE);
    if (found === undefined) return undefined;
    return foundUrl(at.FunctionName, { ...found, FunctionArn: String(properties.TargetFunctionArn) });
  },
  create: async ({ aws, properties }) => {
    const lambda = await aws.clients.lambda();
    const { FunctionName, request } = requestOf(properties);
    const made = await change(aws, () => lambda.createFunctionUrlConfig(request));
    return foundUrl(FunctionName, { ...made, InvokeMode: request.InvokeMode });
  },
  update: async ({ aws, properties }, found) => {
    const lambda = await aws.clients.lambda();
    const { request } = requestOf(properties);
    await change(aws, () => lambda.updateFunctionUrlConfig(request));
    return { ...found, properties };
  },
  remove: async ({ aws }, { parent: FunctionName }) => {
    const lambda = await aws.clients.lambda();
    await ifThere(
      change(aws, () => lambda.deleteFunctionUrlConfig({ FunctionName, Qualifier: ALIAS })),
      GONE,
    );
  },
  list: (aws) =>
    ofEach(aws, async (FunctionName) => {
      const lambda = await aws.clients.lambda();
      const found = await ifThere(lambda.getFunctionUrlConfig({ FunctionName, Qualifier: ALIAS }), GONE);
      return found === undefined ? [] : [foundUrl(FunctionName, found)];
    }),
};

function requestOf({ TargetFunctionArn, ...rest }: Resource["properties"]) {
  const at = atAlias(TargetFunctionArn);
  const request = { ...rest, ...at } as unknown as CreateFunctionUrlConfigRequest;
  return { FunctionName: at?.FunctionName ?? "", request };
}

function foundUrl(functionName: string, url: Partial<FunctionUrlConfig>): Found {
  const { AuthType, InvokeMode = "BUFFERED", FunctionArn: TargetFunctionArn = "", FunctionUrl = "" } = url;
  const properties = { AuthType, InvokeMode, TargetFunctionArn };
  return partOf(functionName, "url", properties, { Ref: TargetFunctionArn, FunctionUrl });
}

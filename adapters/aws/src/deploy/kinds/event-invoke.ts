import type { FunctionEventInvokeConfig } from "@aws-sdk/client-lambda";
import { ALIAS } from "../../build/infrastructure-function.ts";
import { ifThere } from "../_errors.ts";
import type { Found, Resource, ResourceKind } from "../kind.ts";
import { change, GONE, ofEach, partOf } from "./_lambda.ts";

/** How often Lambda tries events that it queues itself, and where those go that fail for good. */
export const eventInvokeConfig: ResourceKind = {
  type: "AWS::Lambda::EventInvokeConfig",
  label: "retries of",
  read: async ({ aws, properties }) => {
    const FunctionName = properties.FunctionName;
    if (typeof FunctionName !== "string") return undefined;
    const lambda = await aws.clients.lambda();
    const request = { FunctionName, Qualifier: ALIAS };
    const found = await ifThere(lambda.getFunctionEventInvokeConfig(request), GONE);
    return found === undefined ? undefined : foundConfig(FunctionName, found);
  },
  create: put,
  update: put,
  remove: async ({ aws }, { parent: FunctionName }) => {
    const lambda = await aws.clients.lambda();
    await ifThere(lambda.deleteFunctionEventInvokeConfig({ FunctionName, Qualifier: ALIAS }), GONE);
  },
  list: (aws) =>
    ofEach(aws, async (FunctionName) => {
      const lambda = await aws.clients.lambda();
      const request = { FunctionName, Qualifier: ALIAS };
      const found = await ifThere(lambda.getFunctionEventInvokeConfig(request), GONE);
      return found === undefined ? [] : [foundConfig(FunctionName, found)];
    }),
};

async function put({ aws, properties }: Resource): Promise<Found> {
  const lambda = await aws.clients.lambda();
  const request = properties as unknown as FunctionEventInvokeConfig & { FunctionName: string };
  await change(aws, () => lambda.putFunctionEventInvokeConfig(request));
  return partOf(request.FunctionName, "retries", properties);
}

function foundConfig(FunctionName: string, found: FunctionEventInvokeConfig): Found {
  const { MaximumEventAgeInSeconds, MaximumRetryAttempts, DestinationConfig } = found;
  const Destination = DestinationConfig?.OnFailure?.Destination;
  return partOf(FunctionName, "retries", {
    FunctionName,
    Qualifier: ALIAS,
    MaximumEventAgeInSeconds,
    MaximumRetryAttempts,
    ...(Destination === undefined ? {} : { DestinationConfig: { OnFailure: { Destination } } }),
  });
}

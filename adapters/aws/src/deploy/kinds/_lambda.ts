import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { ALIAS } from "../../build/infrastructure-function.ts";
import { deployError, isNamed } from "../_errors.ts";
import { retry, until } from "../_retry.ts";
import type { Aws, Found } from "../kind.ts";

/** What Lambda says of something that is not there. */
export const GONE = "ResourceNotFoundException";

/** A function and the alias, from the alias's ARN; undefined while it is unknown. */
export function atAlias(arn: unknown): { FunctionName: string; Qualifier: string } | undefined {
  const [, FunctionName, Qualifier = ALIAS] = /:function:([^:]+)(?::([^:]+))?$/.exec(String(arn)) ?? [];
  return typeof arn === "string" && FunctionName !== undefined ? { FunctionName, Qualifier } : undefined;
}

/** The ARN of the alias that everything points at. */
export const aliasOf = (functionArn: string): string => `${functionArn}:${ALIAS}`;

/** Something that has no tags of its own, and belongs to a function. */
export function partOf(
  FunctionName: string,
  name: string,
  properties: Found["properties"],
  attributes: Found["attributes"] = {},
): Found {
  return { id: `${FunctionName}/${name}`, name, properties, attributes, parent: FunctionName };
}

/** What each function of the stage has of something. */
export async function ofEach(
  aws: Aws,
  list: (functionName: string) => Promise<readonly Found[]>,
): Promise<readonly Found[]> {
  const lists: Found[] = [];
  for (const { name } of await aws.functions()) lists.push(...(await list(name)));
  return lists;
}

/** Changes something of a function, and waits where another change of it is still going on. */
export function change<T>(aws: Aws, act: () => Promise<T>): Promise<T> {
  const passes = (error: unknown) => isNamed(error, "ResourceConflictException", "ResourceInUseException");
  return retry(aws, act, passes, { doing: "another change of the function to end" });
}

/** Waits until a function or version is ready. @throws AnyfnError `deploy` with Lambda's reason when it never will be. */
export async function ready(
  aws: Aws,
  FunctionName: string,
  Qualifier?: string,
): Promise<FunctionConfiguration> {
  const lambda = await aws.clients.lambda();
  const ask = async (): Promise<FunctionConfiguration | undefined> => {
    const found = await lambda.getFunctionConfiguration({ FunctionName, Qualifier });
    const { State = "Active", LastUpdateStatus = "Successful" } = found;
    if (State === "Failed") throw failed(FunctionName, found.StateReason);
    if (LastUpdateStatus === "Failed") throw failed(FunctionName, found.LastUpdateStatusReason);
    return State === "Pending" || LastUpdateStatus === "InProgress" ? undefined : found;
  };
  return until(aws, ask, { doing: `${FunctionName} to be ready` });
}

function failed(name: string, reason = "no reason is given") {
  return deployError(
    `Lambda could not make ${name} ready: ${reason}. Correct the cause and run the same command again.`,
  );
}

import type { Call, CallResult, StageInput } from "@anyfn/build";
import type { AnyfnError } from "@anyfn/core";
import { ALIAS } from "../build/infrastructure-function.ts";
import { deployError, isNamed } from "./_errors.ts";
import { httpEvent, readHttpAnswer } from "./_http-event.ts";
import type { Aws } from "./kind.ts";
import { GONE } from "./kinds/_lambda.ts";
import { functionName } from "./model.ts";

/** Calls what callers get: the alias. HTTP functions get a request as their front would hand it over. */
export async function invokeFunction(input: StageInput, aws: Aws, call: Call): Promise<CallResult> {
  const fn = input.functions.find(({ name }) => name === call.function);
  const isHttp = fn?.definition.trigger.kind === "http";
  const payload = isHttp ? JSON.stringify(httpEvent(call, Date.now())) : jsonOf(call.data);
  const lambda = await aws.clients.lambda();
  const FunctionName = functionName(aws.app, aws.stage, call.function);
  const asked = lambda.invoke({ FunctionName, Qualifier: ALIAS, Payload: payload });
  const answer = await asked.catch((error: unknown) => {
    throw isNamed(error, GONE) ? notDeployed(call.function, aws, error) : error;
  });
  const output = Buffer.from(answer.Payload ?? []).toString();
  if (answer.FunctionError !== undefined || !isHttp)
    return { ok: answer.FunctionError === undefined, output };
  const http = readHttpAnswer(output);
  if (http === undefined) return { ok: false, output };
  return { ok: http.status < 400, status: http.status, headers: http.headers, output: http.body };
}

/** Whoever asks for a function that is not there. */
export function notDeployed(name: string, { stage }: Aws, cause?: unknown): AnyfnError {
  return deployError(
    `"${name}" is not deployed to the stage "${stage}". Run: anyfn deploy --target aws --stage ${stage}`,
    cause,
  );
}

function jsonOf(data = "null"): string {
  try {
    JSON.parse(data);
    return data;
  } catch (error) {
    throw deployError("The data is no JSON. Write it as JSON: '{\"id\":1}', '\"text\"'.", error);
  }
}

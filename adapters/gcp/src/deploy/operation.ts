import { bodyOf, failureOfCode, isRecord, type Json } from "./_answer.ts";
import { deployError, explain } from "./_errors.ts";
import type { Google } from "./google.ts";
import type { Step } from "./kind.ts";

/** Milliseconds between two questions, and altogether. */
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 6000;
const LONGEST = 30 * 60_000;

/**
 * Waits for a long-running operation.
 *
 * @throws AnyfnError `deploy` with the words that it failed with, or after half an hour.
 */
export async function finish(
  { google, tell }: Pick<Step, "tell"> & { readonly google: Pick<Google, "send" | "wait"> },
  service: string,
  version: string,
  started: Json,
): Promise<Json> {
  let operation = started;
  let pause = FIRST_PAUSE;
  for (let waited = 0; operation.done !== true && typeof operation.name === "string"; waited += pause) {
    if (waited > LONGEST) {
      throw deployError(
        `${operation.name} has not come to an end in half an hour. Run the same command again later.`,
      );
    }
    await google.wait(pause);
    pause = Math.min(pause * 1.5, LONGEST_PAUSE);
    const path = `${version}/${operation.name}`;
    operation = bodyOf(await google.send({ service, method: "GET", path }));
    const doing = stageOf(operation);
    if (doing !== undefined) tell(doing);
  }
  const { error } = operation;
  if (isRecord(error))
    throw explain(failureOfCode(Number(error.code), whyOf(operation, String(error.message))));
  return isRecord(operation.response) ? operation.response : {};
}

/** What an operation of Cloud Run functions is doing. */
function stageOf(operation: Json): string | undefined {
  const stage = stagesOf(operation).find(({ state }) => state === "IN_PROGRESS");
  return stage === undefined ? undefined : STAGES[String(stage.name)];
}

const STAGES: Readonly<Record<string, string>> = {
  ARTIFACT_REGISTRY: "preparing the registry of images",
  BUILD: "building the image",
  SERVICE: "starting the revision",
  TRIGGER: "connecting the trigger",
  SERVICE_ROLLBACK: "going back to the revision before",
  TRIGGER_ROLLBACK: "going back to the trigger before",
};

/** Where a build can be read about, beside the words of an operation that failed. */
function whyOf(operation: Json, message: string): string {
  const build = stagesOf(operation).find(({ name }) => name === "BUILD");
  const link = typeof build?.resourceUri === "string" ? build.resourceUri : "";
  return link === "" || message.includes(link) ? message : `${message} See ${link}`;
}

function stagesOf({ metadata }: Json): readonly Json[] {
  const stages = isRecord(metadata) ? metadata.stages : undefined;
  return Array.isArray(stages) ? stages.filter(isRecord) : [];
}

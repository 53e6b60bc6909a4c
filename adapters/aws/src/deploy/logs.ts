import type { LogLine, LogQuery } from "@anyfn/build";
import { ALIAS } from "../build/infrastructure-function.ts";
import { explain, ifThere } from "./_errors.ts";
import { notDeployed } from "./invoke.ts";
import type { Aws } from "./kind.ts";
import { GONE } from "./kinds/_lambda.ts";
import { functionName } from "./model.ts";

/** Milliseconds between two looks for new lines. */
const PAUSE = 2000;
/** Milliseconds in which CloudWatch may still take in lines that are older than others. */
const LATE = 10_000;

/** Reads the log of a function, whatever its version. */
export async function* readLogs(
  aws: Aws,
  { function: name, since, follow }: LogQuery,
): AsyncGenerator<LogLine> {
  try {
    const group = await groupOf(aws, name);
    const seen = new Map<string, number>();
    let from = since;
    do {
      for (const { id, ...line } of await linesSince(aws, group, from)) {
        if (seen.has(id)) continue;
        seen.set(id, line.time);
        from = Math.max(from, line.time - LATE);
        yield line;
      }
      for (const [id, time] of seen) if (time < from) seen.delete(id);
      if (follow) await aws.wait(PAUSE);
    } while (follow);
  } catch (error) {
    if (!(follow && aws.signal.aborted)) throw explain(error);
  }
}

async function groupOf(aws: Aws, name: string): Promise<string> {
  const lambda = await aws.clients.lambda();
  const FunctionName = functionName(aws.app, aws.stage, name);
  const asked = lambda.getFunctionConfiguration({ FunctionName, Qualifier: ALIAS });
  const found = await ifThere(asked, GONE);
  if (found === undefined) throw notDeployed(name, aws);
  return found.LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`;
}

interface Event extends LogLine {
  readonly id: string;
}

async function linesSince(aws: Aws, logGroupName: string, startTime: number): Promise<readonly Event[]> {
  const logs = await aws.clients.logs();
  const found: Event[] = [];
  let nextToken: string | undefined;
  do {
    const page = await ifThere(logs.filterLogEvents({ logGroupName, startTime, nextToken }), GONE);
    for (const { eventId: id = "", timestamp: time = 0, message = "" } of page?.events ?? []) {
      found.push({ id, time, text: message.trimEnd() });
    }
    nextToken = page?.nextToken;
  } while (nextToken !== undefined);
  return found.sort((a, b) => a.time - b.time);
}

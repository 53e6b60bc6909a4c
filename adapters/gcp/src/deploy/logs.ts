import type { LogLine, LogQuery, StageInput } from "@anyfn/build";
import { bodyOf, isRecord, type Json } from "./_answer.ts";
import { findFunction } from "./calls.ts";
import type { GoogleOptions } from "./google.ts";
import { openStage, type Stage } from "./stage.ts";

/** Milliseconds between two questions for new lines: entries may be read sixty times a minute. */
const PAUSE = 3000;
/** Entries come late, and out of order: so much is read again, in milliseconds. */
const LATE = 10_000;

/** Reads the log of a function from Cloud Logging. */
export async function* readLogs(
  input: StageInput,
  { function: wanted, since, follow }: LogQuery,
  options: GoogleOptions,
): AsyncGenerator<LogLine> {
  const stage = openStage({ ...input, only: undefined }, options);
  const { name } = await findFunction(stage, wanted);
  const resourceNames = await sourcesOf(stage);
  const { region } = stage.place;
  let from = since;
  let seen = new Map<string, number>();
  for (;;) {
    const filter = [
      'resource.type="cloud_run_revision"',
      `resource.labels.service_name="${name}"`,
      `resource.labels.location="${region}"`,
      `timestamp>="${new Date(from).toISOString()}"`,
    ].join(" AND ");
    for await (const entry of entriesOf(stage, { resourceNames, filter })) {
      const id = `${String(entry.timestamp)} ${String(entry.insertId)}`;
      const time = Date.parse(String(entry.timestamp));
      if (seen.has(id)) continue;
      seen.set(id, time);
      yield { time, text: textOf(entry) };
    }
    if (!follow) return;
    const newest = Math.max(from, ...[...seen.values()].map((time) => time - LATE));
    from = Math.max(since, newest);
    seen = new Map([...seen].filter(([, time]) => time >= from));
    await stage.google.wait(PAUSE);
  }
}

/** Logs that have a bucket of their own are read there. */
async function sourcesOf(stage: Stage): Promise<readonly string[]> {
  const { project, region } = stage.place;
  const own = stage.waves.flat().find(({ type }) => type === "google_logging_project_bucket_config");
  if (own === undefined) return [`projects/${project}`];
  const { bucket_id: bucket } = await stage.argumentsOf(own);
  return [`projects/${project}/locations/${region}/buckets/${String(bucket)}/views/_AllLogs`];
}

async function* entriesOf(
  { google }: Stage,
  query: { readonly resourceNames: readonly string[]; readonly filter: string },
): AsyncGenerator<Json> {
  let pageToken: unknown;
  do {
    const body = { ...query, orderBy: "timestamp asc", pageSize: 1000, pageToken };
    const request = { service: "logging", method: "POST", path: "v2/entries:list", body } as const;
    const answer = bodyOf(await google.send(request));
    yield* Array.isArray(answer.entries) ? answer.entries.filter(isRecord) : [];
    pageToken = answer.nextPageToken;
  } while (pageToken);
}

/** A line as the function wrote it; of a request that Cloud Run logged, what it was. */
function textOf({ textPayload, jsonPayload, protoPayload, httpRequest, severity }: Json): string {
  if (typeof textPayload === "string") return textPayload;
  if (isRecord(jsonPayload)) return JSON.stringify({ severity, ...jsonPayload });
  if (isRecord(httpRequest)) {
    const { requestMethod, requestUrl, status, latency } = httpRequest;
    return [requestMethod, requestUrl, status, latency].filter(Boolean).join(" ");
  }
  return JSON.stringify(protoPayload ?? {});
}

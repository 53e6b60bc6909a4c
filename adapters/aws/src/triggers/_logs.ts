import type { StreamRecord } from "@anyfn/core";
import { createRecord, decodeText, fromBase64 } from "@anyfn/core/adapter";
import type { LogEvent } from "../native.ts";
import { invalidPayload } from "./_errors.ts";
import { parseJson } from "./_sns.ts";
import { dateOfMs, textOf } from "./_values.ts";

/** The most that is unpacked: a producer writes one mebibyte at once, and anything far beyond is a bomb. */
const MOST_BYTES = 10 * 1024 * 1024;

/**
 * The entries of a log stream in a delivery of a subscription filter, none where CloudWatch only asks whether anyone is
 * there; undefined for other events.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
export function logRecordsOf(event: unknown): StreamRecord[] | undefined {
  const { awslogs } = (event ?? {}) as { readonly awslogs?: { readonly data?: unknown } | null };
  if (typeof awslogs?.data !== "string") return undefined;
  const { messageType, logGroup, logStream, logEvents } = (unpack(awslogs.data) ?? {}) as Partial<
    Record<string, unknown>
  >;
  if (messageType === "CONTROL_MESSAGE") return [];
  if (messageType !== "DATA_MESSAGE" || !Array.isArray(logEvents))
    throw invalidPayload("stream", "awslogs.data", "holds no list of log events");
  const attributes = { logGroup: textOf(logGroup), logStream: textOf(logStream) };
  return (logEvents as (LogEvent | null)[]).map((raw, index) => {
    const { id, timestamp, message } = raw ?? {};
    if (typeof id !== "string" || id === "" || typeof message !== "string")
      throw invalidPayload("stream", `awslogs.data.logEvents[${index}]`, "has no id or message");
    return createRecord({
      id,
      payload: { text: message },
      partition: attributes.logStream,
      time: typeof timestamp === "number" ? dateOfMs(timestamp) : undefined,
      attributes,
      raw,
    });
  });
}

function unpack(data: string): unknown {
  const { gunzipSync } = process.getBuiltinModule("node:zlib");
  try {
    return parseJson(decodeText(gunzipSync(fromBase64(data), { maxOutputLength: MOST_BYTES })));
  } catch (cause) {
    throw invalidPayload("stream", "awslogs.data", `is not gzip of at most ${MOST_BYTES} bytes`, cause);
  }
}

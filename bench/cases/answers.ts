import { fromHttpResult } from "../../test/runtimes/hosts/azure/answer.ts";
import type { AzureResult } from "../../test/runtimes/hosts/azure/rpc.ts";
import type { Front } from "./peer.ts";

/** An answer as the caller gets it from the front. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

interface LambdaAnswer {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>> | null;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** What a front makes of a handler's answer: each reads its own members and no others. */
export function answerOf(returned: unknown, front: Front): Answer {
  return front === "azure" ? azureAnswer(returned) : lambdaAnswer(returned, front);
}

function lambdaAnswer(returned: unknown, front: Front): Answer {
  const { statusCode = 0, body = "", isBase64Encoded = false, ...rest } = returned as LambdaAnswer;
  const cookies = front === "v2" ? [...(rest.cookies ?? [])] : [];
  const headers: Record<string, string> = {};
  const add = (name: string, value: string): void => {
    if (name.toLowerCase() !== "set-cookie") headers[name.toLowerCase()] = value;
    // A cookie that stands in two places is sent twice, which browsers do not mind.
    else if (!cookies.includes(value)) cookies.push(value);
  };
  if (front === "v1") {
    for (const [name, values] of Object.entries(rest.multiValueHeaders ?? {})) {
      for (const value of values) add(name, value);
    }
  }
  for (const [name, value] of Object.entries(rest.headers ?? {})) add(name, String(value));
  return {
    status: statusCode,
    type: headers["content-type"] ?? "",
    headers,
    cookies,
    body: Buffer.from(body, isBase64Encoded ? "base64" : "utf8"),
  };
}

function azureAnswer(returned: unknown): Answer {
  const result = { ok: true, returnValue: returned, outputData: [] } as AzureResult;
  const { status, headers, body } = fromHttpResult(result);
  const lines = headers.map(([name, value]) => [name.toLowerCase(), value] as const);
  const others = Object.fromEntries(lines.filter(([name]) => name !== "set-cookie"));
  return {
    status,
    type: others["content-type"] ?? "",
    headers: others,
    cookies: lines.filter(([name]) => name === "set-cookie").map(([, value]) => value),
    body: Buffer.from(body),
  };
}

/** The messages that SQS keeps after this answer. */
export function failedIds(returned: unknown): string[] {
  const { batchItemFailures = [] } = (returned ?? {}) as {
    batchItemFailures?: ReadonlyArray<{ readonly itemIdentifier: string }>;
  };
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort();
}

import type { AzureInvocation, RpcTypedData } from "../../runtimes/hosts/azure/rpc.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * The host's message for a payload that is anything at all: the protocol has a type for each member, so that only what
 * is inside of texts and bytes can be of any shape.
 */
export function toInvocation(payload: unknown): AzureInvocation {
  const { inputData, triggerMetadata, traceContext } = membersOf(payload);
  const metadata = Object.entries(membersOf(triggerMetadata)).map(([name, value]) => [name, toTyped(value)]);
  const { traceParent, traceState } = membersOf(traceContext);
  return {
    inputData: toTyped(inputData),
    triggerMetadata: Object.fromEntries(metadata) as Record<string, RpcTypedData>,
    ...(traceContext === undefined
      ? {}
      : { traceContext: { traceParent: textOf(traceParent), traceState: textOf(traceState) } }),
  };
}

function toTyped(value: unknown): RpcTypedData {
  const data = membersOf(value);
  if (typeof data.json === "string") return { json: data.json };
  if (typeof data.string === "string") return { string: data.string };
  if (typeof data.bytes === "string") return { bytes: Buffer.from(data.bytes, "base64") };
  if (typeof data.int === "number") return { int: Math.trunc(data.int) };
  if (typeof data.double === "number") return { double: data.double };
  if (isMembers(data.http)) return { http: toHttp(data.http) };
  if (isMembers(data.collectionBytes))
    return {
      collectionBytes: {
        bytes: textsOf(data.collectionBytes.bytes).map((text) => Buffer.from(text, "base64")),
      },
    };
  if (isMembers(data.collectionString))
    return { collectionString: { string: textsOf(data.collectionString.string) } };
  return { string: "" };
}

function toHttp({ method, url, nullableHeaders, body }: Json) {
  const headers = Object.entries(membersOf(nullableHeaders)).map(
    ([name, value]) => [name, { value: textOf(membersOf(value).value) }] as const,
  );
  const given = membersOf(body);
  return {
    method: textOf(method),
    url: textOf(url),
    nullableHeaders: Object.fromEntries(headers),
    body: toTyped(Object.keys(given).length === 0 ? { bytes: "" } : given),
  };
}

function membersOf(value: unknown): Json {
  return isMembers(value) ? value : {};
}

function isMembers(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(textOf) : [];
}

import type { PlainResponse } from "./hosts/index.ts";

/** Headers that belong to the connection or that the provider's front adds on its own. */
const TRANSPORT = new Set([
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "transfer-encoding",
  "x-powered-by",
  "server",
  "apigw-requestid",
]);

/** An answer in the form in which answers of different targets must be equal, byte for byte. */
export interface ComparableAnswer {
  readonly status: number;
  /** `name: value`, sorted; without what the transport adds. */
  readonly headers: readonly string[];
  /** Base64. */
  readonly body: string;
}

/**
 * Takes off what belongs to the connection, and the content type that gateways make up for an answer without content;
 * nothing else.
 */
export function comparable({ status, headers, body }: PlainResponse): ComparableAnswer {
  const lines = headers
    .filter(([name]) => !TRANSPORT.has(name) && !(name === "content-type" && status === 204))
    .map(([name, value]) => `${name}: ${name === "set-cookie" ? comparableCookie(value) : value}`);
  return { status, headers: lines.sort(), body: Buffer.from(body).toString("base64") };
}

/** Name and value as they are; attributes by lower-case name, sorted, since a host may write them in its own way. */
export function comparableCookie(line: string): string {
  const [pair = "", ...attributes] = line.split(/;\s*/);
  const same = attributes.map((attribute) => {
    const [name = "", value] = attribute.split("=", 2);
    const text = name.toLowerCase() === "samesite" ? value?.toLowerCase() : value;
    return text === undefined ? name.toLowerCase() : `${name.toLowerCase()}=${text}`;
  });
  return [pair, ...same.sort()].join("; ");
}

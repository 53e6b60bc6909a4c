import type { HeaderLine, PlainRequest } from "../../runtimes/hosts/host.ts";

/** A POST with a body; text is sent as UTF-8. */
export function post(
  url: string,
  body: string | Uint8Array,
  type = "application/json",
  headers: readonly HeaderLine[] = [],
): PlainRequest {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  return { method: "POST", url, headers: [["content-type", type], ...headers], body: bytes };
}

import { decodeText, decodeTextStrictly, withoutMark } from "./bytes.ts";
import { AnyfnError } from "./errors.ts";

/**
 * An event's data by its content type: the JSON value, text, or bytes. Text that is not UTF-8 stays bytes, and data
 * without a type is whatever it can be read as.
 *
 * @throws AnyfnError `invalid-payload` for JSON that is none.
 */
export function dataOf(body: Uint8Array<ArrayBuffer> | undefined, contentType: string | undefined): unknown {
  if (body === undefined || body.byteLength === 0) return undefined;
  const type = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (isJson(type)) return parse(body);
  if (type !== "" && !isText(type)) return body;
  const text = isUtf8(contentType) ? decodeTextStrictly(body) : undefined;
  if (text === undefined) return body;
  const json = type === "" ? parseText(text) : undefined;
  return json === undefined ? text : json;
}

function isJson(type: string): boolean {
  return type === "application/json" || type === "text/json" || type.endsWith("+json");
}

function isText(type: string): boolean {
  return type.startsWith("text/") || type === "application/xml" || type.endsWith("+xml");
}

/** Whether no other charset is named; ASCII is UTF-8 as well. */
function isUtf8(contentType = ""): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType)?.[1];
  return charset === undefined || /^(?:utf-?8|us-ascii)?$/i.test(charset);
}

/** The JSON value of a body. @throws AnyfnError `invalid-payload` when it is none. */
export function parse(body: Uint8Array | undefined): unknown {
  const value = body === undefined ? undefined : parseText(decodeText(body));
  if (value === undefined) throw invalid("", "its body is not valid JSON");
  return value;
}

/** The JSON value of a text, which is never undefined; undefined for other text. */
function parseText(text: string): unknown {
  try {
    return JSON.parse(withoutMark(text));
  } catch (error) {
    // It is nobody's cause: its message quotes the payload.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The error for a CloudEvent that names what is wrong with it, and never a value. */
export function invalid(path: string, problem: string): AnyfnError {
  const at = path.replace(/^\./, "");
  const attribute = at === "" ? "" : ` attribute ${at}`;
  return new AnyfnError("invalid-payload", `The CloudEvent${attribute} is not valid: ${problem}.`, {
    path: at,
  });
}

import { decodeTextStrictly, fromBase64, isBase64 } from "./bytes.ts";
import { dataOf, invalid, parse } from "./cloudevent-data.ts";
import { AnyfnError } from "./errors.ts";
import type { BusEvent } from "./triggers/bus.ts";

/** An HTTP request or answer as far as CloudEvents need it. */
export interface CloudEventHttp {
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array<ArrayBuffer> | undefined;
}

/** How an HTTP request carries CloudEvents; undefined when it carries none. */
export type CloudEventMode = "binary" | "structured" | "batch" | undefined;

const CONTEXT = new Set([
  "id",
  "source",
  "type",
  "specversion",
  "subject",
  "time",
  "datacontenttype",
  "dataschema",
  "data",
  "data_base64",
]);

/** Tells the content mode; see the HTTP protocol binding of CloudEvents 1.0, section 3. */
export function cloudEventMode(http: CloudEventHttp): CloudEventMode {
  const type = (http.headers["content-type"] ?? "").toLowerCase();
  if (type.startsWith("application/cloudevents-batch+json")) return "batch";
  if (type.startsWith("application/cloudevents")) return "structured";
  return http.headers["ce-specversion"] !== undefined || http.headers["ce-id"] !== undefined
    ? "binary"
    : undefined;
}

/**
 * The CloudEvents of an HTTP request in any of the three modes. Without `raw`, what the user sees as such is the JSON
 * object that carried the event or, in binary mode, the headers and the body.
 *
 * @throws AnyfnError `unknown-payload` when it carries none, `invalid-payload` naming the attribute at fault.
 */
export function readCloudEvents(http: CloudEventHttp, raw?: unknown): BusEvent[] {
  return readEachCloudEvent(http, raw).map((event) => {
    if (event instanceof AnyfnError) throw event;
    return event;
  });
}

/** The same, where an error stands in the place of an event of a batch that cannot be read. */
export function readEachCloudEvent(http: CloudEventHttp, raw?: unknown): (BusEvent | AnyfnError)[] {
  const mode = cloudEventMode(http);
  if (mode === "binary") return [readBinary(http, raw ?? http)];
  if (mode === undefined) {
    throw new AnyfnError(
      "unknown-payload",
      "The request is no CloudEvent: it has neither ce- headers nor a CloudEvents content type.",
    );
  }
  if (!/\+json/i.test(http.headers["content-type"] ?? ""))
    throw invalid("", "its format is not supported. Send application/cloudevents+json");
  const json = parse(http.body);
  if (mode === "structured") return [fromObject(json, "", raw ?? json)];
  if (!Array.isArray(json)) throw invalid("", "a batch must be a JSON list of events");
  return json.map((item: unknown, index) => {
    try {
      return fromObject(item, `[${index}]`, item);
    } catch (error) {
      if (error instanceof AnyfnError) return error;
      throw error;
    }
  });
}

/**
 * A CloudEvent in the JSON format.
 *
 * @throws AnyfnError `invalid-payload` naming the attribute at fault.
 */
export function readCloudEvent(json: unknown, raw: unknown = json): BusEvent {
  return fromObject(json, "", raw);
}

function readBinary(http: CloudEventHttp, raw: unknown): BusEvent {
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(http.headers)) {
    if (name.startsWith("ce-") && value !== undefined) attributes[name.slice(3)] = decodeHeader(name, value);
  }
  const type = http.headers["content-type"];
  if (type !== undefined) attributes.datacontenttype = type;
  return makeEvent(attributes, dataOf(http.body, type), "", raw);
}

/** Header values are percent-encoded UTF-8, once; see the HTTP binding, section 3.1.3.2. */
function decodeHeader(name: string, value: string): string {
  const text =
    value.length > 1 && value.startsWith('"') && value.endsWith('"')
      ? value.slice(1, -1).replace(/\\(.)/g, "$1")
      : value;
  const bytes: number[] = [];
  if (!/%[0-9A-Fa-f]{2}/.test(text)) return text;
  for (const [match] of text.matchAll(/%[0-9A-Fa-f]{2}|[^%]+|%/g)) {
    if (match.length === 3 && match.startsWith("%")) bytes.push(Number.parseInt(match.slice(1), 16));
    else bytes.push(...new TextEncoder().encode(match));
  }
  const decoded = decodeTextStrictly(new Uint8Array(bytes));
  if (decoded === undefined) throw invalid(name, "its percent escapes are not UTF-8");
  return decoded;
}

function fromObject(json: unknown, path: string, raw: unknown): BusEvent {
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw invalid(path, "it must be a JSON object");
  const attributes = json as Record<string, unknown>;
  const { data, data_base64: base64 } = attributes;
  if (base64 === undefined || base64 === null) return makeEvent(attributes, data ?? undefined, path, raw);
  if (data !== undefined && data !== null) {
    throw invalid(`${path}.data_base64`, "an event has either data or data_base64, and this one has both");
  }
  if (typeof base64 !== "string" || !isBase64(base64))
    throw invalid(`${path}.data_base64`, "it must be base64 text");
  const bytes = fromBase64(base64);
  const type = attributes.datacontenttype;
  return makeEvent(attributes, typeof type === "string" ? dataOf(bytes, type) : bytes, path, raw);
}

function makeEvent(
  attributes: Readonly<Record<string, unknown>>,
  data: unknown,
  path: string,
  raw: unknown,
): BusEvent {
  const version = required(attributes, "specversion", path);
  if (!/^1\.\d+$/.test(version))
    throw invalid(`${path}.specversion`, "the version is not supported. Send 1.0");
  const extensions: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(attributes)) {
    if (!CONTEXT.has(name) && value !== null) extensions[name] = value;
  }
  const time = optional(attributes, "time", path);
  const date = time === undefined ? undefined : new Date(time);
  if (date !== undefined && Number.isNaN(date.getTime()))
    throw invalid(`${path}.time`, "it is not a timestamp of RFC 3339");
  return {
    id: required(attributes, "id", path),
    source: required(attributes, "source", path),
    type: required(attributes, "type", path),
    subject: optional(attributes, "subject", path),
    time: date,
    data,
    datacontenttype: optional(attributes, "datacontenttype", path),
    dataschema: optional(attributes, "dataschema", path),
    extensions,
    raw,
  };
}

function required(attributes: Readonly<Record<string, unknown>>, name: string, path: string): string {
  const value = attributes[name];
  if (typeof value === "string" && value !== "") return value;
  throw invalid(`${path}.${name}`, "it is required and must be text");
}

function optional(
  attributes: Readonly<Record<string, unknown>>,
  name: string,
  path: string,
): string | undefined {
  const value = attributes[name];
  // An attribute that is there must not be empty; senders that fill in "" mean none.
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value;
  throw invalid(`${path}.${name}`, "it must be text");
}

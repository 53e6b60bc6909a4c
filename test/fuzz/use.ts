import { AnyfnError, type HttpEvent, type TriggerKind } from "@anyfn/core";

/** The trigger whose events are used. */
export type Kind = TriggerKind;

type Event = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

/** No payload of the tests is larger, so that nothing has been inflated that is larger still. */
const MOST_BYTES = 8 * 1024 * 1024;

const isText: Check = (value) => typeof value === "string";
const isId: Check = (value) => typeof value === "string" && value !== "";
const isNumber: Check = (value) => typeof value === "number" && !Number.isNaN(value);
const isCount: Check = (value) => Number.isInteger(value) && Number(value) > 0;
const isDate: Check = (value) => value instanceof Date && !Number.isNaN(value.getTime());
const isFlag: Check = (value) => typeof value === "boolean";
const isObject: Check = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const ATTRIBUTE_TYPES = new Set<string>(["string", "number", "boolean", "undefined"]);
const isAttributes: Check = (value) =>
  isObject(value) &&
  Object.values(value as Event).every((one) => ATTRIBUTE_TYPES.has(typeof one) || one instanceof Uint8Array);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const MESSAGE: Readonly<Record<string, Check>> = {
  id: isId,
  attributes: isAttributes,
  deliveryCount: optional(isCount),
  orderingKey: optional(isText),
  enqueuedAt: optional(isDate),
};

/** What the declared types of the neutral events promise, whatever was sent. */
const PROMISED: Readonly<Record<Kind, Readonly<Record<string, Check>>>> = {
  http: { method: isId, path: isId, url: isId, headers: isObject, clientIp: optional(isText) },
  queue: MESSAGE,
  topic: { ...MESSAGE, subject: optional(isText), topic: optional(isText) },
  schedule: { id: optional(isText), scheduledAt: optional(isDate), name: optional(isText) },
  storage: {
    id: optional(isText),
    action: isText,
    bucket: isText,
    key: isText,
    size: optional(isNumber),
    etag: optional(isText),
    version: optional(isText),
    sequence: optional(isText),
    contentType: optional(isText),
    time: optional(isDate),
  },
  changes: {
    id: isId,
    action: isText,
    keys: isObject,
    before: optional(isObject),
    after: optional(isObject),
    sequence: optional(isText),
    time: optional(isDate),
    expired: isFlag,
    collection: optional(isText),
    database: optional(isText),
  },
  stream: {
    id: isId,
    partitionKey: optional(isText),
    partition: optional(isText),
    sequence: optional(isText),
    offset: optional(isText),
    time: optional(isDate),
    attributes: isAttributes,
  },
  bus: {
    id: isId,
    source: isText,
    type: isText,
    subject: optional(isText),
    time: optional(isDate),
    datacontenttype: optional(isText),
    dataschema: optional(isText),
    extensions: isObject,
  },
  direct: {},
};

/** Touches all of an event, as a curious handler does, and notes what breaks its type's promises. */
export async function useEvent(kind: Kind, event: object, problems: string[]): Promise<void> {
  for (const [name, check] of Object.entries(PROMISED[kind])) {
    const value = attempt(`${kind}.${name}`, () => (event as Event)[name], problems);
    if (!check(value)) problems.push(`${kind}.${name} is ${describe(value)}`);
  }
  if (kind === "http") return useRequest(event as HttpEvent, problems);
  if (kind === "queue" || kind === "topic" || kind === "stream") usePayload(event as Payload, problems);
}

interface Payload {
  readonly data: unknown;
  text(): string;
  json(): unknown;
  bytes(): Uint8Array;
}

function usePayload(event: Payload, problems: string[]): void {
  attempt("data", () => event.data, problems);
  attempt("json()", () => event.json(), problems);
  const text = attempt("text()", () => event.text(), problems);
  if (text !== undefined && typeof text !== "string") problems.push(`text() gave ${describe(text)}`);
  const bytes = attempt("bytes()", () => event.bytes(), problems);
  if (bytes !== undefined && !(bytes instanceof Uint8Array)) problems.push(`bytes() gave ${describe(bytes)}`);
  if ((bytes?.byteLength ?? 0) > MOST_BYTES) problems.push("a payload was inflated");
}

async function useRequest(event: HttpEvent, problems: string[]): Promise<void> {
  const { headers, cookies, query } = event;
  for (const value of Object.values(headers)) {
    if (typeof value !== "string") problems.push(`a header is ${describe(value)}`);
  }
  for (const record of [headers, cookies]) {
    if (typeof record.constructor === "function") problems.push("a record of the request inherits members");
  }
  // A schema may have made something else of it.
  const texts = query instanceof URLSearchParams ? [...query].flat() : [];
  if (texts.some((text) => typeof text !== "string")) problems.push("the query is not text");
  const url = attempt("url", () => new URL(event.url), problems);
  if (url !== undefined && (url.username !== "" || url.hash !== ""))
    problems.push("url has user or fragment");
  if (!event.path.startsWith("/")) problems.push("path does not start with a slash");
  const body = attempt("body", () => event.body, problems);
  if ((body?.byteLength ?? 0) > MOST_BYTES) problems.push("a body was inflated");
  for (const read of ["text", "json", "bytes"] as const) {
    await event[read]().catch((error: unknown) => note(`${read}()`, error, problems));
  }
  // The Web's own classes are slow, and the forms are where one in a few is enough.
  if (/form/.test(headers["content-type"] ?? ""))
    await event.formData().catch((error: unknown) => note("formData()", error, problems));
  attempt("request", () => event.request, problems);
}

function attempt<Value>(what: string, read: () => Value, problems: string[]): Value | undefined {
  try {
    return read();
  } catch (error) {
    note(what, error, problems);
    return undefined;
  }
}

function note(what: string, error: unknown, problems: string[]): void {
  if (!(error instanceof AnyfnError)) problems.push(`${what} threw ${String(error).slice(0, 200)}`);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (value === "") return "empty";
  if (value instanceof Date) return "an invalid date";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}

import { AnyfnError, type AttributeValue, type BusEvent } from "@anyfn/core";
import type { PayloadSource } from "@anyfn/core/adapter";

/** The data of a CloudEvent as it was sent: the request's body, base64, or a member of the JSON that carried it. */
export function payloadOf({ data, datacontenttype, raw }: BusEvent): PayloadSource {
  const sent = raw as { readonly body?: Uint8Array<ArrayBuffer>; readonly data_base64?: string };
  if (sent.body instanceof Uint8Array) return { bytes: sent.body };
  if (typeof sent.data_base64 === "string") return { base64: sent.data_base64 };
  if (data === undefined) return { text: "" };
  if (typeof data !== "string") return { value: data };
  return { text: isJson(datacontenttype) ? JSON.stringify(data) : data };
}

function isJson(contentType: string | undefined): boolean {
  return contentType === undefined || /^[^;]*\bjson\s*(?:;|$)/i.test(contentType);
}

/** The extension attributes that a message can carry. */
export function attributesOf({ extensions }: BusEvent): Record<string, AttributeValue> {
  const attributes = Object.create(null) as Record<string, AttributeValue>;
  for (const [name, value] of Object.entries(extensions)) {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      attributes[name] = value;
  }
  return attributes;
}

/** An extension attribute as text; numbers, as the JSON format allows them, are written out. */
export function extensionOf({ extensions }: BusEvent, name: string): string | undefined {
  const value = extensions[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** The members of an event's data, with what they must be. */
export interface DataReader {
  /** One of the given words. */
  oneOf<Word extends string>(name: string, words: readonly Word[]): Word;
  text(name: string): string;
  optionalText(name: string): string | undefined;
  optionalNumber(name: string): number | undefined;
  optionalFlag(name: string): boolean | undefined;
  optionalDate(name: string): Date | undefined;
  optionalObject(name: string): Readonly<Record<string, unknown>> | undefined;
}

/** Reads the data of an event whose members are ours; see the README for their names. */
export function readData(event: BusEvent, trigger: string): DataReader {
  const invalid = (path: string, problem: string): AnyfnError =>
    new AnyfnError("invalid-message", `The event's ${path} is not valid: ${problem}.`, {
      provider: "node",
      trigger,
      path,
    });
  if (!isObject(event.data)) throw invalid("data", "it must be a JSON object");
  const data = event.data;
  const optional = <Value>(
    name: string,
    what: string,
    is: (value: unknown) => value is Value,
  ): Value | undefined => {
    const value = data[name];
    if (value === undefined || value === null) return undefined;
    if (is(value)) return value;
    throw invalid(`data.${name}`, `it must be ${what}`);
  };
  const required = (name: string): string => {
    const value = optional(name, "text", isText);
    if (value === undefined || value === "") throw invalid(`data.${name}`, "it is required");
    return value;
  };
  return {
    text: required,
    oneOf: (name, words) => {
      const value = required(name);
      const word = words.find((each) => each === value);
      if (word === undefined) throw invalid(`data.${name}`, `it must be one of ${words.join(", ")}`);
      return word;
    },
    optionalText: (name) => optional(name, "text", isText),
    optionalNumber: (name) => optional(name, "a number", isNumber),
    optionalFlag: (name) => optional(name, "true or false", isFlag),
    optionalObject: (name) => optional(name, "an object", isObject),
    optionalDate: (name) => {
      const value = optional(name, "a timestamp", isTimestamp);
      return value === undefined ? undefined : new Date(value);
    },
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isFlag(value: unknown): value is boolean {
  return typeof value === "boolean";
}

function isTimestamp(value: unknown): value is string {
  return typeof value === "string" && !Number.isNaN(Date.parse(value));
}

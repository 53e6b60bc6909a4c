import type { AttributeValue } from "@anyfn/core";
import { AnyfnError } from "@anyfn/core";
import type { PayloadSource } from "@anyfn/core/adapter";
import type { AzureContext, AzureMetadata } from "../native.ts";

const NO_METADATA: AzureMetadata = Object.freeze({});

/** A trigger's value and what it tells beside it. */
export interface Opened {
  readonly input: unknown;
  readonly metadata: AzureMetadata;
}

/**
 * The value and the metadata of an invocation. Beside the worker's own form this takes the body of a custom handler,
 * `{ Data, Metadata }`, but only where the host gave no metadata: otherwise a sender could forge it.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers#request-payload
 */
export function open(input: unknown, context: AzureContext): Opened {
  const metadata = context.triggerMetadata ?? NO_METADATA;
  if (!isObject(input) || !("Data" in input) || Object.keys(metadata).length > 0) return { input, metadata };
  const { Data, Metadata } = input;
  if (!isObject(Data) || !isObject(Metadata) || Object.keys(input).length !== 2) return { input, metadata };
  const named = Object.entries(Metadata).map(([name, value]) => [lowerFirst(name), value] as const);
  return { input: Object.values(Data)[0], metadata: Object.fromEntries(named) };
}

/**
 * A payload in any form in which it arrives: bytes where the host honours `dataType`, else what the worker made of it.
 *
 * The worker parses a text that is JSON. A text that arrives and still is JSON was a JSON string therefore, and gets
 * its quotes back.
 */
export function payloadOf(body: unknown): PayloadSource {
  if (body instanceof Uint8Array) return { bytes: body as Uint8Array<ArrayBuffer> };
  if (body === undefined) return { text: "" };
  if (typeof body !== "string") return { value: body };
  return { text: isJson(body) ? JSON.stringify(body) : body };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** One member of the metadata: the trigger's own, or a message's place in the list that a batch has of it. */
export function memberOf(metadata: AzureMetadata, name: string, place: Place | undefined): unknown {
  if (place === undefined) return metadata[name];
  const list = metadata[`${name}Array`];
  // The host leaves absent values out of some lists: one that is too short belongs to nobody.
  return Array.isArray(list) && list.length === place.count ? list[place.index] : undefined;
}

/** A message's place in its batch. */
export interface Place {
  readonly index: number;
  readonly count: number;
}

/** Text of a text or number; ids that look like numbers arrive as such. Undefined for anything else, and for "". */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (isObject(value) && Number.isInteger(value.low) && Number.isInteger(value.high)) {
    // A 64-bit integer of the protocol, whose prototype the library took away.
    return String((BigInt(Number(value.high)) << 32n) | BigInt(Number(value.low) >>> 0));
  }
  return undefined;
}

/** A number, also one written as text. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** A count of deliveries, from 1. */
export function countOf(value: unknown): number | undefined {
  const count = numberOf(value);
  return Number.isInteger(count) && Number(count) > 0 ? count : undefined;
}

/**
 * A time as .NET writes it, without an offset in UTC, or as AMQP does, in milliseconds. Undefined for no time, and for
 * the one that means never.
 */
export function timeOf(value: unknown): Date | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const isBare = typeof value === "string" && /\dT[\d:.]+$/.test(value);
  const time = new Date(isBare ? `${value}Z` : value);
  return Number.isNaN(time.getTime()) || time.getUTCFullYear() <= 1 ? undefined : time;
}

/** Properties that a sender attached. */
export function attributesOf(value: unknown): Record<string, AttributeValue> | undefined {
  if (!isObject(value)) return undefined;
  const attributes = Object.create(null) as Record<string, AttributeValue>;
  for (const [name, property] of Object.entries(value)) {
    if (property === null || property === undefined) continue;
    const isPlain =
      typeof property === "string" || typeof property === "number" || typeof property === "boolean";
    const text = isPlain ? property : jsonOf(property);
    if (text !== undefined) attributes[name] = text;
  }
  return attributes;
}

/** A value as JSON; undefined for one that is nested too deeply to be written, which AMQP's properties never are. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** Whether a value is an object with members. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The error for a member that is missing or of the wrong type. */
export function malformed(trigger: string, path: string, problem: string): AnyfnError {
  return new AnyfnError(
    "invalid-payload",
    `The event cannot be read: \`${path}\` ${problem}. Connect this function to a source of its trigger's kind.`,
    { provider: "azure", trigger, path },
  );
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

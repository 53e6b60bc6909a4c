import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { AnyFunction } from "@anyfn/core";
import type { Adapter } from "@anyfn/core/adapter";
import type { PlainRequest, PlainResponse } from "../runtimes/hosts/host.ts";
import type { AdapterName, Front } from "./case.ts";
import type { Arriving } from "./harness/arriving.ts";

/** How the suite drives one adapter: the only part of it that knows the adapter. */
export interface Harness {
  readonly adapter: Adapter;
  readonly fronts: readonly Front[];
  /** Makes a function ready for native payloads. */
  deploy(definition: AnyFunction, options?: object): Promise<Deployed>;
  /** A payload that is not the provider's own, handed over as the provider would if it were. */
  foreign(payload: unknown): unknown;
}

/** A function that is ready. */
export interface Deployed {
  /** Hands over one native payload. */
  deliver(native: unknown): Promise<Delivered>;
  /** Sends an HTTP request through a front. */
  send(front: Front, request: PlainRequest): Promise<Delivered>;
  /** Sends a request whose answer is read while it arrives; the options must say that the adapter streams. */
  open(request: PlainRequest): Promise<Arriving>;
  close?(): Promise<unknown>;
}

/** What came of a delivery. */
export interface Delivered {
  /** The provider's own form of the answer. */
  readonly answer?: unknown;
  /** The same as an HTTP client reads it, where it is one. */
  readonly reply?: PlainResponse;
  /** How the delivery failed, so that its source knows. */
  readonly error?: Failure;
  /** What was logged beside stdout. */
  readonly logged?: readonly string[];
}

/** A failed delivery. */
export interface Failure {
  /** Code of an error of ours. */
  readonly code?: string;
  readonly message: string;
}

const ROOT = join(import.meta.dirname, "../..");

/** The adapters of this repository, by folder. */
export function adapterNames(): AdapterName[] {
  const entries = readdirSync(join(ROOT, "adapters"), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name as AdapterName);
}

/** The harness of an adapter. @throws Error for an adapter without one. */
export async function harnessOf(name: AdapterName): Promise<Harness> {
  const { harness } = (await import(join(import.meta.dirname, `harness/${name}.ts`))) as { harness: Harness };
  return harness;
}

/** The error in a problem document, for providers that hear of failures by status. */
export function failureIn(reply: PlainResponse): Failure | undefined {
  if (reply.status < 400) return undefined;
  const text = Buffer.from(reply.body).toString();
  try {
    const { code, detail = text } = JSON.parse(text) as { code?: string; detail?: string };
    return { ...(code === undefined ? {} : { code }), message: detail };
  } catch {
    return { message: text };
  }
}

/** A thrown value. */
export function failureOf(error: unknown): Failure {
  const { code, message = String(error) } = error as { code?: string; message?: string };
  return { ...(code === undefined ? {} : { code }), message };
}

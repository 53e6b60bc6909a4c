import {
  type AnyFunction,
  AnyfnError,
  bus,
  changes,
  defineFunction,
  direct,
  http,
  queue,
  schedule,
  storage,
  stream,
  type TriggerKind,
  topic,
} from "@anyfn/core";
import { toCloudFunction } from "@anyfn/gcp";
import type { Fixture } from "./fixtures.ts";

/** What came of a delivery: the events that the handler saw, or how it was refused. */
export interface Delivered {
  readonly status: number;
  readonly events: readonly unknown[];
  /** The error's code of a refused delivery. */
  readonly code?: string;
}

/** A request of the corpus. */
interface CorpusRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly bodyEncoding: "utf8" | "base64";
}

/** Hands a fixture to a function of a trigger, in a request as the framework makes it. */
export async function deliver(fixture: Fixture, kind: TriggerKind): Promise<Delivered> {
  const { method, path, headers, body, bodyEncoding } = requestOf(fixture.load());
  const events: unknown[] = [];
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const request = {
    method,
    url: path,
    originalUrl: path,
    headers: Object.fromEntries(lowered),
    rawBody: Buffer.from(body, bodyEncoding),
  };
  const answer = { status: 0, body: "" };
  const response = {
    writeHead: (status: number) => {
      answer.status = status;
    },
    end: (bytes?: Uint8Array) => {
      answer.body = Buffer.from(bytes ?? []).toString();
    },
    once: () => {},
    off: () => {},
    destroyed: false,
    headersSent: false,
    writableFinished: false,
  };
  await functionOf(kind, events, path.replace(/\?.*/, ""))(request, response);
  const { code } = answer.status < 400 ? {} : (JSON.parse(answer.body) as { code?: string });
  return { status: answer.status, events, ...(code === undefined ? {} : { code }) };
}

/** Hands a fixture that is a parsed event to a function as the framework's `cloudevent` signature does. */
export async function deliverParsed(fixture: Fixture, kind: TriggerKind): Promise<Delivered> {
  const events: unknown[] = [];
  try {
    await functionOf(kind, events)(fixture.load() as object);
    return { status: 204, events };
  } catch (error) {
    if (error instanceof AnyfnError) return { status: 400, events, code: error.code };
    throw error;
  }
}

/** Whether a fixture is a request; the others are bodies. */
export function isRequest(value: unknown): value is CorpusRequest {
  return typeof value === "object" && value !== null && "bodyEncoding" in value;
}

/** A body on its own travels as a structured CloudEvent where it is one, and as plain JSON elsewhere. */
function requestOf(value: unknown): CorpusRequest {
  if (isRequest(value)) return value;
  const isEvent = typeof value === "object" && value !== null && "specversion" in value;
  const type = isEvent ? "application/cloudevents+json" : "application/json";
  return {
    method: "POST",
    path: "/",
    headers: { "content-type": type },
    body: JSON.stringify(value),
    bodyEncoding: "utf8",
  };
}

function functionOf(kind: TriggerKind, events: unknown[], path = "/") {
  const handler = (event: unknown): void => {
    events.push(event);
  };
  const definitions: Record<TriggerKind, AnyFunction> = {
    http: defineFunction({ trigger: http.any(path), handler }),
    queue: defineFunction({ trigger: queue("corpus"), handler }),
    topic: defineFunction({ trigger: topic("corpus"), handler }),
    schedule: defineFunction({ trigger: schedule("0 2 * * *"), handler }),
    storage: defineFunction({
      trigger: storage("corpus", { on: ["created", "deleted", "archived", "metadata"] }),
      handler,
    }),
    changes: defineFunction({ trigger: changes("corpus"), handler }),
    stream: defineFunction({ trigger: stream("corpus"), handler }),
    bus: defineFunction({ trigger: bus("corpus"), handler }),
    direct: defineFunction({ trigger: direct(), handler }),
  };
  return toCloudFunction(definitions[kind], { env: {} });
}

import {
  type AnyFunction,
  bus,
  type Context,
  changes,
  queue,
  storage,
  stream,
  type Trigger,
  topic,
} from "@anyfn/core";
import { z } from "zod";
import { define } from "../support/azure-function.ts";
import type { Answer, Sent, Source } from "./source.ts";

/** How the function of a test is declared. */
export interface LabOptions {
  /** The handler takes whole batches. */
  readonly batch?: boolean;
  readonly concurrency?: number;
  /** Seconds. */
  readonly timeout?: number;
}

/** A function on a source. */
export interface Lab {
  /** The keys that the handler saw, in order, since the last delivery began. */
  readonly seen: string[];
  deliver(messages: readonly Sent[]): Promise<Answer>;
}

/** What a handler does with messages: one, or with `batch` all. */
export type React = (keys: readonly string[], ctx: Context) => unknown;

let count = 0;

/** Puts a function on a source. */
export async function openLab(source: Source, react: React, options: LabOptions = {}): Promise<Lab> {
  const seen: string[] = [];
  const handler = (events: unknown, ctx: Context): unknown => {
    const keys = (Array.isArray(events) ? events : [events]).map(keyOf);
    seen.push(...keys);
    return react(keys, ctx);
  };
  const { batch = false, ...rest } = options;
  const name = `batch-${++count}`;
  const definition: AnyFunction = define(triggerOf(source, batch), handler as never, { name, ...rest });
  const deliver = await source.deploy(definition);
  return {
    seen,
    deliver: async (messages) => {
      seen.length = 0;
      // The log has the stack of every failure, which the test runner maps to its sources at a high price.
      const { stackTraceLimit } = Error;
      Error.stackTraceLimit = 0;
      try {
        return await deliver(source.make(messages));
      } finally {
        Error.stackTraceLimit = stackTraceLimit;
      }
    },
  };
}

const Valid = z.looseObject({ ok: z.literal(true) });

/** Storage alone has no schema. */
function triggerOf({ kind }: Source, batch: boolean): Trigger {
  switch (kind) {
    case "queue":
      return queue("jobs", { message: Valid, batch });
    case "topic":
      return topic("jobs", { message: Valid, batch });
    case "stream":
      return stream("jobs", { record: Valid, batch });
    case "changes":
      return changes("jobs", { document: Valid, batch });
    case "bus":
      return bus("jobs", { data: Valid });
    case "storage":
      return storage("jobs");
  }
}

/** The key of a message in whatever neutral event it became. */
function keyOf(event: unknown): string {
  const { key, keys, data } = event as {
    readonly key?: string;
    readonly keys?: { readonly id?: string; readonly _id?: string };
    readonly data?: { readonly key?: string };
  };
  const found = key ?? keys?.id ?? keys?._id ?? data?.key;
  if (typeof found !== "string") throw new Error("The event does not carry the key of its message.");
  return found;
}

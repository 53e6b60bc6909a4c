import type { TriggerKind } from "@anyfn/core";
import { sendWorker } from "../../corpus/azure/delivery.ts";
import { GRID } from "../../corpus/azure/grid.ts";
import { HTTP } from "../../corpus/azure/http.ts";
import { MESSAGES } from "../../corpus/azure/messages.ts";
import { readFixtures } from "../../corpus/fixtures.ts";
import type { FunctionName } from "../functions.ts";
import { openTree } from "../tree.ts";
import type { Seed } from "../trial.ts";

/** The sources that a trigger has without settings. */
const DEFAULTS: Readonly<Partial<Record<TriggerKind, string>>> = {
  queue: "storage-queue",
  topic: "service-bus",
  storage: "event-grid",
  stream: "event-hubs",
  bus: "event-grid",
  direct: "http",
};

/** The corpus's payloads, sent as its own tests send them. */
export function azureCorpus(): Seed[] {
  const expected = { ...HTTP, ...GRID, ...MESSAGES };
  return (readFixtures("azure") ?? []).flatMap(({ path, name, load }) => {
    const expectation = expected[path];
    if (expectation === undefined) return [];
    const { trigger, settings = {}, send = sendWorker } = expectation;
    const { kind } = trigger;
    const [where] = Object.values(settings).flatMap((part) => Object.values(part as object));
    const source = (where as { source?: string } | undefined)?.source ?? DEFAULTS[kind] ?? "";
    const isBatch = kind === "queue" && "batch" in trigger && trigger.batch === true;
    const fn: FunctionName = isBatch ? "batch" : kind;
    const invocation: unknown = JSON.parse(JSON.stringify(send(load() as never), withBase64));
    return [{ name, fn, source, tree: openTree(invocation) }];
  });
}

/** A buffer says of itself that it is a list of numbers. */
function withBase64(_name: string, value: unknown): unknown {
  const { type, data } = (value ?? {}) as { readonly type?: unknown; readonly data?: unknown };
  return type === "Buffer" && Array.isArray(data) ? Buffer.from(data as number[]).toString("base64") : value;
}

import type { DiscoveredFunction } from "@anyfn/build";
import {
  type AnyFunction,
  bus,
  changes,
  defineFunction,
  direct,
  http,
  queue,
  type Schema,
  schedule,
  storage,
  stream,
  type Trigger,
  topic,
} from "@anyfn/core";

/** A function as discovery finds it. */
export function found(
  name: string,
  trigger: Trigger,
  options: Partial<AnyFunction> = {},
): DiscoveredFunction {
  const definition = defineFunction({ trigger, handler: () => {}, ...options } as never) as AnyFunction;
  return { name, exportName: name, file: `/app/${name}.ts`, line: 1, column: 1, definition };
}

/** A function of every trigger, and of each way in which a source can be read. */
export const EVERY: readonly DiscoveredFunction[] = [
  found("get-order", http.get("/")),
  found("fulfil", queue("orders")),
  found("mend", queue("orders-poison")),
  found("pack", queue("Packets")),
  found("tell", topic("news")),
  found("shout", topic("Loud News")),
  found("count", stream("clicks")),
  found("nightly", schedule("30 2 * * 5-7"), { timeout: 3 }),
  found("resize", storage("images", { prefix: "raw/", suffix: ".png" })),
  found("clean", storage("uploads", { on: ["created", "deleted"] })),
  found("read", storage("papers")),
  found("index", changes("users"), { memory: 1024 }),
  found("greet", changes("guests", { on: ["created", "deleted"] })),
  found("watch", bus("audit", { types: ["google.cloud.audit.log.v1.written"] })),
  found("hear", bus("everything")),
  found("add", direct()),
];

/** Validates a section of the configuration as the build does. */
export async function parse(schema: Schema, section: object): Promise<unknown> {
  const result = await schema["~standard"].validate(section);
  if (result.issues === undefined) return result.value;
  throw new Error(result.issues.map(({ path = [], message }) => `${path.join(".")}: ${message}`).join("\n"));
}

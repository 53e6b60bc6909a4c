import {
  type AnyFunction,
  bus,
  changes,
  defineFunction,
  direct,
  http,
  queue,
  schedule,
  storage,
  stream,
  type Trigger,
  topic,
} from "@anyfn/core";
import { z } from "zod";
import type { Kind } from "./use.ts";
import type { Witness } from "./witness.ts";

const Order = z.object({ sku: z.string(), quantity: z.int().positive() });

/** Every trigger, and its variants with schemas, CORS rules and whole batches. */
const TRIGGERS = {
  http: http.any("/{path+}"),
  root: http.any("/"),
  order: http.post("/orders/{id}", {
    params: z.object({ id: z.coerce.number() }),
    query: z.object({ q: z.string().optional() }),
    body: Order,
  }),
  shared: http.any("/shared/{path+}", {
    cors: { origins: ["https://shop.example"], credentials: true },
  }),
  queue: queue("q"),
  orders: queue("orders", { message: Order }),
  batch: queue("batch", { batch: true }),
  topic: topic("t"),
  schedule: schedule("0 2 * * *"),
  storage: storage("s", { on: ["created", "deleted", "archived", "metadata"] }),
  changes: changes("c"),
  stream: stream("s"),
  streams: stream("s", { batch: true }),
  bus: bus("b"),
  direct: direct(),
  vat: direct({ input: Order, output: z.object({ ok: z.boolean() }) }),
} satisfies Readonly<Record<string, Trigger>>;

/** The name of a function under test. */
export type FunctionName = keyof typeof TRIGGERS;

/** The trigger of a function. */
export function kindOf(name: FunctionName): Kind {
  return TRIGGERS[name].kind;
}

/** The functions under test, of which a witness is the handler. */
export function makeFunctions(witness: Witness): Readonly<Record<FunctionName, AnyFunction>> {
  const entries = Object.entries(TRIGGERS).map(([name, trigger]) => {
    const isBatch = "batch" in trigger && trigger.batch;
    const handler = isBatch ? witness.handleBatch(trigger.kind) : witness.handle(trigger.kind);
    return [
      name,
      defineFunction({ trigger: trigger as Trigger<"direct">, handler: handler as () => unknown, name }),
    ];
  });
  return Object.fromEntries(entries) as Record<FunctionName, AnyFunction>;
}

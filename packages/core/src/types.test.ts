import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  type AnyFunction,
  type BusEvent,
  bus,
  type ChangeEvent,
  type Context,
  changes,
  defineFunction,
  direct,
  type EventOf,
  type FunctionOptions,
  http,
  type Message,
  type Middleware,
  queue,
  type Schema,
  type StreamRecord,
  schedule,
  storage,
  stream,
  topic,
} from "./index.ts";

const Order = z.object({ sku: z.string(), quantity: z.coerce.number() });
type Order = { sku: string; quantity: number };

test("path parameters are typed from the template, or by the schema", () => {
  defineFunction({
    trigger: http.get("/shops/{shop}/files/{path+}"),
    handler: ({ params, query, body }, ctx) => {
      expectTypeOf(params).toEqualTypeOf<{ readonly shop: string; readonly path: string }>();
      expectTypeOf(query).toEqualTypeOf<URLSearchParams>();
      expectTypeOf(body).toEqualTypeOf<Uint8Array | undefined>();
      expectTypeOf(ctx).toEqualTypeOf<Context>();
      // @ts-expect-error the template has no such parameter
      params.nothing;
    },
  });
  defineFunction({
    trigger: http.post("/orders/{id}", {
      params: z.object({ id: z.coerce.number() }),
      query: z.object({ dryRun: z.stringbool().optional() }),
      body: Order,
    }),
    handler: async ({ params, query, body }) => {
      expectTypeOf(params).toEqualTypeOf<{ id: number }>();
      expectTypeOf(query).toEqualTypeOf<{ dryRun?: boolean | undefined }>();
      expectTypeOf(body).toEqualTypeOf<Order>();
      return { id: params.id };
    },
  });
});

test("message data is typed by the schema, one message or the batch", () => {
  defineFunction({
    trigger: queue("orders", { message: Order }),
    handler: (message) => expectTypeOf(message).toEqualTypeOf<Message<Order>>(),
  });
  defineFunction({
    trigger: queue("orders", { message: Order, batch: true }),
    handler: (messages) => {
      expectTypeOf(messages).toEqualTypeOf<readonly Message<Order>[]>();
      return messages.map(() => undefined);
    },
  });
  defineFunction({
    trigger: queue("orders", { batch: true }),
    // @ts-expect-error a batch handler returns outcomes, not numbers
    handler: (messages) => messages.length,
  });
  defineFunction({
    trigger: topic("orders"),
    handler: ({ data, subject }) => {
      expectTypeOf(data).toEqualTypeOf<unknown>();
      expectTypeOf(subject).toEqualTypeOf<string | undefined>();
    },
  });
  defineFunction({
    trigger: stream("clicks", { record: Order }),
    handler: (record) => expectTypeOf(record).toEqualTypeOf<StreamRecord<Order>>(),
  });
});

test("documents, bus data, direct input and output are typed by their schemas", () => {
  defineFunction({
    trigger: changes("orders", { document: Order }),
    handler: (change) => expectTypeOf(change).toEqualTypeOf<ChangeEvent<Order>>(),
  });
  defineFunction({
    trigger: bus("shop", { data: Order }),
    handler: (event) => expectTypeOf(event).toEqualTypeOf<BusEvent<Order>>(),
  });
  defineFunction({
    trigger: direct({ input: Order, output: z.object({ total: z.number() }) }),
    handler: ({ input }) => {
      expectTypeOf(input).toEqualTypeOf<Order>();
      return { total: input.quantity };
    },
  });
  defineFunction({
    trigger: direct({ output: z.object({ total: z.number() }) }),
    // @ts-expect-error the output schema wants a total
    handler: () => ({ sum: 1 }),
  });
  defineFunction({
    trigger: schedule("0 2 * * *"),
    handler: (tick) => expectTypeOf(tick.scheduledAt).toEqualTypeOf<Date | undefined>(),
  });
  defineFunction({
    trigger: storage("images"),
    handler: (object) => expectTypeOf(object.key).toEqualTypeOf<string>(),
  });
});

test("middleware is typed by its trigger", () => {
  const timed: Middleware<"http"> = async (event, _ctx, next) => {
    expectTypeOf(event.params).toEqualTypeOf<Readonly<Record<string, string>>>();
    const reply = await next();
    expectTypeOf(reply.status).toEqualTypeOf<number>();
    return reply;
  };
  defineFunction({ trigger: http.get("/a/{b}"), use: [timed], handler: ({ params }) => params.b });
  defineFunction({
    trigger: queue("orders"),
    // @ts-expect-error HTTP middleware does not fit a queue
    use: [timed],
    handler: () => {},
  });
});

test("one declaration types every function that shares it, wherever their handlers stand", () => {
  const orders = queue("orders", {
    message: z.object({ at: z.string().transform((text) => new Date(text)) }),
  });
  const data = (message: EventOf<typeof orders>) => message.data;
  expectTypeOf(data).returns.toEqualTypeOf<{ at: Date }>();
  const first = defineFunction({ trigger: orders, handler: data });
  const options = { trigger: orders, handler: data } satisfies FunctionOptions<typeof orders>;
  expectTypeOf(defineFunction(options)).toEqualTypeOf(first);
  expectTypeOf(first).toExtend<AnyFunction>();
});

test("transforms, unions, optional and asynchronous schemas keep their types", () => {
  const Text = z.string().transform(Number);
  const Change = z.union([
    z.object({ on: z.literal(true), by: z.string() }),
    z.object({ on: z.literal(false) }),
  ]);
  defineFunction({
    trigger: topic("changes", { message: Change.optional() }),
    handler: ({ data }) => (data?.on ? expectTypeOf(data.by).toEqualTypeOf<string>() : undefined),
  });
  defineFunction({
    trigger: direct({ input: Text, output: z.object({ total: Text }) }),
    handler: async ({ input }) => {
      expectTypeOf(input).toEqualTypeOf<number>();
      // What the schema takes, not what it gives.
      return { total: "5" };
    },
  });
  defineFunction({
    trigger: stream("clicks", { record: z.string().refine(async () => true), batch: true }),
    handler: (records) => void expectTypeOf(records).toEqualTypeOf<readonly StreamRecord<string>[]>(),
  });
});

test("a factory may be generic in its schema's type", () => {
  function consume<T>(name: string, message: Schema<unknown, T>, handle: (data: T) => void) {
    return defineFunction({ trigger: queue(name, { message }), handler: ({ data }) => handle(data) });
  }
  consume("orders", Order, (order) => expectTypeOf(order).toEqualTypeOf<Order>());
});

test("middleware of no particular trigger fits each, alone and in a shared list", () => {
  const timed: Middleware = (_event, _ctx, next) => next();
  const both: Middleware<"queue" | "topic"> = (_event, _ctx, next) => next();
  const shared = [timed, both] as const;
  defineFunction({ trigger: queue("orders"), use: shared, handler: () => {} });
  defineFunction({ trigger: topic("orders"), use: [...shared], handler: () => {} });
  defineFunction({ trigger: http.get("/a"), use: [timed], handler: () => "a" });
  // @ts-expect-error it does not fit HTTP
  defineFunction({ trigger: http.get("/a"), use: [both], handler: () => "a" });
});

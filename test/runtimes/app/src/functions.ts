import { appendFileSync } from "node:fs";
import {
  bus,
  type Context,
  changes,
  DeadLetter,
  defineFunction,
  direct,
  HttpError,
  http,
  queue,
  Retry,
  reply,
  schedule,
  storage,
  stream,
  topic,
} from "@anyfn/core";
import { z } from "zod";

/** Writes what a handler saw where the test can read it. */
function record(ctx: Context, seen: Readonly<Record<string, unknown>>): void {
  const file = ctx.env.RECORD_FILE;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(seen)}\n`);
}

const Job = z.object({
  task: z.string(),
  fate: z.enum(["done", "throw", "retry", "dead-letter"]).default("done"),
});
type Job = z.infer<typeof Job>;

function meet({ fate, task }: Job): void {
  if (fate === "throw") throw new Error(`"${task}" failed`);
  if (fate === "retry") throw new Retry("later", { after: 5 });
  if (fate === "dead-letter") throw new DeadLetter("never");
}

/** Tells everything about a request that does not depend on where it arrived. */
export const echo = defineFunction({
  trigger: http.any("/echo/{name}/{rest+}"),
  handler: async (event) => ({
    method: event.method,
    path: event.path,
    params: event.params,
    query: [...event.query],
    cookies: { ...event.cookies },
    type: event.headers["content-type"],
    custom: event.headers["x-custom"],
    body: Buffer.from(await event.bytes()).toString("base64"),
  }),
});

export const binary = defineFunction({
  trigger: http.post("/binary"),
  handler: ({ body }) => reply(body ?? new Uint8Array(), { headers: { "content-type": "image/png" } }),
});

export const cookies = defineFunction({
  trigger: http.get("/cookies"),
  handler: () =>
    reply("two cookies", {
      cookies: [
        { name: "a", value: "1; x", path: "/", expires: new Date("2030-01-02T03:04:05Z") },
        { name: "b", value: "YWJj==", path: "/", httpOnly: true, sameSite: "Lax" },
      ],
      headers: { link: "</a>; rel=next, </b>; rel=prev", vary: ["accept", "origin"] },
    }),
});

export const streamed = defineFunction({
  trigger: http.get("/streamed"),
  handler: async function handle() {
    return reply(pieces(), { headers: { "content-type": "text/plain; charset=utf-8" } });
  },
});

async function* pieces(): AsyncGenerator<string> {
  for (const piece of ["one ", "two ", "three"]) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    yield piece;
  }
}

export const validated = defineFunction({
  trigger: http.post("/validated/{id}", {
    params: z.object({ id: z.coerce.number().int() }),
    query: z.object({ tag: z.enum(["a", "b"]) }),
    body: z.object({ sku: z.string(), quantity: z.int().positive() }),
  }),
  handler: ({ params, query, body }) => ({ ...params, ...query, ...body }),
});

export const failing = defineFunction({
  trigger: http.get("/failing/{how}"),
  handler: ({ params }) => {
    if (params.how === "teapot") throw new HttpError(418, "I am a teapot.", { extensions: { pot: "short" } });
    if (params.how === "status") return reply("never", { status: 99 });
    if (params.how === "empty") return undefined;
    throw new Error("secret detail");
  },
});

export const webResponse = defineFunction({
  trigger: http.put("/response"),
  handler: async ({ request }) =>
    new Response(`${request.method} ${await request.text()}`, {
      status: 202,
      headers: { "x-made-by": "fetch" },
    }),
});

export const cross = defineFunction({
  trigger: http.get("/cross", { cors: { origins: ["https://shop.example"], credentials: true, maxAge: 60 } }),
  handler: () => ({ crossed: true }),
});

export const consume = defineFunction({
  trigger: queue("jobs", { message: Job }),
  handler: (message, ctx) => {
    record(ctx, {
      id: message.id,
      data: message.data,
      text: message.text(),
      deliveryCount: message.deliveryCount,
    });
    meet(message.data);
  },
});

export const subscribe = defineFunction({
  trigger: topic("news", { message: Job }),
  handler: (message, ctx) => {
    record(ctx, {
      id: message.id,
      data: message.data,
      attributes: { ...message.attributes },
      at: message.enqueuedAt,
    });
    meet(message.data);
  },
});

export const nightly = defineFunction({
  trigger: schedule("0 2 * * *"),
  handler: (tick, ctx) => record(ctx, { scheduledAt: tick.scheduledAt }),
});

export const resize = defineFunction({
  trigger: storage("images", { prefix: "raw/" }),
  handler: ({ action, bucket, key, size }, ctx) => record(ctx, { action, bucket, key, size }),
});

export const follow = defineFunction({
  trigger: changes("customers", {
    document: z.object({ id: z.string(), name: z.string(), count: z.number() }),
  }),
  handler: ({ action, keys, after }, ctx) => {
    record(ctx, { action, id: keys.id, after });
    if (after?.name === "throw") throw new Error("refused");
  },
});

export const read = defineFunction({
  trigger: stream("clicks", { record: Job }),
  handler: ({ data, partitionKey, time }, ctx) => {
    record(ctx, { data, partitionKey, time });
    meet(data);
  },
});

export const react = defineFunction({
  trigger: bus("shop", { types: ["order.placed"] }),
  handler: ({ id, source, type, time, data }, ctx) => record(ctx, { id, source, type, time, data }),
});

export const add = defineFunction({
  trigger: direct({
    input: z.object({ a: z.number(), b: z.number() }),
    output: z.object({ sum: z.number() }),
  }),
  handler: ({ input }) => {
    if (input.a < 0) throw new Error("no negative numbers");
    return { sum: input.a + input.b };
  },
});

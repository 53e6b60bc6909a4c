import {
  DeadLetter,
  defineFunction,
  HttpError,
  http,
  type Middleware,
  queue,
  Retry,
  reply,
} from "@anyfn/core";
import { z } from "zod";

// #region http
export const rename = defineFunction({
  trigger: http.put("/users/{id}", {
    params: z.object({ id: z.coerce.number() }),
    body: z.object({ name: z.string().min(1) }),
  }),
  handler: async ({ params, body, headers }, ctx) => {
    if (headers["if-match"] === undefined) throw new HttpError(428, "Send the version that you have read.");
    ctx.log.info("renamed", { id: params.id });
    return reply({ id: params.id, name: body.name }, { headers: { etag: '"2"' } });
  },
});
// #endregion http

// #region queue
export const charge = defineFunction({
  trigger: queue("payments", { message: z.object({ account: z.string(), cents: z.int() }) }),
  handler: async ({ id, data, deliveryCount }, { signal }) => {
    if (data.cents < 0) throw new DeadLetter("A payment cannot be negative.");
    if (!(await isOpen(data.account, signal))) throw new Retry("The bank is closed.", { after: 600 });
    await pay(id, data.cents, deliveryCount);
  },
});
// #endregion queue

// #region middleware
const timed: Middleware<"http"> = async (event, ctx, next) => {
  const started = Date.now();
  const answer = await next();
  ctx.log.info("answered", { path: event.path, status: answer.status, ms: Date.now() - started });
  return answer;
};
// #endregion middleware

export const ping = defineFunction({ trigger: http.get("/ping"), use: [timed], handler: () => "pong" });

async function isOpen(account: string, signal: AbortSignal): Promise<boolean> {
  return account !== "closed" && !signal.aborted;
}

async function pay(_id: string, _cents: number, _deliveryCount: number | undefined): Promise<void> {}

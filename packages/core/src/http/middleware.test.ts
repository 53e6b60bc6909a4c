import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { contexts, httpEvent, type Sent } from "../../../../test/support/contexts.ts";
import { type AnyFunction, defineFunction } from "../define.ts";
import type { Middleware } from "../middleware.ts";
import { type HttpEvent, type HttpReply, http } from "../triggers/http.ts";
import { reply } from "./reply.ts";
import { compileHttp } from "./run.ts";

const { logged, contextOf } = contexts();
afterEach(() => {
  logged.length = 0;
});

async function send(definition: AnyFunction, sent: Sent = {}, ctx = contextOf()): Promise<HttpReply> {
  return compileHttp(definition).handle(httpEvent(sent), ctx);
}

function json({ body }: HttpReply): Record<string, unknown> {
  return JSON.parse(String(body));
}

describe("middleware", () => {
  const trace: string[] = [];
  beforeEach(() => {
    trace.length = 0;
  });
  const noting =
    (name: string): Middleware<"http"> =>
    async (_event, _ctx, next) => {
      trace.push(`${name} in`);
      const answer = await next();
      trace.push(`${name} out ${answer.status}`);
      return answer;
    };
  const using = (
    use: readonly Middleware<"http">[],
    handler: (event: HttpEvent) => unknown = () => "x",
  ): AnyFunction =>
    defineFunction({
      trigger: http.get("/{id}"),
      use,
      handler: (event) => {
        trace.push("handler");
        return handler(event);
      },
    });
  const sent = { url: "/7" };

  test("wraps the handler, the first outermost", async () => {
    await send(using([noting("a"), noting("b")]), sent);
    expect(trace).toEqual(["a in", "b in", "handler", "b out 200", "a out 200"]);
  });

  test("sees params, and the answer that the handler's result becomes", async () => {
    const seen: unknown[] = [];
    const looking: Middleware<"http"> = async (event, _ctx, next) => {
      seen.push({ ...event.params });
      const answer = await next();
      seen.push(answer.body, answer.headers["content-type"]);
      return answer;
    };
    await send(
      using([looking], () => ({ a: 1 })),
      sent,
    );
    expect(seen).toEqual([{ id: "7" }, '{"a":1}', "application/json"]);
  });

  test("may answer in the handler's place, with anything that a handler may return", async () => {
    const answering: Middleware<"http"> = () => ({ instead: true });
    const answer = await send(using([noting("a"), answering]), sent);
    expect(json(answer)).toEqual({ instead: true });
    expect(trace).toEqual(["a in", "a out 200"]);
  });

  test("may change the answer, and is held to what HTTP can carry", async () => {
    const adding =
      (value: string): Middleware<"http"> =>
      async (_event, _ctx, next) => {
        const answer = await next();
        answer.headers["x-a"] = value;
        return answer;
      };
    expect((await send(using([adding("1")]), sent)).headers["x-a"]).toBe("1");
    expect((await send(using([adding("1\r\nb: c")]), sent)).status).toBe(500);
  });

  test("may catch what the handler throws", async () => {
    const catching: Middleware<"http"> = async (_event, _ctx, next) => {
      try {
        return await next();
      } catch {
        return reply("caught", { status: 418 });
      }
    };
    const failing = using([catching], () => {
      throw new Error("no");
    });
    expect(await send(failing, sent)).toMatchObject({ status: 418, body: "caught" });
    expect(logged).toEqual([]);
  });

  test("must not call next() twice", async () => {
    const handler = vi.fn(() => "x");
    const twice: Middleware<"http"> = async (_event, _ctx, next) => {
      await next();
      return next();
    };
    expect((await send(using([twice], handler), sent)).status).toBe(500);
    expect(handler).toHaveBeenCalledOnce();
    expect(logged[0]?.fields).toMatchObject({
      error: { message: "A middleware called next() twice. Call it once." },
    });
  });

  test("two requests at once do not meet", async () => {
    const definition = compileHttp(using([noting("a")], async ({ params }) => params.id));
    const answers = await Promise.all(
      ["1", "2", "3"].map((id) => definition.handle(httpEvent({ url: `/${id}` }), contextOf())),
    );
    expect(answers.map(({ body }) => body)).toEqual(["1", "2", "3"]);
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { contexts, httpEvent, type Sent } from "../../../../test/support/contexts.ts";
import { type AnyFunction, defineFunction } from "../define.ts";
import { AnyfnError, HttpError } from "../errors.ts";
import { type HttpReply, http } from "../triggers/http.ts";
import { queue } from "../triggers/queue.ts";
import { reply } from "./reply.ts";
import { acceptsMethod, compileHttp } from "./run.ts";

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

describe("what the handler never sees", () => {
  const handler = vi.fn(() => "handled");
  const definition = defineFunction({ trigger: http.get("/orders/{id}"), handler });
  beforeEach(() => {
    handler.mockClear();
  });

  test.each<[Sent, number, Record<string, string>]>([
    [{ url: "/other" }, 404, {}],
    [{ url: "/orders/7", method: "POST" }, 405, { allow: "GET, HEAD" }],
    [{ url: "/orders/7", method: "TRACE" }, 405, { allow: "GET, HEAD" }],
    [{ url: "/orders/%zz" }, 400, {}],
    [{ url: "/orders/%zz", method: "POST" }, 405, { allow: "GET, HEAD" }],
    [
      { url: "/orders/7", method: "OPTIONS", headers: { "access-control-request-method": "GET" } },
      405,
      { allow: "GET, HEAD" },
    ],
  ])("%j is %i", async (sent, status, headers) => {
    const answer = await send(definition, sent);
    expect(answer).toMatchObject({
      status,
      headers: { "content-type": "application/problem+json", ...headers },
    });
    expect(json(answer)).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
    expect(handler).not.toHaveBeenCalled();
    expect(logged).toEqual([]);
  });

  test("TRACE and CONNECT are refused by a function of every method, and no method is named", async () => {
    const any = defineFunction({ trigger: http.any("/"), handler });
    expect((await send(any, { method: "PROPFIND" })).status).toBe(200);
    const refused = await send(any, { method: "TRACE" });
    expect(refused.status).toBe(405);
    expect(refused.headers).not.toHaveProperty("allow");
    expect([acceptsMethod(["*"], "CONNECT"), acceptsMethod(["*"], "GET")]).toEqual([false, true]);
    expect([
      acceptsMethod(["*"], ""),
      acceptsMethod(["*"], "GE T"),
      acceptsMethod(["*"], "PROPFIND"),
    ]).toEqual([false, false, true]);
  });

  test("a function of another trigger", () => {
    const other = defineFunction({ trigger: queue("jobs"), handler });
    expect(() => compileHttp(other)).toThrow(
      'A function with a "queue" trigger cannot answer HTTP requests.',
    );
  });
});

describe("errors", () => {
  const failing = (thrown: unknown): AnyFunction =>
    defineFunction({
      trigger: http.get("/"),
      handler: () => {
        throw thrown;
      },
    });

  test("an HttpError speaks for itself and is not logged", async () => {
    const error = new HttpError(409, "Taken.", {
      headers: { "Retry-After": "5" },
      extensions: { taken: "x" },
    });
    const answer = await send(failing(error));
    expect(answer).toMatchObject({
      status: 409,
      headers: { "retry-after": "5", "content-type": "application/problem+json" },
    });
    expect(json(answer)).toEqual({ title: "Conflict", status: 409, detail: "Taken.", taken: "x" });
    expect(logged).toEqual([]);
  });

  test("one of another copy of the package is told by its code", async () => {
    const foreign = Object.assign(new Error("Gone."), {
      code: "http",
      status: 410,
      headers: {},
      extensions: {},
    });
    expect((await send(failing(foreign))).status).toBe(410);
  });

  test.each([
    ["headers", new HttpError(400, "d", { headers: { "x-a": "a\r\nb: c" } })],
    ["extensions", new HttpError(400, "d", { extensions: { big: 1n } })],
  ])("one whose %s cannot be sent is a 500", async (_what, error) => {
    const answer = await send(failing(error));
    expect(answer.status).toBe(500);
    expect(logged).toHaveLength(1);
  });

  test.each([
    [new Error("secret")],
    ["secret"],
    [undefined],
    [{ secret: 1 }],
    [new AnyfnError("invalid-answer", "secret")],
  ])("%s is a 500 with the request id, logged once", async (thrown) => {
    const answer = await send(failing(thrown));
    expect(answer).toMatchObject({ status: 500, headers: { "x-request-id": "i-1" } });
    expect(json(answer)).toEqual({
      title: "Internal Server Error",
      status: 500,
      detail: "The function failed.",
      requestId: "i-1",
    });
    expect(logged).toEqual([
      { level: "error", message: "The handler failed.", fields: { error: expect.any(Error) } },
    ]);
  });

  test("an error that is returned counts as thrown", async () => {
    const returning = (error: Error) => defineFunction({ trigger: http.get("/"), handler: () => error });
    expect((await send(returning(new Error("secret")))).status).toBe(500);
    expect((await send(returning(new HttpError(409, "taken")))).status).toBe(409);
  });

  test("a rejection and an answer that cannot be sent are the same", async () => {
    const rejecting = defineFunction({
      trigger: http.get("/"),
      handler: () => Promise.reject(new Error("no")),
    });
    const unsendable = defineFunction({ trigger: http.get("/"), handler: async () => ({ big: 1n }) });
    expect((await send(rejecting)).status).toBe(500);
    expect((await send(unsendable)).status).toBe(500);
  });
});

describe("the deadline", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("a handler that is not done is answered with 504", async () => {
    const hanging = defineFunction({ trigger: http.get("/"), handler: () => new Promise(() => {}) });
    const answer = send(hanging, {}, contextOf({ deadline: Date.now() + 5000 }));
    await vi.advanceTimersByTimeAsync(4750);
    expect(await answer).toMatchObject({ status: 504, headers: { "x-request-id": "i-1" } });
    expect(json(await answer).detail).toBe("The function did not answer in time.");
    expect(logged).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("one that is done leaves no timer for more than a second", async () => {
    const quick = defineFunction({ trigger: http.get("/"), handler: async () => "done" });
    expect((await send(quick, {}, contextOf({ deadline: Date.now() + 5000 }))).body).toBe("done");
    vi.advanceTimersByTime(1000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("HEAD", () => {
  test.each<[string, () => unknown, string | undefined]>([
    ["text", () => "grüße", "7"],
    ["bytes", () => new Uint8Array(3), "3"],
    ["nothing", () => undefined, undefined],
    ["a length that is wrong", () => reply("four", { headers: { "content-length": "99" } }), "4"],
  ])("has the length of %s and no body", async (_name, handler, length) => {
    const answer = await send(defineFunction({ trigger: http.get("/"), handler }), { method: "HEAD" });
    expect(answer.body).toBeUndefined();
    expect(answer.headers["content-length"]).toBe(length);
  });

  test("lets go of a stream", async () => {
    const cancel = vi.fn();
    const definition = defineFunction({
      trigger: http.get("/"),
      handler: () => new ReadableStream({ cancel }),
    });
    const answer = await send(definition, { method: "HEAD" });
    expect(answer).toMatchObject({ status: 200, body: undefined });
    expect(answer.headers).not.toHaveProperty("content-length");
    expect(cancel).toHaveBeenCalledOnce();
  });

  test.each(["a handler", "an asynchronous handler"])(
    "lets go of a source of %s that has its own way to end",
    async (kind) => {
      const ended: string[] = [];
      const source = (end: object) => ({ [Symbol.asyncIterator]: () => end, ...end });
      const ends = [
        source({ cancel: () => void ended.push("cancelled") }),
        source({ destroy: () => void ended.push("destroyed") }),
        source({ return: () => Promise.reject(new Error("cannot")) }),
        source({
          cancel: () => {
            throw new Error("cannot");
          },
        }),
      ];
      for (const end of ends) {
        const handler = kind === "a handler" ? () => end : async () => end;
        const answer = await send(defineFunction({ trigger: http.get("/"), handler }), { method: "HEAD" });
        expect(answer).toMatchObject({ status: 200, body: undefined });
      }
      expect(ended).toEqual(["cancelled", "destroyed"]);
    },
  );

  test("has no body when it is refused", async () => {
    const definition = defineFunction({ trigger: http.get("/"), handler: () => "x" });
    expect(await send(definition, { method: "HEAD", url: "/other" })).toMatchObject({
      status: 404,
      body: undefined,
    });
  });
});

import { bus, type Context, direct, HttpError, schedule, storage, topic } from "@anyfn/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { deploy } from "../../../test/support/azure-app.ts";
import { answerOf, app, define, json, post } from "../../../test/support/azure-function.ts";
import type { AzureSettings } from "./index.ts";

describe("web hook", () => {
  const settings: AzureSettings = {
    buses: { shop: { source: "event-grid-webhook", origins: ["eventgrid.azure.us"] } },
  };
  const cloudEvent = (id: string) => ({ specversion: "1.0", id, source: "/s", type: "t", data: { n: 1 } });
  const structured = { "content-type": "application/cloudevents+json; charset=utf-8" };
  const batch = { "content-type": "application/cloudevents-batch+json" };

  it("allows named origins alone", async () => {
    const { invoke, seen } = app(bus("shop"), settings);
    const ask = (origin: string) =>
      answerOf(
        invoke(post("", { "webhook-request-origin": origin, "webhook-request-rate": "120" }, "OPTIONS")),
      );
    expect(await ask("eventgrid.azure.us")).toMatchObject({
      status: "200",
      headers: { "webhook-allowed-origin": "eventgrid.azure.us", "webhook-allowed-rate": "120" },
    });
    const refused = await ask("eventgrid.azure.net");
    expect(refused.status).toBe("403");
    expect(refused.headers).not.toHaveProperty("webhook-allowed-origin");
    expect(seen).toEqual([]);
  });

  it("handles every event of a delivery, and answers once that one failed", async () => {
    const { seen, invoke } = app<{ id: string }>(bus("shop"), settings, ({ id }) => {
      if (id === "1") throw new Error("secret");
    });
    const answer = await answerOf(invoke(post([cloudEvent("1"), cloudEvent("2")], batch)));
    expect(answer.status).toBe("500");
    expect(answer.text).not.toContain("secret");
    expect(seen.map(({ id }) => id)).toEqual(["1", "2"]);
    expect((await answerOf(invoke(post(cloudEvent("3"), structured)))).status).toBe("200");
  });

  it.each([
    ["{", {}],
    ["{", structured],
    [{ Records: [] }, {}],
    [[{ specversion: "1.0" }], batch],
    [[{ specversion: "1.0" }, null], {}],
  ])("answers 400 to %o", async (body, headers) => {
    const { seen, invoke } = app(bus("shop"), settings);
    expect((await answerOf(invoke(post(body, headers)))).status).toBe("400");
    expect(seen).toEqual([]);
  });

  it.each([[batch], [{}]])(
    "handles the others where one cannot be read, and answers 500 (%o)",
    async (headers) => {
      const { seen, invoke } = app<{ id: string }>(bus("shop"), settings);
      const delivery = [cloudEvent("1"), { ...cloudEvent("2"), source: 5 }, cloudEvent("3")];
      expect((await answerOf(invoke(post(delivery, headers)))).status).toBe("500");
      expect(seen.map(({ id }) => id)).toEqual(["1", "3"]);
    },
  );

  it("takes note of a deleted subscription", async () => {
    const { seen, invoke } = app(storage("images"), {
      storage: { images: { source: "event-grid-webhook" } },
    });
    const deleted = {
      id: "1",
      topic: "/t",
      subject: "",
      eventType: "Microsoft.EventGrid.SubscriptionDeletedEvent",
      eventTime: "2026-01-01T00:00:00Z",
      data: { eventSubscriptionId: "/s" },
    };
    const answer = await answerOf(invoke(post([deleted], { "aeg-event-type": "SubscriptionDeletion" })));
    expect(answer.status).toBe("200");
    expect(seen).toEqual([]);
  });

  it("serves topics", async () => {
    const { seen, invoke } = app(topic("news"), { topics: { news: { source: "event-grid-webhook" } } });
    const event = {
      ...cloudEvent("1"),
      subject: "s",
      data: "just text",
      traced: "yes",
      time: "2026-01-01T00:00:00Z",
    };
    expect((await answerOf(invoke(post(event, structured)))).status).toBe("200");
    expect(seen[0]).toMatchObject({
      id: "1",
      subject: "s",
      topic: "/s",
      data: "just text",
      enqueuedAt: new Date("2026-01-01T00:00:00Z"),
    });
    expect(seen[0]?.attributes).toEqual({ traced: "yes", type: "t", source: "/s" });
  });
});

describe("schedule", () => {
  it.each([
    [
      "the tick itself",
      { Last: "2020-01-01T00:00:00Z", Next: "2020-01-02T00:00:00+00:00" },
      new Date("2020-01-02T00:00:00Z"),
    ],
    [
      "the last one when started by hand",
      { Last: "2020-01-01T00:00:00Z", Next: "2999-01-01T00:00:00Z" },
      new Date("2020-01-01T00:00:00Z"),
    ],
    ["none before the first", { Last: "0001-01-01T00:00:00", Next: "2999-01-01T00:00:00Z" }, undefined],
  ])("names %s", async (_name, ScheduleStatus, scheduledAt) => {
    const { name, seen, invoke } = app<{ scheduledAt?: Date; name?: string }>(schedule("0 2 * * *"));
    await invoke(json({ ScheduleStatus, IsPastDue: false }));
    expect(seen[0]).toMatchObject({ scheduledAt, name });
  });

  it("refuses what is no tick", async () => {
    await expect(app(schedule("0 2 * * *")).invoke(json({ orders: 1 }))).rejects.toMatchObject({
      code: "unknown-payload",
    });
  });
});

describe("direct", () => {
  const add = direct({ input: z.object({ a: z.number() }), output: z.object({ sum: z.number() }) });

  it.each<[string, unknown, (event: { input: { a: number } }) => unknown, string, object]>([
    ["an output", { a: 1 }, ({ input }) => ({ sum: input.a + 1 }), "200", { sum: 2 }],
    ["refused input", { a: "x" }, () => ({ sum: 0 }), "400", { status: 400 }],
    ["text that is no JSON", "{", () => ({ sum: 0 }), "400", { detail: "The body is not valid JSON." }],
    ["refused output", { a: 1 }, () => ({ sum: "x" }), "500", { requestId: "invocation-1" }],
    [
      "an error",
      { a: 1 },
      () => {
        throw new Error("secret");
      },
      "500",
      { detail: "The function failed." },
    ],
    [
      "an HttpError",
      { a: 1 },
      () => {
        throw new HttpError(409, "Busy.");
      },
      "409",
      { detail: "Busy." },
    ],
  ])("answers with %s", async (_name, body, react, status, expected) => {
    const answer = await answerOf(app(add, {}, react).invoke(post(body)));
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject(expected);
    expect(answer.text).not.toContain("secret");
  });

  it("has the caller's trace, and input behind a byte order mark", async () => {
    const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const echo = ({ input }: { input: unknown }, { trace }: Context) => ({
      input,
      parent: trace?.traceparent,
    });
    const { invoke } = app(direct(), {}, echo);
    const answer = await answerOf(invoke(post('\ufeff{"a":1}', { traceparent: parent })));
    expect(answer.json()).toEqual({ input: { a: 1 }, parent });
  });

  it("is an activity of Durable Functions where the settings say so", async () => {
    const handler = ({ input }: { input: { a: number } }): unknown => {
      if (input.a < 0) throw new Error("negative");
      return { sum: input.a + 1 };
    };
    const deployed = deploy(define(add, handler as never, { name: "add" }), {
      direct: { add: { source: "activity" } },
    });
    expect(deployed.trigger("add")).toMatchObject({ type: "activityTrigger" });
    expect(await deployed.invoke("add", json({ a: 1 }))).toMatchObject({
      returnValue: { json: '{"sum":2}' },
    });
    await expect(deployed.invoke("add", json({ a: -1 }))).rejects.toThrow("negative");
    await expect(deployed.invoke("add", json({ a: "x" }))).rejects.toMatchObject({ code: "invalid-message" });
  });

  it("answers JSON to text, and no content to nothing", async () => {
    expect((await answerOf(app(direct(), {}, () => "text").invoke(post({})))).json()).toBe("text");
    const nothing = await answerOf(app(direct(), {}, () => undefined).invoke(post("")));
    expect([nothing.status, nothing.text]).toEqual(["204", ""]);
  });
});

import type { AzureSettings } from "@anyfn/azure";
import {
  type AnyFunction,
  bus,
  type Context,
  defineFunction,
  type HttpEvent,
  queue,
  storage,
  type Trigger,
} from "@anyfn/core";
import { describe, expect, it } from "vitest";
import type { AzureInvocation, RpcTypedData } from "../runtimes/hosts/azure/rpc.ts";
import { deploy } from "../support/azure-app.ts";
import {
  type Expectation,
  type Facts,
  type PlainHttp,
  sendHttp,
  sendInQueue,
  sendWorker,
} from "./azure/delivery.ts";
import { GRID } from "./azure/grid.ts";
import { HTTP } from "./azure/http.ts";
import { LISTS, MESSAGES } from "./azure/messages.ts";
import { type Fixture, readFixtures } from "./fixtures.ts";

const EXPECTED: Readonly<Record<string, Expectation>> = { ...HTTP, ...GRID, ...MESSAGES };
const images = storage("images", { on: ["created", "deleted", "archived", "metadata"] });
const shop = bus("shop");
const webhookBus: AzureSettings = { buses: { shop: { source: "event-grid-webhook" } } };

let count = 0;

/** Deploys a function that notes what it sees, and sends one invocation to it. */
async function run(
  { trigger, settings }: Pick<Expectation, "trigger" | "settings">,
  invocation: AzureInvocation,
) {
  const seen: Facts[] = [];
  const handler = async (event: unknown, ctx: Context): Promise<void> => {
    for (const one of Array.isArray(event) ? event : [event]) seen.push(await viewOf(one, trigger.kind, ctx));
  };
  const name = `function-${++count}`;
  const definition = defineFunction({ trigger: trigger as Trigger<"queue">, handler, name }) as AnyFunction;
  const result = await deploy(definition, settings).invoke(name, invocation);
  return { seen, result };
}

/** A flat view of an event; headers of a request are members called `header:<name>`. */
async function viewOf(event: unknown, kind: string, ctx: Context): Promise<Facts> {
  const shared = { traceId: ctx.trace?.traceId, attempt: ctx.attempt };
  if (kind === "http") return { ...shared, ...(await viewOfRequest(event as HttpEvent)) };
  const { data, enqueuedAt, text } = event as { data?: unknown; enqueuedAt?: Date; text?: () => string };
  return { ...shared, ...(event as object), data, enqueuedAt, text: text?.call(event) };
}

async function viewOfRequest(event: HttpEvent): Promise<Facts> {
  const { method, url, path, params, clientIp, body, headers } = event;
  const isForm = /form/.test(headers["content-type"] ?? "");
  const form = isForm
    ? [...(await event.formData())].map(([name, value]) => [name, fieldOf(value)])
    : undefined;
  return {
    ...{ method, url, path, clientIp, form },
    params: { ...params },
    query: [...event.query],
    body: body === undefined ? undefined : Buffer.from(body).toString(),
    bytes: body === undefined ? undefined : [...body],
    ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [`header:${name}`, value])),
  };
}

function fieldOf(value: string | File): unknown {
  return typeof value === "string" ? value : { file: value.name, type: value.type, size: value.size };
}

const fixtures: readonly Fixture[] | undefined = readFixtures("azure");

describe.runIf(fixtures !== undefined)("azure", () => {
  const all = fixtures ?? [];

  it("has an expectation for every payload, and no other", () => {
    const known = [...Object.keys(EXPECTED), ...Object.keys(LISTS)].sort();
    expect(known).toEqual(all.map(({ path }) => path).sort());
  });

  it.each(all.filter(({ path }) => path in EXPECTED))("$path", async ({ path, load }) => {
    const expected = EXPECTED[path] as Expectation;
    const send = (expected.send ?? sendWorker) as (fixture: unknown) => AzureInvocation;
    const running = run(expected, send(load()));
    if (expected.error !== undefined) {
      await expect(running).rejects.toMatchObject({ code: expected.error, provider: "azure" });
      return;
    }
    const { seen } = await running;
    expect(seen).toHaveLength(expected.events?.length ?? 0);
    for (const [index, facts] of (expected.events ?? []).entries()) expect(seen[index]).toMatchObject(facts);
  });

  it.each(all.filter(({ path }) => path in LISTS))("$path", async ({ path, load }) => {
    for (const [index, data] of (load() as RpcTypedData[]).entries()) {
      const { seen } = await run({ trigger: queue("orders") }, sendInQueue(data));
      expect(seen[0]).toMatchObject(LISTS[path]?.[index] ?? {});
    }
  });

  it.each(all.filter(({ path }) => /event-grid\/blob-|event-grid\/.*blob-created/.test(path)))(
    "$path through a web hook",
    async ({ path, load }) => {
      const settings: AzureSettings = { storage: { images: { source: "event-grid-webhook" } } };
      const body = JSON.stringify(load());
      const batch = Array.isArray(load()) ? "-batch" : "";
      const type = body.includes('"eventType"') ? "application/json" : `application/cloudevents${batch}+json`;
      const headers = { "content-type": type };
      const { seen, result } = await run(
        { trigger: images, settings },
        sendHttp({ method: "POST", path: "/hook", headers, body }),
      );
      expect(result).toMatchObject({ ok: true, returnValue: { http: { statusCode: "200" } } });
      const events = EXPECTED[path]?.events ?? [];
      expect(seen).toHaveLength(events.length);
      for (const [index, facts] of events.entries()) expect(seen[index]).toMatchObject(facts);
    },
  );

  it("answers the handshakes", async () => {
    const byPath = (path: string) => all.find((fixture) => fixture.path === path)?.load();
    const options = byPath("azure/event-grid/cloudevents-options-handshake.json") as PlainHttp;
    const asked = await run({ trigger: shop, settings: webhookBus }, sendHttp(options));
    expect(asked.result).toMatchObject({
      returnValue: {
        http: { statusCode: "200", headers: { "webhook-allowed-origin": "eventgrid.azure.net" } },
      },
    });
    const body = JSON.stringify(byPath("azure/event-grid/subscription-validation.json"));
    const validation = sendHttp({ method: "POST", path: "/hook", headers: {}, body });
    const { result } = await run({ trigger: shop, settings: webhookBus }, validation);
    const { http: answer } = (
      result as { returnValue: { http: { statusCode: string; body: { bytes: Uint8Array } } } }
    ).returnValue;
    expect(answer.statusCode).toBe("200");
    expect(JSON.parse(Buffer.from(answer.body.bytes).toString())).toEqual({
      validationResponse: "512d38b6-c7b8-40c8-89fe-f46f9e9622b6",
    });
  });
});

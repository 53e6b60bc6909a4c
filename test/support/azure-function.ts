import type { AzureSettings } from "@anyfn/azure";
import { type AnyFunction, type Context, defineFunction, type Message, type Trigger } from "@anyfn/core";
import type { AzureInvocation, RpcTypedData } from "../runtimes/hosts/azure/rpc.ts";
import { deploy } from "./azure-app.ts";

let count = 0;

export function define(
  trigger: Trigger,
  handler: (event: never, ctx: Context) => unknown,
  options = {},
): AnyFunction {
  return defineFunction({
    trigger: trigger as Trigger<"direct">,
    handler: handler as () => unknown,
    ...options,
  });
}

/** Deploys one function; gives what it saw beside the way in. */
export function app<Event = Message>(
  trigger: Trigger,
  settings: AzureSettings = {},
  react: (event: Event, ctx: Context) => unknown = () => {},
) {
  const name = `event-${++count}`;
  const seen: Event[] = [];
  const handler = (event: Event, ctx: Context): unknown => {
    seen.push(event);
    return react(event, ctx);
  };
  const deployed = deploy(define(trigger, handler as never, { name }), settings);
  return {
    name,
    seen,
    trigger: deployed.trigger(name),
    retry: deployed.retry(name),
    invoke: (invocation: AzureInvocation) => deployed.invoke(name, invocation),
  };
}

export const bytes = (text: string): RpcTypedData => ({ bytes: Buffer.from(text) });
export const json = (value: unknown): AzureInvocation => ({ inputData: { json: JSON.stringify(value) } });
export const queued = (data: RpcTypedData): AzureInvocation => ({
  inputData: data,
  triggerMetadata: { Id: { string: "m1" } },
});

export function post(body: unknown, headers: Record<string, string> = {}, method = "POST"): AzureInvocation {
  const nullableHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, { value }]),
  );
  const url = "https://app.test/x";
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { inputData: { http: { method, url, nullableHeaders, body: bytes(text) } } };
}

export async function answerOf(running: Promise<unknown>) {
  const { http } = (
    (await running) as {
      returnValue: { http: { statusCode: string; headers: Record<string, string>; body: RpcTypedData } };
    }
  ).returnValue;
  const text = Buffer.from(http.body.bytes ?? []).toString();
  return { status: http.statusCode, headers: http.headers, text, json: () => JSON.parse(text) as unknown };
}

import type { AzureSettings } from "@anyfn/azure";
import type { Trigger } from "@anyfn/core";
import type { AzureInvocation, RpcTypedData } from "../../runtimes/hosts/azure/rpc.ts";
import { toTypedData } from "../../support/azure-app.ts";

/** What must come out of one event. */
export type Facts = Readonly<Record<string, unknown>>;

/** A trigger, what the host sends to it for a fixture, and what the handler must see: one object an event. */
export interface Expectation {
  readonly trigger: Trigger;
  readonly settings?: AzureSettings;
  /** By default the fixture's own `inputData` and `triggerMetadata`. */
  readonly send?: (fixture: never) => AzureInvocation;
  readonly events?: readonly Facts[];
  /** Code of the error with which the invocation must fail; it does not by default. */
  readonly error?: string;
}

export interface Worker {
  readonly inputData: readonly { readonly data: unknown }[];
  readonly triggerMetadata?: Readonly<Record<string, unknown>>;
  readonly traceContext?: NonNullable<AzureInvocation["traceContext"]>;
  readonly retryContext?: NonNullable<AzureInvocation["retryContext"]>;
}

/** As the worker gets it. */
export function sendWorker({ inputData, triggerMetadata = {}, ...rest }: Worker): AzureInvocation {
  const metadata = toTypedData(triggerMetadata) as Record<string, RpcTypedData>;
  return { ...rest, inputData: toTypedData(inputData[0]?.data ?? {}), triggerMetadata: metadata };
}

/** A value with the metadata of a Storage Queue's message around it. */
export const sendInQueue = (data: RpcTypedData): AzureInvocation => ({
  inputData: data,
  triggerMetadata: { Id: { string: "q-1" }, DequeueCount: { json: "1" } },
});

export const sendTyped = (data: unknown): AzureInvocation => ({ inputData: toTypedData(data) });
export const sendJson = (value: unknown): AzureInvocation => ({ inputData: { json: JSON.stringify(value) } });

export interface PlainHttp {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const sendHttp = ({ method, path, headers, body }: PlainHttp): AzureInvocation => ({
  inputData: {
    http: {
      method,
      url: `https://app.azurewebsites.net${path}`,
      nullableHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }])),
      body: { bytes: Buffer.from(body) },
    },
  },
});

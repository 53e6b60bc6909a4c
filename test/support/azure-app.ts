import { createRequire } from "node:module";
import { type AzureApp, type AzureSettings, register } from "@anyfn/azure";
import { provideCore } from "../runtimes/hosts/azure/core.ts";
import type { AzureInvocation, AzureResult, RpcTypedData } from "../runtimes/hosts/azure/rpc.ts";

const core = provideCore(() => {});
// The library asks for its core with `require` when the first function is registered.
const { app } = createRequire(import.meta.url)("@azure/functions") as { app: AzureApp };

/** Functions that were registered with the genuine library. */
export interface Deployed {
  /** What the host reads of a function's trigger. */
  trigger(name: string): Readonly<Record<string, unknown>>;
  /** When the host runs a function's failed invocations again. */
  retry(name: string): Readonly<Record<string, unknown>> | undefined;
  /** Runs a function as the host does; rejects with what it throws. */
  invoke(name: string, invocation: AzureInvocation): Promise<AzureResult>;
}

/** Registers functions, whose names must be new in this process. */
export function deploy(functions: Parameters<typeof register>[1], settings: AzureSettings = {}): Deployed {
  register(app, functions, settings);
  const find = (name: string) => {
    const found = core.functions.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`"${name}" is not registered.`);
    return found;
  };
  const trigger = (name: string) =>
    find(name).bindings.find(({ direction }) => direction === "in") ?? { name: "" };
  return {
    trigger,
    retry: (name) => find(name).retryOptions,
    invoke: async (name, { inputData, invocationId = "invocation-1", ...rest }) => {
      const inputs = [{ name: trigger(name).name, data: inputData }];
      return core.invoke({ ...rest, invocationId, functionId: find(name).functionId, inputData: inputs });
    },
  };
}

/** The worker's form of values that a fixture holds as JSON, in which bytes are base64. */
export function toTypedData(data: unknown): RpcTypedData {
  return revive(data) as RpcTypedData;
}

/** Every value as the JSON text of itself: what the worker would have to get for the library to give this view. */
export function toMetadata(view: Readonly<Record<string, unknown>>): Record<string, RpcTypedData> {
  return Object.fromEntries(
    Object.entries(view).map(([name, value]) => [name, { json: JSON.stringify(value) }]),
  );
}

function revive(value: unknown, key = ""): unknown {
  if (key === "bytes" && typeof value === "string") return Buffer.from(value, "base64");
  if (key === "bytes" && Array.isArray(value))
    return value.map((item) => Buffer.from(String(item), "base64"));
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, revive(item, name)]));
}

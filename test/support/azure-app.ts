import { createRequire } from "node:module";
import { type AzureApp, type AzureSettings, register } from "@anyfn/azure";
import { provideCore } from "../runtimes/hosts/azure/core.ts";
import type {
  AzureFunction,
  AzureInvocation,
  AzureLog,
  AzureResult,
  RpcTypedData,
} from "../runtimes/hosts/azure/rpc.ts";

const sinks = new Map<string, (log: AzureLog) => void>();
const core = provideCore((log) => sinks.get(log.invocationId ?? "")?.(log));
// The library asks for its core with `require` when the first function is registered.
const { app } = createRequire(import.meta.url)("@azure/functions") as { app: AzureApp };

/** Functions that were registered with the genuine library. */
export interface Deployed {
  /** A function as the host knows it. */
  describe(name: string): AzureFunction;
  /** What the host reads of a function's trigger. */
  trigger(name: string): Readonly<Record<string, unknown>>;
  /** When the host runs a function's failed invocations again. */
  retry(name: string): Readonly<Record<string, unknown>> | undefined;
  /** Runs a function as the host does; rejects with what it throws. */
  invoke(name: string, invocation: AzureInvocation, log?: (log: AzureLog) => void): Promise<AzureResult>;
}

/** Registers functions, whose names must be new in this process. */
export function deploy(functions: Parameters<typeof register>[1], settings: AzureSettings = {}): Deployed {
  register(app, functions, settings);
  const find = (name: string) => {
    const found = core.functions.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`"${name}" is not registered.`);
    return found;
  };
  // Describing every function of the process for each invocation would take most of a test's time.
  const places = new Map<string, { readonly functionId: string; readonly input: string }>();
  const placeOf = (name: string) => {
    const known = places.get(name);
    if (known !== undefined) return known;
    const place = { functionId: find(name).functionId, input: trigger(name).name };
    places.set(name, place);
    return place;
  };
  const trigger = (name: string) =>
    find(name).bindings.find(({ direction }) => direction === "in") ?? { name: "" };
  return {
    describe: find,
    trigger,
    retry: (name) => find(name).retryOptions,
    invoke: async (name, { inputData, invocationId = "invocation-1", ...rest }, log = () => {}) => {
      const { functionId, input } = placeOf(name);
      sinks.set(invocationId, log);
      return core.invoke({
        ...rest,
        invocationId,
        functionId,
        inputData: [{ name: input, data: inputData }],
      });
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

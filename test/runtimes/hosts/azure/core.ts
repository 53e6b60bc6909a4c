import Module from "node:module";
import type { AzureFunction, AzureLog, AzureResult, RpcInvocationRequest } from "./rpc.ts";

/** What `@azure/functions` registers for a function. */
interface CoreMetadata {
  readonly name: string;
  readonly functionId?: string;
  readonly bindings: Readonly<Record<string, { readonly dataType?: string }>>;
  readonly retryOptions?: Readonly<Record<string, unknown>>;
}

type Handler = (...args: unknown[]) => unknown;

/** The part of the library that runs an invocation. */
interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], handler: Handler): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<Omit<AzureResult & { ok: true }, "ok">>;
}

interface ProgrammingModel {
  getInvocationModel(core: object): InvocationModel | Promise<InvocationModel>;
  getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

/** The module `@azure/functions-core` and what was registered through it. */
export interface Core {
  readonly functions: readonly AzureFunction[];
  /** Runs the hooks of that name, in order of registration. */
  runHooks(name: string, context: object): Promise<void>;
  /** Ends the registration of functions, and asks the library for what it wants from the host. */
  lock(): Promise<Record<string, string>>;
  /** Runs one invocation in the worker's order; throws what the handler throws. */
  invoke(request: RpcInvocationRequest): Promise<AzureResult>;
}

const hookNames = ["appStart", "appTerminate", "preInvocation", "postInvocation"];
const dataTypes = ["binary", "stream", "string", "undefined"];

/**
 * Supplies `@azure/functions-core`, which is no package: the worker answers `require` for it.
 *
 * The behaviour is that of https://github.com/Azure/azure-functions-nodejs-worker/tree/v3.x/src
 */
export function provideCore(log: (log: AzureLog) => void): Core {
  const registered = new Map<string, { metadata: CoreMetadata; callback: Handler }>();
  const hooks = new Map(hookNames.map((name) => [name, [] as Handler[]]));
  const appHookData = {};
  let model: ProgrammingModel | undefined;
  let locked = false;

  const hooksOf = (name: string): Handler[] => {
    const found = hooks.get(name);
    if (!found) throw systemError(RangeError, `Unrecognized hook "${name}"`);
    return found;
  };
  const disposable = (dispose: () => void): object => ({ dispose });
  const core = {
    version: "3.10.0",
    hostVersion: "4.1040.300",
    setProgrammingModel: (given: ProgrammingModel) => {
      model = given;
    },
    getProgrammingModel: () => model,
    log: (level: string, category: string, message: string) => log({ level, category, message }),
    registerHook(name: string, callback: Handler) {
      const list = hooksOf(name);
      list.push(callback);
      return disposable(() => list.splice(list.indexOf(callback), 1));
    },
    registerFunction(metadata: CoreMetadata, callback: Handler) {
      if (locked) throw systemError(Error, "A function can only be registered during app startup.");
      const id = metadata.functionId ?? metadata.name;
      if (registered.has(id)) {
        throw systemError(Error, `A function with id "${id}" has already been registered.`);
      }
      for (const { dataType } of Object.values(metadata.bindings)) checkDataType(dataType);
      registered.set(id, { metadata, callback });
      return disposable(() => registered.delete(id));
    },
  };
  answerRequire("@azure/functions-core", core);

  const runHooks = async (name: string, context: object): Promise<void> => {
    for (const hook of hooksOf(name)) await hook(context);
  };
  return {
    get functions() {
      return [...registered].map(([functionId, { metadata }]) => describeFunction(functionId, metadata));
    },
    runHooks: (name, context) => runHooks(name, { hookData: {}, appHookData, ...context }),
    async lock() {
      const capabilities = (await model?.getCapabilities?.({ ...workerCapabilities })) ?? workerCapabilities;
      locked = true;
      return capabilities;
    },
    async invoke(request) {
      const { invocationId } = request;
      const { metadata, callback } = registered.get(request.functionId) ?? {};
      if (!metadata || !callback || !model) {
        throw systemError(
          Error,
          `Function code for '${request.functionId}' is not loaded and cannot be invoked.`,
        );
      }
      const state: { state?: string | undefined } = {};
      const invocation = await model.getInvocationModel(
        Object.assign(state, {
          invocationId,
          metadata,
          request,
          log: (level: string, category: string, message: string) =>
            log({ level, category, message, invocationId }),
        }),
      );
      const { context, inputs } = await invocation.getArguments();
      const hookContext = { hookData: {}, appHookData, invocationContext: context };
      const before = { ...hookContext, inputs, functionCallback: callback };
      await runHooks("preInvocation", before);
      const after = {
        ...hookContext,
        inputs: before.inputs,
        result: null as unknown,
        error: null as unknown,
      };
      try {
        after.result = await invocation.invokeFunction(context, before.inputs, before.functionCallback);
      } catch (error) {
        after.error = error;
      }
      state.state = "postInvocationHooks";
      await runHooks("postInvocation", after);
      state.state = undefined;
      if (after.error !== null && after.error !== undefined) throw after.error;
      const { returnValue, outputData } = await invocation.getResponse(context, after.result);
      return { ok: true, ...(returnValue !== undefined && { returnValue }), outputData };
    },
  };
}

/** https://github.com/Azure/azure-functions-nodejs-worker/blob/v3.x/src/eventHandlers/getWorkerCapabilities.ts */
const workerCapabilities: Readonly<Record<string, string>> = {
  RawHttpBodyBytes: "true",
  RpcHttpTriggerMetadataRemoved: "true",
  RpcHttpBodyOnly: "true",
  IgnoreEmptyValuedRpcHttpHeaders: "true",
  UseNullableValueDictionaryForHttp: "true",
  WorkerStatus: "true",
  TypedDataCollection: "true",
  HandlesWorkerTerminateMessage: "true",
};

function describeFunction(functionId: string, { name, bindings, retryOptions }: CoreMetadata): AzureFunction {
  const rawBindings = Object.entries(bindings).map(([key, binding]) =>
    JSON.stringify({ ...binding, name: key }),
  );
  return { name, functionId, rawBindings, bindings: rawBindings.map((raw) => JSON.parse(raw)), retryOptions };
}

/** The worker turns the word into an enum of the protocol, and fails on others. */
function checkDataType(dataType: string | null | undefined): void {
  if (dataType === undefined || dataType === null || dataTypes.includes(dataType)) return;
  throw systemError(RangeError, `Unexpected value "${dataType}" for type "CoreRpcBindingDataType"`);
}

function systemError(type: ErrorConstructor, message: string): Error {
  return Object.assign(new type(message), { isAzureFunctionsSystemError: true });
}

function answerRequire(id: string, exports: object): void {
  const prototype = Module.prototype as unknown as { require: (id: string) => unknown };
  const { require } = prototype;
  prototype.require = function (this: unknown, wanted) {
    return wanted === id ? exports : require.call(this, wanted);
  };
}

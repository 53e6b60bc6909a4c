/**
 * The host's messages to a language worker, as `@azure/functions` sees them.
 *
 * https://github.com/Azure/azure-functions-language-worker-protobuf/blob/dev/src/proto/FunctionRpc.proto
 */
export interface RpcTypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly stream?: Uint8Array;
  readonly http?: RpcHttp;
  readonly int?: number;
  readonly double?: number;
  readonly collectionBytes?: { readonly bytes: readonly Uint8Array[] };
  readonly collectionString?: { readonly string: readonly string[] };
  readonly collectionDouble?: { readonly double: readonly number[] };
  readonly collectionSint64?: { readonly sint64: readonly number[] };
}

/** A value that may be absent on the wire. */
export interface RpcNullable<T> {
  readonly value: T;
}

/** An HTTP request on its way in, or an answer on its way out. */
export interface RpcHttp {
  readonly url?: string;
  readonly method?: string;
  readonly nullableHeaders?: Readonly<Record<string, RpcNullable<string>>>;
  readonly nullableQuery?: Readonly<Record<string, RpcNullable<string>>>;
  readonly nullableParams?: Readonly<Record<string, RpcNullable<string>>>;
  readonly body?: RpcTypedData | null;
  readonly statusCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly RpcCookie[];
  readonly enableContentNegotiation?: boolean;
}

/** A cookie of an answer. */
export interface RpcCookie {
  readonly name: string;
  readonly value: string;
  readonly domain?: RpcNullable<string>;
  readonly path?: RpcNullable<string>;
  readonly expires?: RpcNullable<{ readonly seconds: number }>;
  readonly secure?: RpcNullable<boolean>;
  readonly httpOnly?: RpcNullable<boolean>;
  readonly sameSite?: "none" | "lax" | "strict" | "explicitNone";
  readonly maxAge?: RpcNullable<number>;
}

/** One binding of a function, trigger, input or output. */
export interface AzureBinding {
  readonly name: string;
  readonly type: string;
  readonly direction: "in" | "out" | "inout";
  readonly [option: string]: unknown;
}

/** A function as it registers with the host. */
export interface AzureFunction {
  readonly name: string;
  readonly functionId: string;
  /** The JSON texts the host configures its triggers from. */
  readonly rawBindings: readonly string[];
  /** The same, parsed. */
  readonly bindings: readonly AzureBinding[];
  readonly retryOptions?: Readonly<Record<string, unknown>> | undefined;
}

/** What the host sends for one invocation, besides the binding names, which it knows. */
export interface AzureInvocation {
  /** The trigger's value. */
  readonly inputData: RpcTypedData;
  /** Values of other input bindings, by binding name. */
  readonly extraInputs?: Readonly<Record<string, RpcTypedData>> | undefined;
  readonly triggerMetadata?: Readonly<Record<string, RpcTypedData>> | undefined;
  readonly traceContext?: {
    readonly traceParent?: string;
    readonly traceState?: string;
    readonly attributes?: Readonly<Record<string, string>>;
  };
  readonly retryContext?: { readonly retryCount: number; readonly maxRetryCount: number };
  readonly invocationId?: string;
}

/** A value for one output binding. */
export interface AzureOutput {
  readonly name: string;
  readonly data: RpcTypedData;
}

/** How an invocation ended. */
export type AzureResult =
  | {
      readonly ok: true;
      /** `null` or absent when the function returned nothing. */
      readonly returnValue?: RpcTypedData | null;
      readonly outputData: readonly AzureOutput[];
    }
  | { readonly ok: false; readonly error: AzureError };

/** An exception as the worker reports it. */
export interface AzureError {
  readonly message: string;
  readonly stack: string;
}

/** A line the worker sends to the host instead of writing it to its output. */
export interface AzureLog {
  readonly level: string;
  /** `user` for what the function logged, `system` for the library and the worker. */
  readonly category: string;
  readonly message: string;
  readonly invocationId?: string | undefined;
}

/** The request of one invocation, as it crosses the process boundary. */
export interface RpcInvocationRequest extends Omit<AzureInvocation, "inputData" | "extraInputs"> {
  readonly invocationId: string;
  readonly functionId: string;
  readonly inputData: readonly { readonly name: string; readonly data: RpcTypedData }[];
}

/** From the host to the worker process. */
export type ToWorker =
  | { readonly kind: "invoke"; readonly request: RpcInvocationRequest }
  | { readonly kind: "terminate" };

/** From the worker process to the host. */
export type FromWorker =
  | {
      readonly kind: "ready";
      readonly functions: readonly AzureFunction[];
      readonly capabilities: Readonly<Record<string, string>>;
    }
  | { readonly kind: "failed"; readonly error: AzureError }
  | { readonly kind: "result"; readonly invocationId: string; readonly result: AzureResult }
  | { readonly kind: "log"; readonly log: AzureLog };

import type { Context } from "@anyfn/core";

/**
 * The part of an invocation's context that this adapter reads.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-reference-node#invocation-context
 */
export interface AzureContext {
  readonly invocationId: string;
  readonly functionName: string;
  readonly retryContext?: { readonly retryCount: number; readonly maxRetryCount: number };
  readonly traceContext?: {
    readonly traceParent?: string | undefined;
    readonly traceState?: string | undefined;
  };
  /** By names with a lower-case first letter; absent for HTTP and timers. */
  readonly triggerMetadata?: AzureMetadata;
  debug(...args: unknown[]): void;
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
  error(...args: unknown[]): void;
}

/** What a trigger tells beside its value. */
export type AzureMetadata = Readonly<Record<string, unknown>>;

/** An HTTP request as `@azure/functions` hands it over. */
export interface AzureRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Iterable<[string, string]> & { get(name: string): string | null };
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A cookie of an answer; the host writes the `Set-Cookie` line. */
export interface AzureCookie {
  name: string;
  value: string;
  domain?: string;
  path?: string;
  expires?: Date;
  maxAge?: number;
  secure?: boolean;
  httpOnly?: boolean;
  sameSite?: "Strict" | "Lax" | "None";
}

/** An HTTP answer as `@azure/functions` takes it. */
export interface AzureResponse {
  status: number;
  headers: Record<string, string>;
  cookies?: AzureCookie[];
  body?: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** A timer's tick. Times carry the offset of the host, and up to seven digits of a second. */
export interface AzureTimer {
  readonly isPastDue?: boolean;
  readonly schedule?: { readonly adjustForDST?: boolean };
  readonly scheduleStatus?: {
    readonly last?: string;
    readonly next?: string;
    readonly lastUpdated?: string;
  } | null;
}

/** One message or record, and what its trigger tells beside it; in a batch `index` is its place in every list. */
export interface AzureMessage {
  /** Bytes, or what the worker made of a text: a JSON value where it is one. */
  readonly body: unknown;
  readonly triggerMetadata: AzureMetadata;
  readonly index: number;
}

/** A blob that a blob trigger read into memory. */
export interface AzureBlob {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly triggerMetadata: AzureMetadata;
}

/** An event in the Event Grid schema. */
export interface EventGridEvent {
  readonly id: string;
  readonly topic?: string;
  readonly subject: string;
  readonly eventType: string;
  readonly eventTime: string;
  readonly data?: unknown;
  readonly dataVersion?: string | null;
  readonly metadataVersion?: string | null;
}

/** An event in the CloudEvents schema, as Event Grid delivers it. */
export interface EventGridCloudEvent {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly time?: string;
  readonly data?: unknown;
  readonly [extension: string]: unknown;
}

/** Everything that `raw` of an event can be on Azure. */
export type AzureRaw =
  | AzureRequest
  | AzureTimer
  | AzureMessage
  | AzureBlob
  | EventGridEvent
  | EventGridCloudEvent
  | Readonly<Record<string, unknown>>;

/**
 * The native payload behind an event; undefined on other providers.
 *
 * @example const lockToken = azureEvent<AzureMessage>(message, ctx)?.triggerMetadata.lockToken;
 */
export function azureEvent<Raw extends AzureRaw = AzureRaw>(
  event: { readonly raw: unknown },
  ctx: Context,
): Raw | undefined {
  return ctx.provider === "azure" ? (event.raw as Raw) : undefined;
}

/** The invocation's native context, for extra inputs and outputs; undefined on other providers. */
export function azureContext(ctx: Context): AzureContext | undefined {
  return ctx.provider === "azure" ? (ctx.raw as AzureContext) : undefined;
}

/** When failed invocations run again, as the host reads it; times in milliseconds. */
export interface AzureRetry {
  readonly strategy: "exponentialBackoff";
  /** -1 for ever. */
  readonly maxRetryCount: number;
  readonly minimumInterval: number;
  readonly maximumInterval: number;
}

interface Registration {
  readonly handler: (input: unknown, context: AzureContext) => unknown;
}

interface Payloads {
  /** Makes the host send bytes; without it the worker parses whatever looks like JSON, and digits are lost. */
  readonly dataType?: "binary";
}

/** Options of `app.http`. */
export interface HttpRegistration {
  readonly route?: string;
  readonly methods?: AzureMethod[];
  readonly authLevel?: AuthLevel;
  readonly handler: (request: AzureRequest, context: AzureContext) => Promise<AzureResponse>;
}

/** Methods that an HTTP trigger can be given. */
export type AzureMethod = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

/** Which key a caller must show. */
export type AuthLevel = "anonymous" | "function" | "admin";

/** The part of `app` of `@azure/functions` that registers functions. */
export interface AzureApp {
  http(name: string, options: HttpRegistration): void;
  timer(
    name: string,
    options: Registration & { readonly schedule: string; readonly retry?: AzureRetry },
  ): void;
  storageQueue(
    name: string,
    options: Registration & Payloads & { readonly queueName: string; readonly connection: string },
  ): void;
  serviceBusQueue(name: string, options: ServiceBusRegistration & { readonly queueName: string }): void;
  serviceBusTopic(
    name: string,
    options: ServiceBusRegistration & { readonly topicName: string; readonly subscriptionName: string },
  ): void;
  storageBlob(
    name: string,
    options: Registration &
      Payloads & { readonly path: string; readonly connection: string; readonly source?: "EventGrid" },
  ): void;
  eventGrid(name: string, options: Registration): void;
  eventHub(
    name: string,
    options: Registration &
      Payloads & {
        readonly eventHubName: string;
        readonly connection: string;
        readonly consumerGroup?: string;
        readonly cardinality?: "one" | "many";
        readonly retry?: AzureRetry;
      },
  ): void;
  cosmosDB(
    name: string,
    options: Registration & {
      readonly connection: string;
      readonly databaseName: string;
      readonly containerName: string;
      readonly leaseContainerName?: string;
      readonly leaseContainerPrefix?: string;
      readonly maxItemsPerInvocation?: number;
      readonly retry?: AzureRetry;
    },
  ): void;
  generic(
    name: string,
    options: Registration & {
      readonly trigger: { type: string; name: string; [option: string]: unknown };
      readonly retry?: AzureRetry;
    },
  ): void;
}

interface ServiceBusRegistration extends Registration, Payloads {
  readonly connection: string;
  readonly cardinality?: "one" | "many";
  readonly isSessionsEnabled?: boolean;
}

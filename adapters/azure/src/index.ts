import { type AnyFunction, AnyfnError, type TriggerKind } from "@anyfn/core";
import { type Adapter, isFunctionDefinition, type NamedFunction, nameFunctions } from "@anyfn/core/adapter";
import { capabilities } from "./capabilities.ts";
import type { AzureApp } from "./native.ts";
import type { AzureSettings } from "./settings.ts";
import { registerBus } from "./triggers/bus.ts";
import { registerChanges } from "./triggers/changes.ts";
import { registerDirect } from "./triggers/direct.ts";
import { registerHttp } from "./triggers/http.ts";
import { registerQueue } from "./triggers/queue.ts";
import { registerSchedule } from "./triggers/schedule.ts";
import { registerStorage } from "./triggers/storage.ts";
import { registerStream } from "./triggers/stream.ts";
import { registerTopic } from "./triggers/topic.ts";

export {
  type AuthLevel,
  type AzureApp,
  type AzureBlob,
  type AzureContext,
  type AzureCookie,
  type AzureMessage,
  type AzureMetadata,
  type AzureMethod,
  type AzureRaw,
  type AzureRequest,
  type AzureResponse,
  type AzureRetry,
  type AzureTimer,
  azureContext,
  azureEvent,
  type EventGridCloudEvent,
  type EventGridEvent,
} from "./native.ts";
export type {
  AzureSettings,
  BusSettings,
  ChangesSettings,
  DirectSettings,
  QueueSettings,
  RetrySettings,
  StorageSettings,
  StreamSettings,
  TopicSettings,
  WebhookSettings,
} from "./settings.ts";

/** Azure Functions as data: what it is called, and what it can do. */
export const azure: Adapter = {
  name: "azure",
  title: "Azure Functions",
  capabilities,
};

type Register = (app: AzureApp, functions: readonly NamedFunction[], settings: AzureSettings) => void;

const REGISTER: Readonly<Record<TriggerKind, Register>> = {
  http: registerHttp,
  queue: registerQueue,
  topic: registerTopic,
  schedule: registerSchedule,
  storage: registerStorage,
  changes: registerChanges,
  stream: registerStream,
  bus: registerBus,
  direct: registerDirect,
};

/**
 * Registers functions with an app: one function, a list, or a module's exports. Call it once, while the entry point
 * loads; with the `streaming` setting, `app.setup({ enableHttpStream: true })` must come before.
 *
 * @example
 * import { app } from "@azure/functions";
 * import * as functions from "./functions.ts";
 * register(app, functions);
 *
 * @throws AnyfnError `invalid-definition` when there is no function, or two collide; `unsupported` for a schedule that
 * Azure cannot keep.
 */
export function register(
  app: AzureApp,
  functions: AnyFunction | readonly AnyFunction[] | Readonly<Record<string, unknown>>,
  settings: AzureSettings = {},
): void {
  const named = nameFunctions(isFunctionDefinition(functions) ? [functions] : functions);
  if (named.length === 0) {
    throw new AnyfnError(
      "invalid-definition",
      "There is no function to register. Pass what defineFunction(...) returns, a list, or a module's exports.",
      { provider: "azure" },
    );
  }
  const kinds = new Set(named.map(({ definition }) => definition.trigger.kind));
  for (const kind of kinds) {
    REGISTER[kind](
      app,
      named.filter(({ definition }) => definition.trigger.kind === kind),
      settings,
    );
  }
}

import { type AnyFunction, AnyfnError, type TriggerKind } from "@anyfn/core";
import { type Adapter, isFunctionDefinition } from "@anyfn/core/adapter";
import { capabilities } from "./capabilities.ts";
import type { CloudOptions } from "./context.ts";
import type { CloudFunction } from "./native.ts";
import { busFunction } from "./triggers/bus.ts";
import { changesFunction } from "./triggers/changes.ts";
import { directFunction } from "./triggers/direct.ts";
import { httpFunction } from "./triggers/http.ts";
import { queueFunction } from "./triggers/queue.ts";
import { scheduleFunction } from "./triggers/schedule.ts";
import { storageFunction } from "./triggers/storage.ts";
import { streamFunction } from "./triggers/stream.ts";
import { topicFunction } from "./triggers/topic.ts";

export type { CloudOptions, Env } from "./context.ts";
export {
  type CloudFunction,
  type CloudRequest,
  type CloudResponse,
  cloudRequest,
  type PubsubMessage,
  type PushEnvelope,
} from "./native.ts";
export { type FirestoreData, type FirestoreDocument, readFirestoreData } from "./triggers/_firestore.ts";

const makers: Readonly<
  Record<TriggerKind, (definition: AnyFunction, options?: CloudOptions) => CloudFunction>
> = {
  http: httpFunction,
  queue: queueFunction,
  topic: topicFunction,
  schedule: scheduleFunction,
  storage: storageFunction,
  changes: changesFunction,
  stream: streamFunction,
  bus: busFunction,
  direct: directFunction,
};

/**
 * A function for functions-framework. Register it with `functions.http`, whatever its trigger: that signature sees every
 * delivery as it was sent. `functions.cloudEvent` works for event triggers.
 *
 * @example functions.http("get-order", toCloudFunction(getOrder))
 * @throws AnyfnError `invalid-definition` for a value that `defineFunction` did not make.
 */
export function toCloudFunction(definition: AnyFunction, options: CloudOptions = {}): CloudFunction {
  if (!isFunctionDefinition(definition)) {
    throw new AnyfnError("invalid-definition", "toCloudFunction needs what defineFunction returned.", {
      provider: "gcp",
    });
  }
  return makers[definition.trigger.kind](definition, options);
}

/** The Google Cloud adapter: its name and what the platform can do. */
export const gcp: Adapter = { name: "gcp", title: "Google Cloud", capabilities };

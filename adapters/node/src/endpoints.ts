import type { AnyFunction, TriggerKind } from "@anyfn/core";
import { type NamedFunction, nameFunctions } from "@anyfn/core/adapter";
import type { Endpoint } from "./endpoint.ts";
import { busEndpoint } from "./triggers/bus.ts";
import { changesEndpoint } from "./triggers/changes.ts";
import { directEndpoint } from "./triggers/direct.ts";
import { httpEndpoint } from "./triggers/http.ts";
import { queueEndpoint } from "./triggers/queue.ts";
import { scheduleEndpoint } from "./triggers/schedule.ts";
import { storageEndpoint } from "./triggers/storage.ts";
import { streamEndpoint } from "./triggers/stream.ts";
import { topicEndpoint } from "./triggers/topic.ts";

const MAKERS: Readonly<Record<TriggerKind, (named: NamedFunction) => Endpoint>> = {
  http: httpEndpoint,
  queue: queueEndpoint,
  topic: topicEndpoint,
  schedule: scheduleEndpoint,
  storage: storageEndpoint,
  changes: changesEndpoint,
  stream: streamEndpoint,
  bus: busEndpoint,
  direct: directEndpoint,
};

/** A module's exports, a record of functions by name, or a list. */
export type Functions = Readonly<Record<string, unknown>> | readonly AnyFunction[];

/** Makes functions of any trigger ready for the server. */
export function toEndpoints(functions: Functions): Endpoint[] {
  return nameFunctions(functions).map((named) => MAKERS[named.definition.trigger.kind](named));
}

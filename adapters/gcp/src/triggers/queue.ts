import type { AnyFunction, AnyfnError, Message, QueueTrigger } from "@anyfn/core";
import { createMessage, type MessageInit, preparePayload } from "@anyfn/core/adapter";
import type { CloudOptions } from "../context.ts";
import type { CloudFunction } from "../native.ts";
import { type Delivery, decodeEach, readContent } from "./_delivery.ts";
import { type EventSpec, eventFunction } from "./_events.ts";
import { customHeaders, pubsubMessages } from "./_pubsub.ts";

/**
 * Makes the function that functions-framework calls for a queue trigger: a Pub/Sub subscription or a Cloud Tasks queue.
 *
 * @throws AnyfnError `invalid-definition` when the function has another trigger.
 */
export function queueFunction(definition: AnyFunction, options: CloudOptions = {}): CloudFunction {
  return eventFunction(definition, options, spec);
}

const spec: EventSpec<QueueTrigger, Message> = {
  kind: "queue",
  prepare: preparePayload,
  decode: fromQueue,
  expected: "a Pub/Sub push, a Pub/Sub CloudEvent and a Cloud Tasks request",
  groupOf: (message) => message.orderingKey,
};

/** The messages of a delivery; undefined when it carries none. */
export function fromQueue(delivery: Delivery): readonly (Message | AnyfnError)[] | undefined {
  const task = fromTask(delivery);
  if (task !== undefined) return [createMessage(task)];
  const messages = pubsubMessages(delivery, readContent(delivery));
  return messages && decodeEach(messages, createMessage);
}

/**
 * A task; its headers are `X-CloudTasks-…`, or `X-AppEngine-…` from a queue with App Engine targets.
 *
 * @see https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler
 */
function fromTask({ headers, body, raw }: Delivery): MessageInit | undefined {
  const prefix = headers["x-cloudtasks-taskname"] === undefined ? "x-appengine" : "x-cloudtasks";
  const id = headers[`${prefix}-taskname`];
  if (id === undefined || id === "") return undefined;
  const retries = Number(headers[`${prefix}-taskretrycount`] ?? Number.NaN);
  return {
    id,
    payload: body === undefined ? { text: "" } : { bytes: body },
    attributes: customHeaders(headers),
    deliveryCount: Number.isInteger(retries) && retries >= 0 ? retries + 1 : undefined,
    raw,
  };
}

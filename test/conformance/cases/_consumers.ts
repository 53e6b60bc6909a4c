import {
  type AnyFunction,
  type BusEvent,
  bus,
  defineFunction,
  type Message,
  queue,
  type TopicMessage,
  topic,
} from "@anyfn/core";
import type { AdapterName, Expectation, See } from "../case.ts";

type What = (message: Message) => unknown;

/** A function of the queue `orders` that notes something of each message. */
export function seeing(what: What): (see: See) => AnyFunction {
  return (see) => defineFunction({ trigger: queue("orders"), handler: (message) => see(what(message)) });
}

/** A function of the topic `shipments` that notes something of each message. */
export function seeingPublished(what: (message: TopicMessage) => unknown): (see: See) => AnyFunction {
  return (see) => defineFunction({ trigger: topic("shipments"), handler: (message) => see(what(message)) });
}

/** A function of the bus `shop` that notes something of each event. */
export function seeingEvent(what: (event: BusEvent) => unknown): (see: See) => AnyFunction {
  return (see) => defineFunction({ trigger: bus("shop"), handler: (event) => see(what(event)) });
}

/** Attributes by name, bytes as lists. */
export function plain(attributes: Message["attributes"]): object {
  const entries = Object.entries(attributes);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value instanceof Uint8Array ? [...value] : value]),
  );
}

/** Notes each message's text, and fails at those that begin with "bad". */
export function failing(see: See): AnyFunction {
  return defineFunction({
    trigger: queue("orders"),
    handler: ({ text }) => {
      see(text());
      if (text().startsWith("bad")) throw new Error("out of stock");
    },
  });
}

/** The same, given whole batches: a list of outcomes. */
export function failingTogether(see: See): AnyFunction {
  return defineFunction({
    trigger: queue("orders", { batch: true }),
    handler: (messages) =>
      messages.map(({ text }) => {
        see(text());
        return text().startsWith("bad") ? new Error("out of stock") : undefined;
      }),
  });
}

/** Does nothing but note each message's text. */
export const seeText: (see: See) => AnyFunction = seeing(({ text }) => text());

type ByAdapter = Readonly<Record<AdapterName, Expectation>>;

/** Everything is acknowledged, in each provider's form. */
export const DONE: ByAdapter = {
  aws: { answer: { batchItemFailures: [] } },
  azure: { answer: { ok: true, outputData: [] } },
  gcp: { answer: { status: 204 } },
  node: { answer: { status: 204 } },
};

/** Some of a batch failed: SQS is told which; the others have one verdict, which keeps everything. */
export function failed(...ids: readonly string[]): ByAdapter {
  return {
    aws: { answer: { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) } },
    azure: { error: "any" },
    gcp: { answer: { status: 500 }, error: "any" },
    node: { answer: { status: 503 }, error: "any" },
  };
}

/** A CloudEvent that cannot be read, where it came over HTTP. */
export const UNREADABLE: Expectation = { seen: [], error: "invalid-payload", reply: { status: 400 } };

/** They can never be handled: a CloudEvent's sender is told so, elsewhere the source's own count of tries decides. */
export function refused(...ids: readonly string[]): ByAdapter {
  return { ...failed(...ids), node: { answer: { status: 422 }, error: "any" } };
}

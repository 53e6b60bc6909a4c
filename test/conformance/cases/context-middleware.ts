import { setImmediate as turn } from "node:timers/promises";
import { type AnyFunction, defineFunction, http, type Middleware, queue, reply } from "@anyfn/core";
import { expect } from "vitest";
import type { AdapterName, Case, See } from "../case.ts";
import type { Harness } from "../harness.ts";
import { answering, GET } from "../payloads/answers.ts";
import { queued } from "../payloads/queued.ts";

type Around = (see: See) => readonly Middleware<"http" & "queue">[];
const wrap =
  (see: See, name: string): Middleware<"http" & "queue"> =>
  async (_event, _ctx, next) => {
    see(`${name} in`);
    const result = await next();
    see(`${name} out`);
    return result;
  };

/** An HTTP function and a queue's, with the same middleware around a handler that does the same. */
const onRequest = (use: Around, handler: (see: See) => unknown) => (see: See) =>
  defineFunction({
    trigger: http.get("/it"),
    use: use(see) as readonly Middleware<"http">[],
    handler: () => handler(see),
  });
const onMessage = (use: Around, handler: (see: See) => unknown) => (see: See) =>
  defineFunction({
    trigger: queue("orders"),
    use: use(see) as readonly Middleware<"queue">[],
    handler: () => void handler(see),
  });

const ORDER = ["a in", "b in", "handler", "b out", "a out"];
const inOrder: Around = (see) => [wrap(see, "a"), wrap(see, "b")];
const handled = (see: See) => {
  see("handler");
  return "ok";
};
const failing = () => {
  throw new Error("broken");
};
const twice: Around = () => [
  async (_event, _ctx, next) => {
    await next();
    return next();
  },
];
const FAILED_MESSAGE: Pick<Case, "expect" | "expectOn"> = {
  expect: { error: "any" },
};

/** A failed message: SQS is told by a list, the others by an error. */
const messageFails = (
  seen: readonly unknown[],
  message: RegExp,
): Pick<Case, "native" | "expect" | "expectOn"> => ({
  native: queued("a"),
  expect: { seen, logged: [message] },
  expectOn: {
    aws: { answer: { batchItemFailures: [{ itemIdentifier: "9f3a1c52-6d0e-4f6b-8a55-0c2f1b7e9d41" }] } },
    azure: FAILED_MESSAGE.expect ?? {},
    gcp: FAILED_MESSAGE.expect ?? {},
    node: FAILED_MESSAGE.expect ?? {},
  },
});

/** What stands around a handler. */
export const AROUND_HANDLERS: readonly Case[] = [
  {
    id: "X7",
    title: "runs middleware around a request, the first outermost",
    define: onRequest(inOrder, handled),
    request: GET,
    expect: { seen: ORDER, reply: { status: 200, body: "ok" } },
  },
  {
    id: "X7",
    title: "runs middleware around a message, the first outermost",
    define: onMessage(inOrder, handled),
    native: queued("a"),
    expect: { seen: ORDER },
  },
  {
    id: "X7",
    title: "lets a middleware answer for the handler's failure",
    define: onRequest(
      (see) => [
        async (_event, _ctx, next) => {
          try {
            return await next();
          } catch (error) {
            see((error as Error).message);
            return reply("instead", { status: 502 });
          }
        },
        wrap(see, "b"),
      ],
      failing,
    ),
    request: GET,
    expect: {
      seen: ["b in", "broken"],
      reply: { status: 502, body: "instead" },
      notLogged: [/handler failed/],
    },
  },
  {
    id: "X7",
    title: "fails a request whose middleware fails behind the handler",
    define: onRequest(
      () => [
        async (_event, _ctx, next) => {
          await next();
          await turn();
          throw new Error("late");
        },
      ],
      handled,
    ),
    request: GET,
    expect: { seen: ["handler"], reply: { status: 500 }, logged: [/late/] },
  },
  {
    id: "X7",
    title: "fails a message whose middleware fails behind the handler",
    define: onMessage(
      () => [
        async (_event, _ctx, next) => {
          await next();
          await turn();
          throw new Error("late");
        },
      ],
      handled,
    ),
    ...messageFails(["handler"], /late/),
  },
  {
    id: "X7",
    title: "runs the handler of a request once, and fails it where a middleware asks twice",
    define: onRequest(twice, handled),
    request: GET,
    expect: { seen: ["handler"], reply: { status: 500 }, logged: [/called next\(\) twice/] },
  },
  {
    id: "X7",
    title: "runs the handler of a message once, and fails it where a middleware asks twice",
    define: onMessage(twice, handled),
    ...messageFails(["handler"], /called next\(\) twice/),
  },
  {
    id: "X7",
    title: "answers what a middleware answers, without the handler",
    define: onRequest(() => [() => ({ early: true })], handled),
    request: GET,
    expect: {
      seen: [],
      reply: { status: 200, headers: { "content-type": "application/json" }, body: { early: true } },
    },
  },
  {
    id: "X9",
    title: "waits for work in the background, and has written its log before it ends",
    decision:
      "Lambda freezes a function with its answer, and Azure ends the invocation: there the answer waits. On servers it " +
      "leaves at once; Google Cloud says in its notes that CPU time then needs instance-based billing.",
    define: answering(() => {}),
    scenario: (harness) => background(harness),
  },
  {
    id: "X9",
    title: "waits for the background of a message before it is done",
    define: answering(() => {}),
    scenario: async (harness) => {
      const order: string[] = [];
      const definition = defineFunction({
        trigger: queue("orders"),
        handler: (_message, { waitUntil }) => waitUntil(slowly(order)),
      });
      const deployed = await harness.deploy(definition);
      try {
        const [native] = queued("a")[harness.adapter.name as AdapterName];
        await deployed.deliver(native);
        order.push("answered");
      } finally {
        await deployed.close?.();
      }
      // A server of ours lives on, and its work with it.
      expect(order).toEqual(
        harness.adapter.name === "node" ? ["answered", "background"] : ["background", "answered"],
      );
    },
  },
  {
    id: "X9",
    title: "logs work in the background that fails, and answers all the same",
    define: answering((_event, { waitUntil }) => {
      waitUntil(Promise.reject(new Error("the mail is lost")));
      return "ok";
    }),
    request: GET,
    expect: { reply: { status: 200, body: "ok" }, logged: [/Background work failed\..*the mail is lost/] },
  },
];

/** Work that ends long after the handler. */
async function slowly(order: string[]): Promise<void> {
  for (let turns = 0; turns < 50; turns++) await turn();
  order.push("background");
}

async function background(harness: Harness): Promise<void> {
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const isServer = harness.adapter.name === "gcp" || harness.adapter.name === "node";
  const definition: AnyFunction = answering((_event, { waitUntil }) => {
    waitUntil(isServer ? gate.promise.then(() => slowly(order)) : slowly(order));
    return "ok";
  })(() => {});
  const deployed = await harness.deploy(definition);
  const [front] = harness.fronts;
  const delivered = await deployed.send(front as NonNullable<typeof front>, GET);
  order.push(`answered ${delivered.reply?.status}`);
  gate.resolve();
  await deployed.close?.();
  while (order.length < 2) await turn();
  expect(order).toEqual(isServer ? ["answered 200", "background"] : ["background", "answered 200"]);
  if (harness.adapter.name === "gcp")
    expect(JSON.stringify(harness.adapter.capabilities.http)).toContain("CPU time");
}

import { setImmediate as turn } from "node:timers/promises";
import { type AnyFunction, type Context, defineFunction, http, queue, reply } from "@anyfn/core";
import { expect, vi } from "vitest";
import type { AdapterName, Case, Natives } from "../case.ts";
import type { Delivered, Deployed, Harness } from "../harness.ts";
import { answering, GET } from "../payloads/answers.ts";
import { queued } from "../payloads/queued.ts";

/** Deploys a function for one check. */
async function deployed(
  harness: Harness,
  definition: AnyFunction,
  check: (deployed: Deployed) => Promise<void>,
) {
  const made = await harness.deploy(definition);
  try {
    await check(made);
  } finally {
    await made.close?.();
  }
}

const ask = (made: Deployed, { fronts: [front] }: Harness, request: object = {}): Promise<Delivered> =>
  made.send(front as NonNullable<typeof front>, { ...GET, ...request });
const textOf = ({ reply: answer }: Delivered) => Buffer.from(answer?.body ?? []).toString();
const message = (harness: Harness, text = "a"): Natives[AdapterName] =>
  queued(text)[harness.adapter.name as AdapterName][0] as Natives[AdapterName];
const traceOf = (number: number) => number.toString(16).padStart(32, "c");

/** So many that run at once. */
const MANY = 60;

/** A scenario needs no function of the case itself. */
const none = answering(() => {});

/** That one invocation knows nothing of another. */
export const ISOLATION: readonly Case[] = [
  {
    id: "X5",
    title: "keeps the contexts of invocations that run at once apart",
    define: none,
    scenario: async (harness) => {
      let arrived = 0;
      const all = Promise.withResolvers<void>();
      const handler = async (event: { query: URLSearchParams; headers: object }, ctx: Context) => {
        const id = event.query.get("id");
        arrived += 1;
        if (arrived === MANY) all.resolve();
        await all.promise;
        // Each in a turn of its own, and in the opposite order.
        for (let turns = Number(id); turns < MANY; turns++) await turn();
        ctx.log.info("mine", { id: `#${id}#` });
        return { id, again: event.query.get("id"), trace: ctx.trace?.traceId, requestId: ctx.requestId };
      };
      await deployed(harness, defineFunction({ trigger: http.get("/it"), handler }), async (made) => {
        const numbers = Array.from({ length: MANY }, (_, index) => index);
        const answers = await Promise.all(
          numbers.map((number) =>
            ask(made, harness, {
              url: `/it?id=${number}`,
              headers: [["traceparent", `00-${traceOf(number)}-${"d".repeat(16)}-01`]],
            }),
          ),
        );
        const lines = [...vi.mocked(process.stdout.write).mock.calls.map(([line]) => String(line))];
        for (const { logged = [] } of answers) lines.push(...logged);
        for (const [number, answer] of answers.entries()) {
          const id = String(number);
          expect(JSON.parse(textOf(answer))).toMatchObject({ id, again: id, trace: traceOf(number) });
          const [line, ...others] = lines.filter((text) => text.includes(`#${id}#`));
          expect(line).toContain(traceOf(number));
          expect(others).toEqual([]);
        }
      });
    },
  },
  {
    id: "X5",
    title: "gives each invocation a signal and work in the background of its own",
    define: none,
    scenario: async (harness) => {
      const signals: AbortSignal[] = [];
      const definition = answering((_event, ctx) => {
        signals.push(ctx.signal);
        ctx.waitUntil(turn());
      })(() => {});
      await deployed(harness, definition, async (made) => {
        await Promise.all([ask(made, harness), ask(made, harness)]);
      });
      expect(new Set(signals).size).toBe(2);
    },
  },
  {
    id: "X6",
    title: "leaves the console and the globals of the process alone",
    define: none,
    scenario: async (harness) => {
      const looks = () => ({
        console: { ...console },
        globals: Reflect.ownKeys(globalThis).filter((name) => name !== "awslambda"),
        fetch: [globalThis.fetch, globalThis.Request, globalThis.Response, globalThis.Headers],
        streams: [process.stdout.write, process.stderr.write],
        env: { ...process.env },
      });
      const before = looks();
      let during: object | undefined;
      const definition = answering((_event, { log }) => {
        during = looks();
        log.info("a");
      })(() => {});
      await deployed(harness, definition, async (made) => void (await ask(made, harness)));
      expect(during).toEqual(before);
      expect(looks()).toEqual(before);
    },
  },
  ...(["the first", "every second"] as const).map(
    (which): Case => ({
      id: "X8",
      title: `answers behind a failure of ${which} invocation`,
      define: none,
      scenario: async (harness) => {
        let count = 0;
        const fails = () => count++ % 2 === 0 && (which === "every second" || count === 1);
        const init = async (_event: unknown, _ctx: unknown, next: () => Promise<never>) => {
          if (fails()) throw new Error("cannot connect");
          return next();
        };
        await deployed(
          harness,
          answering(() => "ok", { use: [init] })(() => {}),
          async (made) => {
            const statuses: unknown[] = [];
            for (let call = 0; call < 4; call++) statuses.push((await ask(made, harness)).reply?.status);
            expect(statuses).toEqual(which === "the first" ? [500, 200, 200, 200] : [500, 200, 500, 200]);
          },
        );
        count = 0;
        const handler = () => {
          if (fails()) throw new Error("cannot connect");
        };
        await deployed(harness, defineFunction({ trigger: queue("orders"), handler }), async (made) => {
          const first = await made.deliver(message(harness));
          expect(first.error ?? first.answer).not.toEqual((await made.deliver(message(harness))).answer);
          expect(count).toBe(2);
        });
      },
    }),
  ),
  {
    id: "X8",
    title: "delivers behind a payload that cannot be read",
    define: none,
    scenario: async (harness) => {
      const seen: string[] = [];
      const handler = ({ text }: { text(): string }) => void seen.push(text());
      await deployed(harness, defineFunction({ trigger: queue("orders"), handler }), async (made) => {
        expect((await made.deliver(harness.foreign({ x: 1 }))).error).toBeDefined();
        expect((await made.deliver(message(harness, "behind"))).error).toBeUndefined();
      });
      expect(seen).toEqual(["behind"]);
    },
  },
  {
    id: "X11",
    title: "leaves failures that nobody waits for to the platform, which fails the invocation",
    decision:
      "An adapter that listened for unhandled rejections would hide them. What a run time does with them is shown with " +
      "emitted artifacts.",
    define: none,
    scenario: async (harness) => {
      const listeners = () => [
        process.listeners("unhandledRejection"),
        process.listeners("uncaughtException"),
      ];
      const before = listeners();
      await deployed(
        harness,
        answering(() => "ok")(() => {}),
        async (made) => {
          await ask(made, harness);
          expect(listeners()).toEqual(before);
        },
      );
    },
  },
  {
    id: "X11",
    title: "has nothing left to reject behind a failed answer",
    define: none,
    scenario: async (harness) => {
      const answers = [
        () => Promise.reject(new Error("a")),
        () => reply(new ReadableStream({ start: (controller) => controller.error(new Error("b")) })),
        () =>
          reply(new ReadableStream({ start: (controller) => controller.error(new Error("c")) }), {
            status: 204,
          }),
      ];
      for (const answer of answers) {
        await deployed(
          harness,
          answering(answer)(() => {}),
          async (made) => void (await ask(made, harness)),
        );
      }
      // A rejection that nobody handles is reported in a later turn, and fails the run of the tests.
      for (let turns = 0; turns < 5; turns++) await turn();
    },
  },
];

import { toLambda } from "@anyfn/aws";
import { type AnyFunction, type Context, defineFunction, direct, http, queue } from "@anyfn/core";
import { toCloudFunction } from "@anyfn/gcp";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { lambdaContextOf, sqsRecord, v2Event } from "../../adapters/aws/src/_testing.ts";
import { deploy } from "../support/azure-app.ts";
import { answerOf, bytes, post, queued } from "../support/azure-function.ts";
import { servers } from "../support/node-server.ts";
import { post as posted, send, serve, setUp } from "../support/serve-cloud-function.ts";

setUp();
const { start, closeAll } = servers();
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
});
afterEach(async () => {
  vi.useRealTimers();
  await closeAll();
});

let count = 0;
const nameOf = (): string => `late-${++count}`;

/** A caller of a function: what it is answered. */
type Call = (definition: AnyFunction) => Promise<unknown>;

const CALLS: Readonly<Record<string, Call>> = {
  aws: (definition) => {
    const end = Date.now() + definition.timeout * 1000;
    const context = lambdaContextOf({ getRemainingTimeInMillis: () => end - Date.now() });
    return Promise.resolve(toLambda(definition)(v2Event("/x", { method: "POST" }), context));
  },
  azure: async (definition) => {
    const { status } = await answerOf(deploy(definition).invoke(definition.name ?? "", post("{}")));
    return { statusCode: Number(status) };
  },
  gcp: async (definition) => ({
    statusCode: (await send(await serve(definition), posted("/x", {}))).status,
  }),
  node: async (definition) => {
    const { send: sendTo } = await start({ late: definition });
    const path = definition.trigger.kind === "http" ? "/x" : `/_events/${definition.name}`;
    return { statusCode: (await sendTo("POST", path)).status };
  },
};

describe("a call that is not answered in time is answered with 504", () => {
  const cases = Object.keys(CALLS).flatMap((adapter) => [
    [adapter, "http"],
    [adapter, "direct"],
  ]);

  test.each(cases)("%s: %s", async (adapter, kind) => {
    const running = Promise.withResolvers<Context>();
    const handler = (_event: unknown, ctx: Context): Promise<never> => {
      running.resolve(ctx);
      return new Promise(() => {});
    };
    const options = { name: nameOf(), timeout: 10, handler };
    const trigger = http.post("/x");
    const definition: AnyFunction =
      kind === "http"
        ? defineFunction({ ...options, trigger })
        : defineFunction({ ...options, trigger: direct() });
    let answer: unknown;
    const answered = CALLS[adapter]?.(definition).then(
      (given) => {
        answer = given;
      },
      (error: unknown) => {
        answer = error;
      },
    );
    const { signal } = await running.promise;
    await vi.advanceTimersByTimeAsync(9000);
    expect([signal.aborted, answer]).toEqual([true, undefined]);
    await vi.advanceTimersByTimeAsync(500);
    await answered;
    // Lambda tells its caller with an error.
    const isInvoke = adapter === "aws" && kind === "direct";
    expect(answer).toMatchObject(isInvoke ? { code: "timeout" } : { statusCode: 504 });
  });
});

describe("the deadline", () => {
  /** A function that says how many seconds it has. */
  const asked = (timeout: number) => {
    const seconds: number[] = [];
    const handler = (_event: unknown, { deadline, remainingMs }: Context): void => {
      expect(remainingMs()).toBe((deadline?.getTime() ?? 0) - Date.now());
      seconds.push(remainingMs() / 1000);
    };
    const definition = defineFunction({ trigger: queue("jobs"), name: nameOf(), timeout, handler });
    return { seconds, definition };
  };

  test("is Lambda's own", async () => {
    const { seconds, definition } = asked(30);
    const context = lambdaContextOf({ getRemainingTimeInMillis: () => 3000 });
    await toLambda(definition)({ Records: [sqsRecord("m0", "{}")] }, context);
    expect(seconds).toEqual([3]);
  });

  test.each([
    [30, undefined, 30],
    [30, 5, 5],
    [5, 30, 5],
  ])("on Azure is the sooner one of the function's and the app's: %s, %s", async (timeout, app, expected) => {
    const { seconds, definition } = asked(timeout);
    const settings = app === undefined ? {} : { timeoutSeconds: app };
    await deploy(definition, settings).invoke(definition.name ?? "", queued(bytes("{}")));
    expect(seconds).toEqual([expected]);
  });

  test("on Azure is no later than the load balancer's for HTTP", async () => {
    const seconds: number[] = [];
    const handler = (_event: unknown, ctx: Context): void => void seconds.push(ctx.remainingMs() / 1000);
    const definition = defineFunction({ trigger: http.post("/x"), name: nameOf(), timeout: 900, handler });
    await deploy(definition).invoke(definition.name ?? "", post("{}"));
    expect(seconds).toEqual([230]);
  });

  test.each([
    [{}, 30],
    [{ CLOUD_RUN_TIMEOUT_SECONDS: "5" }, 5],
    [{ CLOUD_RUN_TIMEOUT_SECONDS: "500" }, 500],
  ])("on Google Cloud is the service's, else the function's: %j", async (env, expected) => {
    const { seconds, definition } = asked(30);
    await toCloudFunction(definition, { env })({
      specversion: "1.0",
      id: "1",
      source: "//pubsub.googleapis.com/projects/p/topics/t",
      type: "google.cloud.pubsub.topic.v1.messagePublished",
      data: { message: { messageId: "1" } },
    });
    expect(seconds).toEqual([expected]);
  });

  test("on Node is the function's", async () => {
    const { seconds, definition } = asked(7);
    const { send: sendTo } = await start({ jobs: definition });
    const headers: [string, string][] = [
      ["ce-specversion", "1.0"],
      ["ce-id", "1"],
      ["ce-source", "/s"],
      ["ce-type", "t"],
    ];
    await sendTo("POST", "/", { headers });
    expect(seconds).toEqual([7]);
  });
});

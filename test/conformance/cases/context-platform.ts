import { join } from "node:path";
import type { BuildAdapter } from "@anyfn/build";
import { type Context, defineFunction, queue, type TriggerKind } from "@anyfn/core";
import { expect } from "vitest";
import type { AdapterName, Case, See } from "../case.ts";
import { answering } from "../payloads/answers.ts";
import { records, sqsRecord } from "../payloads/aws/messages.ts";
import { bytes, storageQueue } from "../payloads/azure/messages.ts";
import { task } from "../payloads/gcp/pubsub.ts";
import { queued } from "../payloads/queued.ts";

/** Values under the names of credentials, wherever they stand. */
const CREDENTIALS = {
  password: "s3cr3t-1",
  DB_PASSWORD: "s3cr3t-2",
  apiKey: "s3cr3t-3",
  "x-api-key": "s3cr3t-4",
  accessToken: "s3cr3t-5",
  clientSecret: "s3cr3t-6",
  nested: { list: [{ Authorization: "Bearer s3cr3t-7" }] },
  Cookie: ["sid=s3cr3t-8"],
} as const;

/** How often a source delivers what fails, as each provider's documentation says it. */
const RETRIES: Readonly<Record<AdapterName, Partial<Record<TriggerKind, RegExp>>>> = {
  aws: {
    topic: /^Two more tries/,
    bus: /^Two more tries/,
    queue: /redrive policy limits the tries/,
    schedule: /185 more tries/,
    changes: /blocks its shard/,
    stream: /blocks its shard/,
    http: /^None/,
  },
  azure: {
    queue: /Storage Queue: 5 tries, then the poison queue\. Service Bus: 10 tries, then the dead letters/,
    topic: /Service Bus: 10 tries.*Event Grid: 30 tries in 24 hours/,
    bus: /30 tries in 24 hours/,
    stream: /for ever.*lose the batch/,
    changes: /for ever.*lose the batch/,
    schedule: /^none/,
  },
  gcp: {
    queue: /until the message is done or its retention of 7 days ends/,
    topic: /dropped unless .* retries/,
    storage: /dropped unless .* retries/,
    bus: /dropped unless .* retries/,
    changes: /dropped unless .* retries/,
    stream: /retention of 7 days/,
    schedule: /1 to 5 retries/,
  },
  node: { queue: /503 asks for another delivery, 422 for none/, bus: /503/, http: /^none$/ },
};

const seeSetting = (see: See) =>
  defineFunction({
    trigger: queue("orders"),
    handler: (_message, { env }: Context) => see(env.ANYFN_TEST_SECRET),
  });

/** What a function has from its platform: settings, and further tries. */
export const PLATFORMS: readonly Case[] = [
  {
    id: "X10",
    title: "reads settings anew in each invocation, so that a secret can be replaced",
    decision:
      "The adapter fetches no secrets: a platform hands them over in the environment, which the context passes on.",
    define: seeSetting,
    scenario: async (harness) => {
      const seen: unknown[] = [];
      const deployed = await harness.deploy(seeSetting((value) => seen.push(value)));
      const [native] = queued("a")[harness.adapter.name as AdapterName];
      try {
        for (const value of ["old", "new"]) {
          process.env.ANYFN_TEST_SECRET = value;
          await deployed.deliver(native);
        }
      } finally {
        Reflect.deleteProperty(process.env, "ANYFN_TEST_SECRET");
        await deployed.close?.();
      }
      expect(seen).toEqual(["old", "new"]);
    },
  },
  {
    id: "X10",
    title: "logs no value under the name of a credential",
    define: () =>
      defineFunction({
        trigger: queue("orders"),
        handler: (_message, { log }) => log.info("connecting", { ...CREDENTIALS, host: "db.example" }),
      }),
    native: queued("a"),
    expect: { logged: [/connecting/, /db\.example/, /\[redacted\]/], notLogged: [/s3cr3t/] },
  },
  {
    id: "X10",
    title: "logs no credential of an error, nor of its cause",
    define: () =>
      defineFunction({
        trigger: queue("orders"),
        handler: (_message, { log }) => {
          const cause = Object.assign(new Error("refused"), {
            config: { headers: { authorization: "Bearer s3cr3t" } },
          });
          log.error("no connection", { error: new Error("cannot connect", { cause }) });
        },
      }),
    native: queued("a"),
    expect: { logged: [/cannot connect/, /refused/], notLogged: [/s3cr3t/] },
  },
  {
    id: "X12",
    title: "says how often each source delivers what fails",
    define: answering(() => {}),
    scenario: async ({ adapter }) => {
      for (const [trigger, wanted] of Object.entries(RETRIES[adapter.name as AdapterName])) {
        const capabilities = adapter.capabilities[trigger as TriggerKind];
        expect("retryDefault" in capabilities && capabilities.retryDefault, trigger).toMatch(wanted);
      }
    },
  },
  {
    id: "X12",
    title: "writes the number of tries into the artifact where the host reads it there",
    decision: "Elsewhere the tries belong to the source, and thereby to the infrastructure.",
    define: answering(() => {}),
    scenario: async ({ adapter: { name } }) => {
      const folder = join(import.meta.dirname, "../../../adapters", name);
      const { adapter } = (await import(join(folder, "src/build/index.ts"))) as { adapter: BuildAdapter };
      const definition = seeSetting(() => {});
      const found = {
        name: "fulfil",
        exportName: "fulfil",
        file: "/app/a.ts",
        line: 1,
        column: 1,
        definition,
      };
      const parsed = await adapter.settings["~standard"].validate({});
      const settings = parsed.issues === undefined ? parsed.value : undefined;
      const [artifact] = adapter.plan({ app: "shop", functions: [found], settings });
      const host = artifact?.files["host.json"];
      expect(host === undefined ? undefined : JSON.parse(host).extensions.queues.maxDequeueCount).toBe(
        name === "azure" ? 5 : undefined,
      );
    },
  },
  ...([1, 3] as const).map(
    (tries): Case => ({
      id: "X12",
      title: `tells a handler that this is try ${tries}`,
      needs: { trigger: "queue", source: ["SQS standard queue", "Storage Queue", "Cloud Tasks"] },
      define: (see) =>
        defineFunction({
          trigger: queue("orders"),
          handler: ({ deliveryCount }) => see(deliveryCount),
        }),
      native: triedBefore(tries),
      expect: { seen: [tries] },
    }),
  ),
];

/** A message that comes for the nth time. */
function triedBefore(tries: number): NonNullable<Case["native"]> {
  return {
    aws: [records(sqsRecord("a", { attributes: { ApproximateReceiveCount: String(tries) } }))],
    azure: [storageQueue(bytes("a"), { DequeueCount: tries })],
    gcp: [task("a", [], tries - 1)],
  };
}

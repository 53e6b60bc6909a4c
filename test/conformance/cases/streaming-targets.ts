import { join } from "node:path";
import type { BuildAdapter, TargetInput } from "@anyfn/build";
import { type AnyFunction, defineFunction, queue, reply } from "@anyfn/core";
import { expect } from "vitest";
import type { Case } from "../case.ts";
import type { Harness } from "../harness.ts";
import { answering, GET } from "../payloads/answers.ts";

const COOKIES = ["sid=1; Path=/"];
const streaming = answering(() =>
  reply(pieces(), { status: 203, headers: { "content-type": "text/csv" }, cookies: COOKIES }),
);

/** How each target is told to stream, and what its artifact then says. */
const TARGETS = {
  aws: {
    settings: { functions: { export: { streaming: true } } },
    says: [
      /import \{ httpStreamHandler \} from "@anyfn\/aws\/http-stream"/,
      /httpStreamHandler\(definition\)/,
    ],
    without: [/import \{ httpHandler \} from "@anyfn\/aws\/http"/],
  },
  azure: {
    settings: { streaming: true },
    says: [/app\.setup\(\{ enableHttpStream: true \}\);\n(?:.*\n)*registerHttp\(/, /"streaming":true/],
    without: [/registerHttp\(/],
  },
  gcp: { settings: {}, says: [/@anyfn\/gcp\/http/], without: [/@anyfn\/gcp\/http/] },
  node: { settings: {}, says: [/@anyfn\/node\/http/], without: [/@anyfn\/node\/http/] },
} as const;

/** Streamed answers where nothing streams, and where there is no platform at all. */
export const STREAMING_TARGETS: readonly Case[] = [
  {
    id: "T7",
    title: "sends the same answer in one piece where the target does not stream",
    define: streaming,
    request: GET,
    expect: {
      reply: {
        status: 203,
        headers: { "content-type": "text/csv" },
        body: "a,b\n1,2\n",
        cookies: [/^sid=1; path=\//i],
      },
    },
  },
  {
    id: "T7",
    title: "answers 504 in one piece where the source does not end in time",
    define: answering(() => reply(endless()), { timeout: 0.3 }),
    request: GET,
    expect: { reply: { status: 504 } },
    // What streams has begun by then, and can only be broken off.
    expectOn: { gcp: { reply: { status: 200 } }, node: { reply: { status: 200 } } },
  },
  {
    id: "T7",
    title: "says before anything is built where an answer is collected",
    decision:
      "No build can see what a handler will return, nor which front stands before it: so the capabilities say what " +
      "streams where, and a setting to stream what is no HTTP function is refused with file and line.",
    define: streaming,
    scenario: async (harness) => {
      const { http: notes } = harness.adapter.capabilities;
      expect("streamingOut" in notes && notes.streamingOut).toBe(true);
      if (harness.adapter.name === "aws") {
        const text = JSON.stringify(notes);
        expect(text).toContain("An answer streams from a function URL or a REST API only");
        const { adapter, input } = await planned(
          harness,
          defineFunction({ trigger: queue("jobs"), handler: () => {} }),
        );
        expect(adapter.refuse(input)).toEqual([
          { function: "export", reason: expect.stringContaining("`streaming` is for HTTP functions") },
        ]);
      } else if (harness.adapter.name === "azure") {
        expect(JSON.stringify(notes)).toContain("collected elsewhere");
      }
    },
  },
  {
    id: "T8",
    title: "answers in one piece where the platform's means to stream are absent",
    define: streaming,
    options: { aws: { streaming: true, isLocal: true } },
    request: GET,
    expect: { reply: { status: 203, body: "a,b\n1,2\n", cookies: [/^sid=1; path=\//i] } },
  },
  {
    id: "T10",
    title: "makes an artifact that streams where the settings say so, and one that does not elsewhere",
    decision:
      "The invoke mode of a function URL, the REST API's `/response-streaming-invocations` URI and the right to " +
      "`lambda:InvokeWithResponseStream` belong to the infrastructure; an artifact holds the handler that they need.",
    define: streaming,
    scenario: async (harness) => {
      const { says, without, settings } = TARGETS[harness.adapter.name as keyof typeof TARGETS];
      const { adapter, input } = await planned(
        harness,
        streaming(() => {}),
        settings,
      );
      expect(adapter.refuse(input)).toEqual([]);
      const [artifact] = adapter.plan(input);
      for (const pattern of says) expect(artifact?.entry).toMatch(pattern);
      const [other] = adapter.plan({ ...input, settings: await parsed(adapter, {}) });
      for (const pattern of without) expect(other?.entry).toMatch(pattern);
      if (Object.keys(settings).length > 0) expect(other?.entry).not.toMatch(says[0]);
    },
  },
];

/** What the build of a target is given for one function that is called `export`. */
async function planned(
  harness: Harness,
  definition: AnyFunction,
  settings: object = TARGETS.aws.settings,
): Promise<{ readonly adapter: BuildAdapter; readonly input: TargetInput }> {
  const folder = join(import.meta.dirname, "../../../adapters", harness.adapter.name);
  const { adapter } = (await import(join(folder, "src/build/index.ts"))) as { adapter: BuildAdapter };
  const found = {
    name: "export",
    exportName: "exportAll",
    file: "/app/a.ts",
    line: 1,
    column: 1,
    definition,
  };
  return { adapter, input: { app: "shop", functions: [found], settings: await parsed(adapter, settings) } };
}

async function parsed({ settings }: BuildAdapter, section: object): Promise<unknown> {
  const result = await settings["~standard"].validate(section);
  if (result.issues !== undefined) throw new Error(JSON.stringify(result.issues));
  return result.value;
}

async function* pieces(): AsyncGenerator<string | Uint8Array> {
  yield "a,b\n";
  yield Buffer.from("1,2\n");
}
async function* endless(): AsyncGenerator<string> {
  yield "begun";
  yield await new Promise<string>(() => {});
}

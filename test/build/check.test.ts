import { join } from "node:path";
import type { Portability } from "@anyfn/build";
import { describe, expect, it } from "vitest";
import { checkExcerpt } from "../repo/check-excerpt.ts";
import { readSection } from "../support/readme.ts";
import { runNode } from "./node.ts";
import { createProject, FAKE_ADAPTER } from "./project.ts";

const root = join(import.meta.dirname, "../..");
const anyfn = (args: readonly string[]) => runNode([join(root, "packages/cli/bin/anyfn.js"), ...args]);
const ALL = ["aws", "azure", "gcp", "node"];
const PACKAGES = ["@anyfn/core", "anyfn", "zod", ...ALL.map((name) => `@anyfn/${name}`)];

const CORE = `import {
  bus, changes, defineFunction, direct, http, queue, schedule, storage, stream, topic,
} from "@anyfn/core";
import { z } from "zod";
const handler = () => {};
`;

/** Lines of the report about functions that are exported one a line, from line 6 on. */
async function check(
  functions: readonly string[],
  options: { readonly config?: object; readonly args?: readonly string[] } = {},
) {
  const { config = {}, args = [] } = options;
  const targets = { aws: {}, azure: {}, gcp: {}, node: {}, ...config };
  using project = createProject(
    {
      "anyfn.config.ts": `export default ${JSON.stringify({ targets })};`,
      "src/functions.ts": `${CORE}${functions.map((text) => `export const ${text};`).join("\n")}\n`,
    },
    PACKAGES,
  );
  const { code, stdout, stderr } = await anyfn(["check", "--cwd", project.dir, ...args]);
  return { code, stderr, lines: stdout.trimEnd().split("\n"), stdout };
}

/** One function's lines without those above it. */
const detailsOf = (lines: readonly string[]) => lines.slice(lines.indexOf("") + 2).map((line) => line.trim());

describe("the examples", () => {
  it.each(["images", "orders", "readme", "rest-api"])("%s is refused nowhere", async (name) => {
    const { code, stdout, stderr } = await anyfn(["check", "--cwd", join(root, "examples", name)]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^function +trigger +aws +azure +gcp +node$/m);
    expect(stdout).not.toContain("refused");
  });

  it("has its excerpt in the README; `node test/repo/check-excerpt.ts` writes it", () => {
    expect(readSection("check")).toBe(checkExcerpt());
  });
});

describe("what a target does otherwise", () => {
  const cases: Readonly<Record<string, readonly [string, object, readonly string[]]>> = {
    "the size of a batch and its verdict": [
      'a = defineFunction({ trigger: changes("users", { batchSize: 2000, on: ["created"] }), handler })',
      {},
      [
        "aws    retry            By default until the record expires after 24 hours, which blocks its shard.",
        "azure  batch            At most 1000 changes at once; 2000 are declared.",
        "partial failure  A batch has one verdict: when one change fails, all of up to 1000 come again.",
        "retry            By default for ever, by a policy of this adapter; the host would go on and lose the batch.",
        "gcp    batch            One change at a time; batches of 2000 are declared.",
        "ordering         A change may arrive before an earlier one; `sequence` tells their order.",
        "retry            By default a failed event is dropped unless the trigger is deployed with retries, which then go on for 24 hours.",
        "node   partial failure  A batch has one verdict: when one change fails, all of up to 2000 come again.",
      ],
    ],
    "a batch as a whole, on the source that the settings choose": [
      'a = defineFunction({ trigger: queue("jobs", { batch: true, batchSize: 50 }), handler })',
      { azure: { queues: { jobs: { source: "service-bus" } } } },
      [
        "azure  partial failure  A batch has one verdict: when one message fails, all of up to 50 come again.",
        "retry            By default 10 tries, then the dead letters.",
        "gcp    batch            Each list has one message; batches of 50 are declared.",
        "node   partial failure  A batch has one verdict: when one message fails, all of up to 50 come again.",
      ],
    ],
    "how many run at once": [
      'a = defineFunction({ trigger: queue("jobs", { batchSize: 5 }), concurrency: 2, handler })',
      { node: {}, azure: { queues: { jobs: { source: "service-bus" } } } },
      [
        "azure  batch            One message at a time; batches of 5 are declared.",
        "concurrency      It bounds the messages of one invocation, 2 at once, and each has one. An instance runs 16 at once, and there may be many.",
        "retry            By default 10 tries, then the dead letters.",
        "gcp    batch            One message at a time; batches of 5 are declared.",
        "concurrency      It bounds the messages of one invocation, 2 at once, and each has one. An instance runs 1 at once, and there may be many.",
        "node   partial failure  A batch has one verdict: when one message fails, all of up to 5 come again.",
      ],
    ],
    "order and dead letters": [
      'a = defineFunction({ trigger: stream("clicks", { batchSize: 1, record: z.string() }), handler })',
      {},
      [
        "aws    retry         By default until the record expires, which blocks its shard or partition.",
        "azure  retry         By default for ever, by a policy of this adapter; the host would go on and lose the batch.",
        "dead letters  An invalid record is not set aside: it fails as any other does.",
        "gcp    ordering      Order holds for the records of one key, and there are no partitions.",
        "retry         By default a push subscription delivers again at once, until the message is done or its retention of 7 days ends.",
      ],
    ],
    "memory and timeout": [
      'a = defineFunction({ trigger: http.get("/"), timeout: 60, memory: 1024, handler })',
      {},
      [
        "azure  timeout  The platform has one timeout for the whole app; this function's 60 seconds are kept by the adapter.",
        "memory   All functions share one memory, 2048 MiB or more here; 1024 MiB are declared for this one.",
        "node   memory   All functions share one memory; 1024 MiB are declared for this one.",
      ],
    ],
    "the time that a front waits": [
      'a = defineFunction({ trigger: http.get("/a"), handler })',
      { aws: { functions: { a: { front: "rest-api" } } } },
      [
        "aws  time  The REST API waits 29 seconds; the timeout is 30.",
        "gcp  path  The function has an address of its own, and /a stands behind it: other functions have other addresses.",
      ],
    ],
    "a source that takes no verdict for each record": [
      'a = defineFunction({ trigger: stream("logs", { batchSize: 20 }), handler })',
      { aws: { functions: { a: { source: "logs" } } } },
      [
        "aws    partial failure  A batch has one verdict: when one record fails, all of up to 20 come again.",
        "retry            By default two more tries; then the event is dropped, unless an on-failure destination is set.",
        "azure  partial failure  A batch has one verdict: when one record fails, all of up to 20 come again.",
        "retry            By default for ever, by a policy of this adapter; the host would go on and lose the batch.",
        "gcp    batch            One record at a time; batches of 20 are declared.",
        "ordering         Order holds for the records of one key, and there are no partitions.",
        "retry            By default a push subscription delivers again at once, until the message is done or its retention of 7 days ends.",
        "node   partial failure  A batch has one verdict: when one record fails, all of up to 20 come again.",
      ],
    ],
    "bodies, paths and CORS": [
      'a = defineFunction({ trigger: http.put("/files/{name+}", { cors: { origins: "*" } }), handler })',
      {},
      [
        "aws    size  A body has at most 6 MiB, 4.5 MiB where it is no text.",
        "cors  The function answers it. Leave the platform's own CORS off: with both, headers come twice.",
        "azure  size  A body has at most 100 MiB.",
        "cors  The function answers it. Leave the platform's own list of origins empty: it would answer preflights first.",
        "gcp    size  A body has at most 32 MiB.",
        "path  The function has an address of its own, and /files/{name+} stands behind it: other functions have other addresses.",
        "node   size  A body has at most 6 MiB.",
      ],
    ],
    "streaming that one target's settings ask for": [
      'a = defineFunction({ trigger: http.get("/"), handler })',
      { aws: { functions: { a: { streaming: true } } } },
      [
        "aws    streaming  A streamed answer has at most 200 MB.",
        "azure  streaming  An answer is sent in one piece unless `streaming` is set in targets.azure, which holds for the whole app.",
      ],
    ],
    "schedules, translated": [
      'a = defineFunction({ trigger: schedule("*/20 6 * * MON-FRI"), handler })',
      {},
      [
        "aws    runs as   cron(0,20,40 6 ? * 2,3,4,5,6 *) in UTC",
        "retry     By default 185 more tries within 24 hours; then the tick is dropped.",
        "azure  runs as   0 0-59/20 6 * * 1,2,3,4,5 in UTC",
        "retry     By default none; the next tick comes as planned.",
        "gcp    runs as   0-59/20 6 * * 1,2,3,4,5 in UTC",
        "retry     By default a failed tick is not run again unless the job is given 1 to 5 retries.",
        "node   runs as   */20 6 * * MON-FRI in UTC",
        "schedule  The target keeps no clock: something else sends each tick.",
      ],
    ],
    "actions of objects": [
      'a = defineFunction({ trigger: storage("images", { on: ["created", "metadata"] }), handler })',
      {},
      [
        "aws    retry    By default two more tries; then the event is dropped, unless an on-failure destination is set.",
        "azure  retry    By default 30 tries in 24 hours.",
        "actions  `metadata` is not told; `created`, `deleted`, `archived` is.",
        "gcp    retry    By default a failed event is dropped unless the trigger is deployed with retries, which then go on for 24 hours.",
      ],
    ],
    "documents as they were before": [
      'a = defineFunction({ trigger: changes("users", { batchSize: 1, on: ["created", "updated"] }), handler })',
      { aws: {}, gcp: {} },
      [
        "aws    retry     By default until the record expires after 24 hours, which blocks its shard.",
        "azure  retry     By default for ever, by a policy of this adapter; the host would go on and lose the batch.",
        "actions   `created` is not told; `updated` is.",
        "before    A document comes without what it was `before`.",
        "gcp    ordering  A change may arrive before an earlier one; `sequence` tells their order.",
        "retry     By default a failed event is dropped unless the trigger is deployed with retries, which then go on for 24 hours.",
      ],
    ],
  };

  it.each(Object.entries(cases))("%s", async (_title, [declaration, config, expected]) => {
    const { code, stderr, lines } = await check([declaration], { config });
    expect(detailsOf(lines)).toEqual(expected);
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("says nothing of a function that no target treats otherwise", async () => {
    const { lines } = await check([
      'a = defineFunction({ trigger: http.get("/"), handler })',
      'b = defineFunction({ trigger: http.post("/", { body: z.string() }), handler })',
      "c = defineFunction({ trigger: direct(), handler })",
    ]);
    expect(lines).toEqual([
      "function  trigger  aws    azure  gcp    node",
      "a         http     works  works  works  works",
      "b         http     works  works  works  works",
      "c         direct   works  works  works  works",
    ]);
  });

  it("has one size of batches for an app on Azure", async () => {
    const { lines } = await check(
      [
        'a = defineFunction({ trigger: stream("clicks", { batchSize: 10 }), handler })',
        'b = defineFunction({ trigger: stream("visits", { batchSize: 500 }), handler })',
      ],
      { args: ["--target", "azure"] },
    );
    expect(lines[5]).toBe(
      "  azure  batch            Up to 500 records at once, the largest batchSize of the app's functions; 10 are declared.",
    );
    expect(lines.filter((line) => line.includes("batchSize"))).toHaveLength(1);
  });
});

describe("what a target refuses", () => {
  it("says where, why, and who takes it, and ends with 1", async () => {
    const { code, lines, stderr } = await check(
      [
        'nightly = defineFunction({ trigger: schedule("0 2 * * *", { timeZone: "Europe/Berlin" }), handler })',
        'either = defineFunction({ trigger: schedule("0 2 1 * MON"), handler })',
        'changed = defineFunction({ trigger: storage("images", { on: ["metadata"] }), handler })',
        'large = defineFunction({ trigger: http.get("/large"), memory: 8192, handler })',
        'slow = defineFunction({ trigger: http.get("/slow"), timeout: 600, handler })',
      ],
      { args: ["--target", "aws,azure"] },
    );
    expect(lines).toEqual([
      "function  trigger   aws                   azure",
      "nightly   schedule  works, 2 differences  refused",
      "either    schedule  refused               refused",
      "changed   storage   works, 1 difference   refused",
      "large     http      works                 refused",
      "slow      http      works, 1 difference   refused",
      "",
      "src/functions.ts:6:14  nightly",
      "  aws    runs as   cron(0 2 * * ? *) in Europe/Berlin",
      "         retry     By default 185 more tries within 24 hours; then the tick is dropped.",
      "         schedule  In Europe/Berlin a time that the clocks leave out is skipped, one that they repeat runs once.",
      '  azure  refused   The schedule "0 2 * * *" is in the time zone Europe/Berlin, and timers on Linux plans run in UTC. Write it in UTC.',
      "         instead   aws takes it.",
      "",
      "src/functions.ts:7:14  either",
      '  aws    refused  EventBridge cannot restrict the day of the month and the day of the week at once, as "0 2 1 * MON" does. Declare two schedules.',
      '  azure  refused  The schedule "0 2 1 * MON" names days of the month and of the week: cron runs on either, Azure only where both meet. Declare two schedules.',
      "",
      "src/functions.ts:8:14  changed",
      "  aws    retry    By default two more tries; then the event is dropped, unless an on-failure destination is set.",
      "  azure  refused  It tells nothing that the function runs for. It tells created, deleted, archived: name one of these in `on`.",
      "         instead  aws takes it.",
      "",
      "src/functions.ts:9:14  large",
      "  azure  refused  An app has at most 4096 MiB of memory, and 8192 are declared. Declare less.",
      "         instead  aws takes it.",
      "",
      "src/functions.ts:10:14  slow",
      "  aws    path     The function has an address of its own, and /slow stands behind it: other functions have other addresses.",
      "  azure  refused  Azure waits 230 s for an answer, and its timeout is 600 s. Shorten it, or hand the work to a queue.",
      "         instead  aws takes it.",
    ]);
    expect([code, stderr]).toEqual([
      1,
      "error: 5 functions are refused: nightly, either, changed, large, slow.\n",
    ]);
  });

  it("refuses the same in a build, with the same words", async () => {
    using project = createProject(
      {
        "src/functions.ts": `${CORE}export const a = defineFunction({ trigger: storage("x", { on: ["metadata"] }), handler });`,
      },
      PACKAGES,
    );
    const args = ["--cwd", project.dir, "--target", "azure"];
    const [built, checked] = await Promise.all([
      anyfn(["build", ...args]),
      anyfn(["check", ...args, "--json"]),
    ]);
    const [fn] = (JSON.parse(checked.stdout) as Portability).functions;
    const [reason] = fn?.targets[0]?.reasons ?? [];
    expect(reason).toMatch(/^it tells nothing that the function runs for/);
    expect([built.code, built.stderr]).toEqual([1, `error: src/functions.ts:6:14  a on azure: ${reason}\n`]);
    expect([checked.code, checked.stderr]).toEqual([1, "error: 1 function is refused: a.\n"]);
  });

  it("tells a trigger that a target does not have from settings that belong to no function", async () => {
    using project = createProject(
      {
        ...FAKE_ADAPTER,
        "anyfn.config.ts": "export default { targets: { fake: {}, aws: { functions: { gone: {} } } } };",
        "src/functions.ts": `${CORE}export const a = defineFunction({ trigger: queue("x"), handler });`,
      },
      PACKAGES,
    );
    const { code, stdout, stderr } = await anyfn(["check", "--cwd", project.dir]);
    expect([code, stderr]).toEqual([1, "error: 1 function is refused: a.\n"]);
    expect(stdout.split("\n")).toEqual([
      "function  trigger  fake     aws",
      "a         queue    refused  works",
      "",
      "src/functions.ts:6:14  a",
      "  fake  refused  It has no queue trigger. Use a target with queues.",
      "        instead  aws takes it.",
      "",
      'aws: The settings name a function "gone", which is not there. Its names are in kebab-case.',
      "",
    ]);
    const alone = await anyfn(["check", "--cwd", project.dir, "--target", "aws"]);
    expect([alone.code, alone.stderr]).toEqual([1, "error: 1 setting cannot be used.\n"]);
  });
});

describe("targets", () => {
  const check = async (target: string) => {
    using project = createProject(
      { "src/functions.ts": `${CORE}export const a = defineFunction({ trigger: http.get("/"), handler });` },
      ["@anyfn/core", "@anyfn/node", "zod"],
    );
    return await anyfn(["check", "--cwd", project.dir, "--target", target]);
  };

  it.each([
    [
      "aws",
      1,
      'The target "aws" is not installed. Install it: npm install --save-dev @anyfn/aws\nInstalled: "node".',
    ],
    [
      "awz",
      1,
      'There is no target "awz". Did you mean "aws"? Known: "aws", "azure", "gcp", "node". Installed: "node".\n' +
        "Correct the name, or install the target's package: npm install --save-dev @anyfn/<target>",
    ],
    ["aws,", 2, "--target needs names, separated by commas: --target aws,node"],
  ])("%s ends with what to do", async (target, code, message) => {
    expect(await check(target)).toEqual({ code, stdout: "", stderr: `error: ${message}\n` });
  });

  it("are those that are installed where none is configured", async () => {
    using project = createProject(
      { "src/functions.ts": `${CORE}export const a = defineFunction({ trigger: http.get("/"), handler });` },
      ["@anyfn/core", "@anyfn/node", "zod"],
    );
    const { code, stdout } = await anyfn(["check", "--cwd", project.dir]);
    expect([code, stdout]).toEqual([0, "function  trigger  node\na         http     works\n"]);
  });
});

describe("anyfn build", () => {
  it("names the command where something differs, in one line", async () => {
    using project = createProject(
      { "src/functions.ts": `${CORE}export const a = defineFunction({ trigger: queue("x"), handler });` },
      PACKAGES,
    );
    const { code, stdout } = await anyfn(["build", "--cwd", project.dir, "--target", "gcp"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\n\n1 function works with a difference: see anyfn check\n\nBuilt 1 artifact in /);
  });
});

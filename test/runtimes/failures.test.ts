import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "@anyfn/build";
import { nameFunctions } from "@anyfn/core/adapter";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as app from "./failing-app/src/functions.ts";
import { startNodeServer } from "./hosts/index.ts";
import { type RunningTarget, startTarget, TARGETS, type Target } from "./targets.ts";

const functions = nameFunctions(app);
const scratch = mkdtempSync(join(tmpdir(), "anyfn-failures-"));

beforeAll(async () => {
  await build({ cwd: join(import.meta.dirname, "failing-app"), targets: TARGETS, outDir: scratch });
}, 60_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function start(target: Target, env: Readonly<Record<string, string>> = {}): Promise<RunningTarget> {
  return startTarget(target, { directory: join(scratch, target), functions, env, timeoutMs: 8000 });
}

const KINDS = ["fates", "jobs"] as const;
type Kind = (typeof KINDS)[number];

/** What the hosts say of an invocation whose process is gone. */
const ENDED = /ended with exit code 1\b|ECONNREFUSED|socket hang up/;

/** Whether the provider takes an invocation for done: a request by its status, an event by its source's verdict. */
function succeeds(running: RunningTarget, kind: Kind, fate: string): Promise<boolean> {
  return unlessEnded(async () => {
    if (kind === "fates") return isAnswered(running, `/fates/${fate}`);
    const events = [{ id: "m-1", data: { fate }, attributes: {} }];
    const [verdict] = await running.deliver("jobs", { trigger: "queue", events });
    return verdict?.status === "done";
  });
}

async function isAnswered(running: RunningTarget, url: string): Promise<boolean> {
  return (await running.request({ method: "GET", url })).status === 200;
}

async function unlessEnded(attempt: () => Promise<boolean>): Promise<boolean> {
  try {
    return await attempt();
  } catch (error) {
    // The process ended under the invocation, which the provider reports as failed.
    if (ENDED.test(String(error))) return false;
    throw error;
  }
}

/** A log line in the same words for every target. */
interface Line {
  readonly level: string;
  readonly message: string;
  /** Azure and Cloud Logging file a line under its function by themselves. */
  readonly functionName: unknown;
  readonly invocationId: string | undefined;
  readonly error: string | undefined;
}

const LEVELS = ["level", "severity"];

function linesOf(running: RunningTarget): Line[] {
  const lines = running.logs().match(/\{.*\}$/gm) ?? [];
  return lines.map((text) => {
    const line = JSON.parse(text) as Record<string, unknown>;
    const labels = line["logging.googleapis.com/labels"] as Record<string, string> | undefined;
    return {
      level: String(LEVELS.map((name) => line[name]).find((value) => value !== undefined)).toLowerCase(),
      message: String(line.message),
      functionName: line.functionName ?? line.function,
      // Lambda calls it the request's, Cloud Logging the execution's.
      invocationId: (labels?.execution_id ?? line.invocationId ?? line.requestId) as string | undefined,
      error: line.error === undefined ? undefined : JSON.stringify(line.error),
    };
  });
}

/** What the target says of an invocation that failed: a line of ours, under the id under which the handler logged. */
function failureOf(running: RunningTarget): Line | undefined {
  const lines = linesOf(running);
  const { invocationId } = lines.find(({ message }) => message === "meeting") as Line;
  return lines.find((line) => /error|fatal|critical/.test(line.level) && line.invocationId === invocationId);
}

describe.concurrent.each(TARGETS)("on %s", (target) => {
  test("an error right behind an answer takes the answer's place", async ({ expect }) => {
    await using running = await start(target);
    // Azure's library works on without a turn, so that its answer is on the way before anything else runs.
    expect(await unlessEnded(() => isAnswered(running, "/hasty"))).toBe(target === "azure");
    await expect.poll(() => running.logs()).toContain("thrown behind an answer");
  });

  describe.each(KINDS)("%s", (kind) => {
    test.for([
      ["floating", "nobody waits for this"],
      ["timer", "thrown by a timer"],
    ] as const)(
      "work that nobody waits for fails the invocation: %s",
      async ([fate, message], { expect }) => {
        await using running = await start(target);
        expect(await succeeds(running, kind, fate)).toBe(false);
        await expect.poll(() => running.logs()).toContain(message);
        // The worker of Azure writes the error, and its host which invocations failed with it.
        if (target === "azure") expect(running.logs()).toContain("Worker uncaught exception");
        else await expect.poll(() => failureOf(running)).toBeDefined();
        if (target === "aws" || target === "node") expect(failureOf(running)?.functionName).toBe(kind);
        // The framework of Google Cloud keeps its process; elsewhere it is another that takes the next invocation.
        await using next = target === "gcp" ? undefined : await start(target);
        expect(await succeeds(next ?? running, kind, "done")).toBe(true);
      },
    );

    test("what fails after an invocation is logged, and takes nothing back", async ({ expect }) => {
      await using running = await start(target);
      expect(await succeeds(running, kind, "later")).toBe(true);
      await expect.poll(() => running.logs()).toContain("rejected later");
      if (target === "gcp") expect(await succeeds(running, kind, "done")).toBe(true);
      else await expect.poll(() => succeeds(running, kind, "done")).toBe(false);
      await using next = await start(target);
      expect(await succeeds(next, kind, "done")).toBe(true);
    });

    test("a handler that never ends fails at its deadline, and the next one runs", async ({ expect }) => {
      await using running = await start(target);
      expect(await succeeds(running, kind, "hang")).toBe(false);
      await expect.poll(() => failureOf(running)?.error).toContain("ran past the deadline");
      expect(await succeeds(running, kind, "done")).toBe(true);
    });

    test("an asynchronous start that fails once fails one invocation", async ({ expect }) => {
      await using running = await start(target);
      expect(await succeeds(running, kind, "init")).toBe(false);
      await expect.poll(() => failureOf(running)?.error).toContain("the database is not up yet");
      expect(await succeeds(running, kind, "init")).toBe(true);
    });

    test("a module that throws at its start is reported, and the next process works", async ({ expect }) => {
      const env = { BROKEN_UNTIL: join(scratch, `${target}-${kind}`) };
      const failed = start(target, env).then((running) => attemptOn(running, kind));
      await expect(failed).rejects.toThrow("the settings are not there");
      await using running = await start(target, env);
      expect(await succeeds(running, kind, "done")).toBe(true);
    });
  });
});

/** For a process that does not start: it says why with the error of its first invocation. */
async function attemptOn(running: RunningTarget, kind: Kind): Promise<unknown> {
  await using _ = running;
  if (kind === "fates") return await running.request({ method: "GET", url: "/fates/done" });
  return await running.deliver("jobs", {
    trigger: "queue",
    events: [{ id: "m-1", data: { fate: "done" }, attributes: {} }],
  });
}

describe("a crash of the Node server", () => {
  const get = (fate: string) => ({ method: "GET", url: `/fates/${fate}` });
  const post = (fate: string) => ({
    method: "POST",
    url: "/_events/jobs",
    headers: [["content-type", "application/cloudevents+json"]] as const,
    body: Buffer.from(
      JSON.stringify({
        specversion: "1.0",
        id: "m-1",
        source: "/tests",
        type: "example.job",
        data: { fate },
      }),
    ),
  });

  test.each(["floating", "timer"])(
    "drops no other request, takes back events, and exits with 1: %s",
    async (fate) => {
      await using host = await startNodeServer(join(scratch, "node/server.mjs"));
      const slow = [host.request(get("slow")), host.request(get("slow")), host.request(post("slow"))];
      await expect.poll(() => host.logs().match(/"meeting"/g)).toHaveLength(3);
      const culprit = host.request(get(fate));
      const answers = await Promise.all([...slow, culprit]);
      // Which of several requests it was is not known; an event that was on its way may be delivered again at no loss.
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 500, 200]);
      for (const { headers } of answers) expect(headers).toContainEqual(["connection", "close"]);
      expect(await host.exited).toEqual({ code: 1, signal: null });
      const line = host.logs().match(/^.*"CRITICAL".*$/m)?.[0] ?? "{}";
      const { inFlight } = JSON.parse(line) as { inFlight: { function: string; invocationId: string }[] };
      expect(inFlight.map((one) => one.function).sort()).toEqual(["fates", "fates", "fates", "jobs"]);
    },
  );
});

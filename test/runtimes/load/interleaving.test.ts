import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "@anyfn/build";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COUNT, type Crowd, crowdOf, type Seen, STEPS, traceIdOf } from "./crowd.ts";

const scratch = mkdtempSync(join(tmpdir(), "anyfn-interleaving-"));
const crowds = new Map<string, Crowd>();
const TARGETS = ["azure", "gcp", "node"] as const;

beforeAll(async () => {
  await build({ cwd: join(import.meta.dirname, "../load-app"), targets: [...TARGETS], outDir: scratch });
  await Promise.all(TARGETS.map(async (target) => crowds.set(target, await crowdOf(target, scratch))));
}, 60_000);

afterAll(async () => {
  await Promise.all([...crowds.values()].map((crowd) => crowd[Symbol.asyncDispose]()));
  rmSync(scratch, { recursive: true, force: true });
});

describe.each(TARGETS)(`${COUNT} invocations at once on %s`, (target) => {
  const crowd = (): Crowd => crowds.get(target) as Crowd;
  const ids = Array.from({ length: COUNT }, (_, id) => id);

  test("requests never see each other's event, context or log", async () => {
    const seen = await Promise.all(ids.map((id) => crowd().request(id)));
    for (const id of ids) expect(seen[id]?.ids).toEqual([id, id, id, id, id]);
    await expectOwn(seen, (id) => crowd().requestId(id));
  });

  test("events never see each other's message, context or log", async () => {
    await Promise.all(ids.map((id) => crowd().deliver(id)));
    const walked = await crowd().lines("jobs", COUNT * (STEPS + 1) + COUNT / 10);
    const seen = walked.flatMap((line) => (line.seen === undefined ? [] : [line.seen]));
    seen.sort((a, b) => Number(a.id) - Number(b.id));
    expect(seen.map(({ messageId }) => messageId)).toEqual(ids.map((id) => `m-${id}`));
    await expectOwn(seen, (id) => crowd().eventId(id));
  });

  /** Each invocation kept what was its own throughout, nobody else had it, and its log lines are under its id. */
  async function expectOwn(seen: readonly Seen[], idOf: (id: number) => Partial<Seen>): Promise<void> {
    for (const [id, one] of seen.entries()) {
      expect(one).toMatchObject({
        traceId: traceIdOf(id),
        aborted: false,
        stable: true,
        env: "load",
        ...idOf(id),
      });
    }
    expect(new Set(seen.map(({ invocationId }) => invocationId)).size).toBe(COUNT);
    const functionName = String(seen[0]?.functionName);
    const lines = await crowd().lines(functionName, COUNT * STEPS + COUNT / 10);
    const steps = lines.filter(({ message }) => message === "step");
    expect(steps).toHaveLength(COUNT * STEPS);
    for (const { id, invocationId, traceId } of steps) {
      const own = seen[Number(id)];
      expect({ invocationId, traceId }).toEqual({ invocationId: own?.invocationId, traceId: own?.traceId });
    }
    const background = lines.filter(({ message }) => message === "Background work failed.");
    expect(background).toHaveLength(COUNT / 10);
    for (const { error, invocationId } of background) {
      const id = Number(/^background of (\d+)$/.exec(error?.message ?? "")?.[1]);
      expect(invocationId).toBe(seen[id]?.invocationId);
    }
  }
});
